// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
public import Identity
import Protocols

/// Says what a signed token is worth that a request brought along.
///
/// A token is one of the gate's own, or of an authorization server that the operator registered. It is never stronger than
/// a token: what the connection itself proves is the caller's to add.
public protocol AccessTokenJudge: Sendable {
    /// Judges a token.
    ///
    /// - Parameters:
    ///   - directory: Who is known.
    ///   - time: Unix seconds.
    ///   - done: Called once, later and on any thread, where the keys have to be fetched first.
    /// - Returns: `nil` when `done` will be called.
    func judge(
        _ presented: PresentedToken, directory: AgentDirectory, at time: Int64,
        then done: @escaping @Sendable (Result<AcceptedToken, TokenRefusal>) -> Void
    ) -> Result<AcceptedToken, TokenRefusal>?

    /// Counts a call of a token that is good for so many; whether it may be made.
    func admitCall(of token: AcceptedToken, at time: Int64) -> Bool
}

/// A signed token, and what it is held against.
public struct PresentedToken: Sendable {
    /// The token as it was sent. A secret.
    public var token: [UInt8]
    /// Whether it was shown with the scheme `DPoP`.
    public var hasProofScheme: Bool
    /// The proofs that came along (RFC 9449): the values of the fields `DPoP`.
    public var proofs: [[UInt8]]
    /// The method of the request.
    public var method: String
    /// The URI of the request as the client knows it, without query.
    public var target: String
    /// SHA-256 of the certificate of the connection, where there is one that stands.
    public var certificateThumbprint: [UInt8]?
    /// The resources that are meant: the one that is asked for.
    public var resources: [ProtectedResource]
}

extension PresentedToken: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What a token that is good says of a request.
public struct AcceptedToken: Sendable {
    /// What it is good for.
    public enum Reach: Sendable {
        /// One tool, perhaps with these arguments only, perhaps for so many calls.
        case call(ToolCall)
        /// What needs no scopes but these.
        case scopes([String])
    }

    /// Who is asking, as strongly as a token can say it.
    public var identity: VerifiedIdentity
    /// What it is good for.
    public var reach: Reach
    /// On whose behalf the agent asks, where the token says it and belongs to no task.
    public var person: Person?
    /// Who delegated to the agent, nearest first.
    public var delegators: [SPIFFEID] = []
    /// The task to which everything belongs that is done with it.
    public var task: TaskID?
    /// `iss` and `jti`, by which its calls are counted.
    public var issuer: String
    /// See ``issuer``.
    public var tokenID: String
    /// When it ends, in Unix seconds.
    public var expiry: Int64

    /// Describes a token.
    public init(identity: VerifiedIdentity, reach: Reach, issuer: String, tokenID: String, expiry: Int64) {
        self.identity = identity
        self.reach = reach
        self.issuer = issuer
        self.tokenID = tokenID
        self.expiry = expiry
    }

    /// Whether its calls are counted.
    var isCounted: Bool {
        if case .call(let call) = reach { call.maximumCalls != nil } else { false }
    }

    /// The scopes that an operation needs and that are not among the token's; `nil` when nothing is missing.
    func missing(
        for operation: Operation, of service: String, _ resource: ProtectedResource?
    ) -> TokenNeed? {
        switch reach {
        case .call(let call):
            // Nothing is done by a step of the protocol.
            guard operation.name != .session else { return nil }
            let wanted = ToolCall(server: service, tool: operation.tool ?? ":\(operation.name.rawValue)")
            guard call.server.utf8.elementsEqual(service.utf8), call.tool.utf8.elementsEqual(wanted.tool.utf8) else {
                return TokenNeed(scopes: [wanted.scope], detail: "the token is for another call")
            }
            if let hash = call.argumentsHash, !operation.isInquiry {
                let arguments = operation.arguments ?? .object(JSONObject())
                guard hash == ToolToken.argumentsHash(arguments) else {
                    return TokenNeed(scopes: [wanted.scope], detail: "the token is for other arguments")
                }
            }
            return nil
        case .scopes(let scopes):
            // What another scope would open is listed, so that a client can ask for the scope.
            guard !operation.isInquiry else { return nil }
            let needed = resource?.scopes(for: operation) ?? []
            let isMissing = needed.contains { scope in !scopes.contains { $0.utf8.elementsEqual(scope.utf8) } }
            return isMissing ? TokenNeed(scopes: needed, detail: "the token has not every scope that is needed") : nil
        }
    }
}

/// What a token would need to be good for an operation.
struct TokenNeed {
    /// Every scope that is needed now.
    let scopes: [String]
    let detail: String
}

/// Why a token is not accepted.
public struct TokenRefusal: Error, Sendable {
    /// Why.
    public let reason: ReasonCode
    /// What is wrong, with nothing of the token.
    public let detail: String
    /// Whether the proof beside the token is at fault.
    public let isAboutProof: Bool

    /// Says why.
    public init(_ reason: ReasonCode, _ detail: String, isAboutProof: Bool = false) {
        self.reason = reason
        self.detail = detail
        self.isAboutProof = isAboutProof
    }
}
