// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds the calls in the parts of answers that are complete.
struct ModelPartReader: Sendable {
    let limits: ModelLimits
    private let calls: ModelToolCallReader

    /// Names that have a meaning in an answer, for a search for others that differ by case.
    static let known = MemberNames([
        "choices", "message", "delta", "tool_calls", "function_call", "function", "custom", "name", "arguments",
        "input",
        "id", "call_id", "type", "index", "content", "content_block", "output", "output_index", "item", "item_id",
        "response", "usage", "finish_reason", "partial_json", "error",
    ])

    init(limits: ModelLimits) {
        self.limits = limits
        calls = ModelToolCallReader(limits: limits)
    }

    /// An object none of whose names passes for another.
    func object(_ value: JSONValue?) throws(ModelRefusalReason) -> JSONObject {
        guard let object = value?.object else { throw .structure }
        guard !Self.known.hasLookalike(in: object) else { throw .ambiguousName }
        return object
    }

    /// A list, or none.
    func list(_ value: JSONValue?, limit: Int) throws(ModelRefusalReason) -> [JSONValue] {
        guard let value, !value.isNull else { return [] }
        guard let elements = value.array else { throw .structure }
        guard elements.count <= limit else { throw .tooManyCalls }
        return elements
    }

    /// The calls of a message of chat completions.
    func chatMessage(_ value: JSONValue?) throws(ModelRefusalReason) -> [ModelToolCall] {
        let message = try object(value)
        var output: [ModelToolCall] = []
        for element in try list(message["tool_calls"], limit: limits.calls) {
            let call = try object(element)
            let id = try calls.id(call["id"])
            switch ModelText.word(call["type"]) {
            case "function" where call["custom"] == nil:
                let function = try object(call["function"])
                output.append(
                    ModelToolCall(
                        id: id, name: try calls.name(function["name"]),
                        arguments: try argumentText(function["arguments"]),
                        isHosted: false))
            case "custom" where call["function"] == nil:
                let custom = try object(call["custom"])
                output.append(
                    ModelToolCall(
                        id: id, name: try calls.name(custom["name"]), arguments: try freeText(custom["input"]),
                        isHosted: false))
            default: throw .callType
            }
        }
        if let value = message["function_call"], !value.isNull {
            let function = try object(value)
            output.append(
                ModelToolCall(
                    id: "", name: try calls.name(function["name"]), arguments: try argumentText(function["arguments"]),
                    isHosted: false))
        }
        return output
    }

    /// The call of an output item of the responses interface; nil for an item that is none. An item of a type that is
    /// not known counts as a call by the name of its type.
    func item(_ value: JSONValue?) throws(ModelRefusalReason) -> ModelToolCall? {
        let item = try object(value)
        guard let type = ModelText.word(item["type"]) else { throw .structure }
        switch type {
        case "message", "reasoning", "compaction", "mcp_list_tools": return nil
        case "function_call":
            return ModelToolCall(
                id: try calls.id(item["call_id"]), name: try calls.name(item["name"]),
                arguments: try argumentText(item["arguments"]), isHosted: false)
        case "custom_tool_call":
            return ModelToolCall(
                id: try calls.id(item["call_id"]), name: try calls.name(item["name"]),
                arguments: try freeText(item["input"]), isHosted: false)
        default:
            let hosted = [
                "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call",
                "mcp_approval_request",
            ]
            return ModelToolCall(
                id: try calls.id(item["call_id"] ?? item["id"]), name: try calls.name(.string(Self.toolName(type))),
                arguments: .object(item), isHosted: hosted.contains { $0.utf8.elementsEqual(type.utf8) })
        }
    }

    private static func toolName(_ type: String) -> String {
        type.hasSuffix("_call") && type.utf8.count > 5 ? String(type.dropLast(5)) : type
    }

    /// Whether a content block of the messages interface holds no call. One of a type that is not known may.
    static func isInert(block type: String) -> Bool {
        switch type {
        case "text", "thinking", "redacted_thinking", "compaction": true
        default: type.hasSuffix("_tool_result")
        }
    }

    /// The call of a content block of the messages interface; nil for a block that is none.
    ///
    /// - Parameter streamed: The input that came in pieces, where it did.
    func block(_ value: JSONValue?, streamed: [UInt8]? = nil) throws(ModelRefusalReason) -> ModelToolCall? {
        let block = try object(value)
        guard let type = ModelText.word(block["type"]) else { throw .structure }
        if Self.isInert(block: type) { return nil }
        switch type {
        case "tool_use", "server_tool_use", "mcp_tool_use":
            let arguments: JSONValue
            if let streamed {
                // A client may begin with the input of the start; it must then have none.
                guard block["input"].map({ $0.object?.isEmpty ?? false }) ?? true else { throw .callChanged }
                arguments = try calls.arguments(streamed)
            } else {
                guard let input = block["input"] else { throw .arguments }
                guard ModelText.bytes(in: input) <= limits.argumentBytes else { throw .argumentsTooLarge }
                arguments = try calls.arguments(input)
            }
            let isClients = type.utf8.elementsEqual("tool_use".utf8)
            return ModelToolCall(
                id: try calls.id(block["id"]), name: try calls.name(block["name"]), arguments: arguments,
                isHosted: !isClients)
        default:
            guard streamed == nil else { throw .callType }
            return ModelToolCall(
                id: try calls.id(block["id"] ?? block["type"]), name: try calls.name(.string(type)),
                arguments: .object(block), isHosted: false)
        }
    }

    private func argumentText(_ value: JSONValue?) throws(ModelRefusalReason) -> JSONValue {
        guard let text = value?.string else { throw .arguments }
        return try calls.arguments(Array(text.utf8))
    }

    private func freeText(_ value: JSONValue?) throws(ModelRefusalReason) -> JSONValue {
        guard let text = value?.string else { throw .arguments }
        return try calls.freeText(text)
    }
}
