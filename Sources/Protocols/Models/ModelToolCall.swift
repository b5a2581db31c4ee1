// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A call of a tool that a model asks for, complete.
public struct ModelToolCall: Sendable, Hashable {
    /// The identifier; empty for a call of the old form, which has none.
    public let id: String
    /// The tool.
    public let name: String
    /// The arguments: an object.
    public let arguments: JSONValue
    /// Whether the provider runs the tool itself.
    public let isHosted: Bool

    /// Whether two calls are the same, bytewise.
    public static func == (left: ModelToolCall, right: ModelToolCall) -> Bool {
        left.id.utf8.elementsEqual(right.id.utf8) && left.name.utf8.elementsEqual(right.name.utf8)
            && left.arguments == right.arguments && left.isHosted == right.isHosted
    }

    /// Feeds identifier, name and arguments.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(utf8Of: id)
        hasher.combine(utf8Of: name)
        hasher.combine(arguments)
    }
}

/// What becomes of a call.
public enum ModelToolVerdict: Sendable, Hashable {
    /// It is passed on.
    case allow
    /// It is not, for a reason with this stable code, told to the client in this sentence.
    case deny(code: String, sentence: String)
}

/// Checks the parts of calls, and puts them together.
struct ModelToolCallReader: Sendable {
    let limits: ModelLimits

    /// A call's identifier.
    func id(_ value: JSONValue?) throws(ModelRefusalReason) -> String {
        guard let id = ModelText.word(value) else { throw .callID }
        return id
    }

    /// A tool's name.
    func name(_ value: JSONValue?) throws(ModelRefusalReason) -> String {
        guard let name = value?.string, MCPNames.isToolName(name) else { throw .callName }
        return name
    }

    /// Arguments that come as a text of JSON. None at all is an object without members.
    func arguments(_ text: [UInt8]) throws(ModelRefusalReason) -> JSONValue {
        guard text.count <= limits.argumentBytes else { throw .argumentsTooLarge }
        if text.isEmpty { return .object(JSONObject()) }
        let json = JSONLimits(bytes: limits.argumentBytes, values: 100_000, stringBytes: limits.argumentBytes)
        guard let value = try? JSONValue(parsing: text, limits: json) else { throw .arguments }
        return try arguments(value)
    }

    /// Arguments that come as a value.
    func arguments(_ value: JSONValue) throws(ModelRefusalReason) -> JSONValue {
        guard value.object != nil, !MemberNames.hasAmbiguity(value) else { throw .arguments }
        return value
    }

    /// The arguments of a tool whose input is free text.
    func freeText(_ text: String) throws(ModelRefusalReason) -> JSONValue {
        guard text.utf8.count <= limits.argumentBytes else { throw .argumentsTooLarge }
        return ["input": .string(text)]
    }
}
