// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the events of a streamed answer of the responses interface.
///
/// A call is an output item: complete when the item is done, and told again when the answer is. Every telling must be
/// the same.
struct ResponsesStreamReader: Sendable {
    /// An output item as its events arrive.
    private struct Item: Sendable {
        var start: JSONObject
        var isCall: Bool
        var text: [UInt8] = []
        var isClosed = false
    }

    private let limits: ModelLimits
    private let parts: ModelPartReader
    private var items: [Int: Item] = [:]
    private var openCalls = 0
    private var calls = 0
    private var judged: [[UInt8]: ModelToolCall] = [:]
    private var isDone = false

    /// The number of the latest event.
    private(set) var sequence: Int64 = 0

    init(limits: ModelLimits) {
        self.limits = limits
        parts = ModelPartReader(limits: limits)
    }

    mutating func take(_ type: String?, _ value: JSONValue?) throws(ModelRefusalReason) -> ModelEventOutcome {
        let root = try parts.object(value)
        guard let stated = ModelText.word(root["type"]), type.map({ $0.utf8.elementsEqual(stated.utf8) }) ?? true else {
            throw .eventType
        }
        guard !isDone else { throw .eventOrder }
        if let number = root["sequence_number"]?.integer, number >= 0, number < .max { sequence = number }
        var outcome = ModelEventOutcome()
        if let delta = root["delta"]?.string { outcome.textBytes = delta.utf8.count }
        switch stated {
        case "response.created", "response.queued", "response.in_progress":
            outcome.calls = try judgeAgain(root["response"])
        case "response.completed", "response.incomplete", "response.failed":
            guard openCalls == 0 else { throw .unfinished }
            outcome.calls = try judgeAgain(root["response"])
            outcome.usage = try ModelUsage(.responses, root["response"]?["usage"])
            outcome.isLast = true
        case "error":
            guard openCalls == 0 else { throw .unfinished }
            outcome.isLast = true
        case "response.output_item.added": try start(root)
        case "response.output_item.done": outcome.calls = try finish(root)
        case "response.function_call_arguments.delta":
            try add(root, type: "function_call")
        case "response.function_call_arguments.done":
            try compare(root, "arguments", type: "function_call")
        case "response.custom_tool_call_input.delta":
            try add(root, type: "custom_tool_call")
        case "response.custom_tool_call_input.done":
            try compare(root, "input", type: "custom_tool_call")
        default:
            if stated.utf8.split(separator: 0x2e).contains(where: {
                String(decoding: $0, as: UTF8.self).contains("_call")
            }) {
                _ = try openCall(root)
            } else if !Self.isText(stated) {
                outcome.placement = .dropped
            }
        }
        if outcome.isLast { isDone = true }
        outcome.hasOpenCalls = openCalls > 0
        return outcome
    }

    /// Whether events of this type carry text or sources only.
    private static func isText(_ type: String) -> Bool {
        [
            "response.content_part.", "response.output_text.", "response.refusal.", "response.reasoning_",
            "response.audio.", "response.mcp_list_tools.",
        ].contains { type.utf8.starts(with: $0.utf8) }
    }

    private mutating func start(_ root: JSONObject) throws(ModelRefusalReason) {
        let index = try ModelText.index(root["output_index"], below: limits.blocks)
        guard items[index] == nil else { throw .callIndex }
        let start = try parts.object(root["item"])
        let isCall = try isCall(start)
        if isCall { try count() }
        items[index] = Item(start: start, isCall: isCall)
    }

    private mutating func count() throws(ModelRefusalReason) {
        calls &+= 1
        openCalls &+= 1
        guard calls <= limits.calls else { throw .tooManyCalls }
    }

    private func isCall(_ item: JSONObject) throws(ModelRefusalReason) -> Bool {
        switch ModelText.word(item["type"]) {
        case nil: throw .structure
        case "message", "reasoning", "compaction", "mcp_list_tools": return false
        default: return true
        }
    }

    /// The open call that an event is about.
    private func openCall(_ root: JSONObject, type: String? = nil) throws(ModelRefusalReason) -> Int {
        let index = try ModelText.index(root["output_index"], below: limits.blocks)
        guard let item = items[index], item.isCall, !item.isClosed else { throw .callIndex }
        if let id = root["item_id"], let known = item.start["id"] {
            guard id == known else { throw .callIndex }
        }
        if let type { guard item.start["type"] == .string(type) else { throw .callType } }
        return index
    }

    private mutating func add(_ root: JSONObject, type: String) throws(ModelRefusalReason) {
        let index = try openCall(root, type: type)
        guard let delta = root["delta"]?.string else { throw .structure }
        guard let count = items[index]?.text.count, count &+ delta.utf8.count <= limits.argumentBytes else {
            throw .argumentsTooLarge
        }
        items[index]?.text.append(contentsOf: delta.utf8)
    }

    private mutating func compare(
        _ root: JSONObject, _ member: String, type: String
    ) throws(ModelRefusalReason) {
        let index = try openCall(root, type: type)
        guard let text = root[member]?.string, let item = items[index] else { throw .structure }
        guard item.text.isEmpty || item.text.elementsEqual(text.utf8) else { throw .callChanged }
        if let name = root["name"], !name.isNull, name != item.start["name"] { throw .callChanged }
        guard text.utf8.count <= limits.argumentBytes else { throw .argumentsTooLarge }
        items[index]?.text = Array(text.utf8)
    }

    private mutating func finish(_ root: JSONObject) throws(ModelRefusalReason) -> [ModelToolCall] {
        let index = try ModelText.index(root["output_index"], below: limits.blocks)
        let end = try parts.object(root["item"])
        let isCall = try isCall(end)
        if items[index] == nil {
            if isCall { try count() }
            items[index] = Item(start: end, isCall: isCall)
        }
        guard var item = items[index], !item.isClosed else { throw .eventOrder }
        guard item.start["type"] == end["type"], item.start["id"] == end["id"] else { throw .callChanged }
        item.isClosed = true
        if !isCall {
            items[index] = item
            return []
        }
        for name in ["call_id", "name"] { guard item.start[name] == end[name] else { throw .callChanged } }
        for name in ["arguments", "input"] {
            guard let first = item.start[name]?.string, !first.isEmpty else { continue }
            guard .string(first) == end[name] else { throw .callChanged }
        }
        if !item.text.isEmpty {
            let final = (end["arguments"] ?? end["input"])?.string ?? ""
            guard item.text.elementsEqual(final.utf8) else { throw .callChanged }
        }
        item.text = []
        item.start = JSONObject()
        items[index] = item
        openCalls &-= 1
        guard let call = try parts.item(.object(end)) else { return [] }
        guard judged.updateValue(call, forKey: Array(call.id.utf8)) == nil else { throw .repeatedCallID }
        return [call]
    }

    /// The calls of a whole answer that were not told before. Those that were must be the same.
    private mutating func judgeAgain(_ value: JSONValue?) throws(ModelRefusalReason) -> [ModelToolCall] {
        let response = try parts.object(value)
        var seen: Set<[UInt8]> = []
        var output: [ModelToolCall] = []
        for item in try parts.list(response["output"], limit: limits.blocks) {
            guard let call = try parts.item(item) else { continue }
            let id = Array(call.id.utf8)
            guard seen.insert(id).inserted else { throw .repeatedCallID }
            if let known = judged[id] {
                let isSame =
                    call.isHosted ? known.isHosted && known.name.utf8.elementsEqual(call.name.utf8) : known == call
                guard isSame else { throw .callChanged }
            } else {
                calls &+= 1
                guard calls <= limits.calls else { throw .tooManyCalls }
                judged[id] = call
                output.append(call)
            }
        }
        return output
    }
}
