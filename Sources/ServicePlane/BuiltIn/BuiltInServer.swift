// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
public import Protocols

/// A server of tools that is part of the gate. Agents call it as any other MCP server, and its tool at an address of its own
/// as plain HTTP; nothing is dialled, and what it is told beside a call comes from the gate alone.
public protocol BuiltInServer: Sendable {
    /// Who it is, in the words of MCP.
    var information: BuiltInInformation { get }

    /// Reads the arguments of a call, strictly.
    func prepare(tool: String, arguments: JSONObject) throws(BuiltInRefusal) -> BuiltInCall

    /// What speaks against a call that the policy allows; `nil` for nothing.
    ///
    /// - Parameter terms: What grants and policy demand.
    func object(to call: BuiltInCall, under terms: [SandboxTerms]) -> BuiltInRefusal?

    /// Does the call. A cancelled task ends it, and nothing of it is left when this returns.
    ///
    /// - Parameters:
    ///   - terms: What grants and policy demand; the call is narrowed to them, or refused.
    ///   - listener: Told of output as it comes, one piece after the other.
    func run(
        _ call: BuiltInCall, under terms: [SandboxTerms], listener: BuiltInListener?
    ) async throws(BuiltInRefusal) -> BuiltInOutcome
}

/// Hears what a call writes while it runs: the name of the stream, and a piece.
public typealias BuiltInListener = @Sendable (String, [UInt8]) -> Void

/// What clients are told of a server of the gate's own.
public struct BuiltInInformation: Sendable {
    /// Its name.
    public var name: String
    /// Its version.
    public var version: String
    /// How a model is to use it.
    public var instructions: String
    /// The definitions of its tools.
    public var tools: [JSONValue]
    /// The tool that is also called as plain HTTP.
    public var plainTool: String
    /// The path at which it is.
    public var plainPath: String

    /// Describes a server.
    public init(
        name: String, version: String, instructions: String, tools: [JSONValue], plainTool: String, plainPath: String
    ) {
        self.name = name
        self.version = version
        self.instructions = instructions
        self.tools = tools
        self.plainTool = plainTool
        self.plainPath = plainPath
    }
}

/// A call whose arguments were read.
public struct BuiltInCall: Sendable {
    /// The arguments as grants and policies see them.
    public var facts: JSONValue
    /// What the server made of them.
    public var job: any Sendable

    /// A call.
    public init(facts: JSONValue, job: any Sendable) {
        self.facts = facts
        self.job = job
    }
}

/// What a call came to.
public struct BuiltInOutcome: Sendable {
    /// What it brought, in fields.
    public var fields: JSONObject
    /// The same for a reader.
    public var text: String
    /// Whether a model is to take it for a failure of the call.
    public var isError: Bool
    /// The cause of the record about it.
    public var cause: String
    /// What the record says, without any content.
    public var summary: String

    /// An outcome.
    public init(fields: JSONObject, text: String, isError: Bool, cause: String, summary: String) {
        self.fields = fields
        self.text = text
        self.isError = isError
        self.cause = cause
        self.summary = summary
    }
}

/// Why a call is not done.
public struct BuiltInRefusal: Error, Sendable {
    /// The code.
    public let reason: ReasonCode
    /// What happened and what to do.
    public let detail: String

    /// A refusal.
    public init(_ reason: ReasonCode, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
