// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the events of a streamed answer of the messages interface.
///
/// Content blocks come one after another; a call is complete when its block stops.
struct MessagesStreamReader: Sendable {
    private struct Block: Sendable {
        var start: JSONValue
        var text: [UInt8] = []
        var isCall: Bool
    }

    private enum Phase { case before, open, stopped }

    private let limits: ModelLimits
    private let parts: ModelPartReader
    private var phase = Phase.before
    private var block: Block?
    private var blocks = 0
    private var calls = 0
    private var ids: Set<[UInt8]> = []
    private var usage = ModelUsage()

    init(limits: ModelLimits) {
        self.limits = limits
        parts = ModelPartReader(limits: limits)
    }

    mutating func take(_ type: String?, _ value: JSONValue?) throws(ModelRefusalReason) -> ModelEventOutcome {
        let root = try parts.object(value)
        // Clients go by the event's type or by the one in its data.
        guard let type, let stated = ModelText.word(root["type"]), type.utf8.elementsEqual(stated.utf8) else {
            throw .eventType
        }
        guard phase != .stopped else { throw .eventOrder }
        var outcome = ModelEventOutcome()
        switch stated {
        case "ping": outcome.placement = .atOnce
        case "error":
            guard block?.isCall != true else { throw .unfinished }
            phase = .stopped
            outcome.isLast = true
        case "message_start": outcome.usage = try start(root)
        case "content_block_start": try startBlock(root)
        case "content_block_delta": outcome.textBytes = try add(root)
        case "content_block_stop": outcome.calls = try stopBlock(root)
        case "message_delta":
            guard phase == .open, block == nil else { throw .eventOrder }
            if let counts = try ModelUsage(.messages, root["usage"]) {
                usage = usage.merged(counts)
                outcome.usage = usage
            }
        case "message_stop":
            guard phase == .open, block == nil else { throw .eventOrder }
            phase = .stopped
            outcome.isLast = true
        default: outcome.placement = .dropped
        }
        outcome.hasOpenCalls = block?.isCall ?? false
        return outcome
    }

    private mutating func start(_ root: JSONObject) throws(ModelRefusalReason) -> ModelUsage? {
        guard phase == .before else { throw .eventOrder }
        let message = try parts.object(root["message"])
        guard try parts.list(message["content"], limit: 0).isEmpty else { throw .structure }
        phase = .open
        guard let counts = try ModelUsage(.messages, message["usage"]) else { return nil }
        usage = counts
        return counts
    }

    private mutating func startBlock(_ root: JSONObject) throws(ModelRefusalReason) {
        guard phase == .open, block == nil else { throw .eventOrder }
        guard try ModelText.index(root["index"], below: limits.blocks) == blocks else { throw .callIndex }
        let start = try parts.object(root["content_block"])
        guard let type = ModelText.word(start["type"]) else { throw .structure }
        let isCall = !ModelPartReader.isInert(block: type)
        if isCall {
            calls &+= 1
            guard calls <= limits.calls else { throw .tooManyCalls }
        }
        block = Block(start: .object(start), isCall: isCall)
        blocks &+= 1
    }

    private mutating func add(_ root: JSONObject) throws(ModelRefusalReason) -> Int {
        guard phase == .open, let isCall = block?.isCall else { throw .eventOrder }
        guard try ModelText.index(root["index"], below: limits.blocks) == blocks &- 1 else { throw .callIndex }
        let delta = try parts.object(root["delta"])
        guard let type = ModelText.word(delta["type"]) else { throw .structure }
        let isInput = type.utf8.elementsEqual("input_json_delta".utf8)
        guard isInput == isCall else { throw .callType }
        if isInput {
            guard let piece = delta["partial_json"]?.string else { throw .structure }
            guard let count = block?.text.count, count &+ piece.utf8.count <= limits.argumentBytes else {
                throw .argumentsTooLarge
            }
            block?.text.append(contentsOf: piece.utf8)
        }
        return ModelText.bytes(in: .object(delta)) &- type.utf8.count
    }

    private mutating func stopBlock(_ root: JSONObject) throws(ModelRefusalReason) -> [ModelToolCall] {
        guard phase == .open, let open = block else { throw .eventOrder }
        guard try ModelText.index(root["index"], below: limits.blocks) == blocks &- 1 else { throw .callIndex }
        // No piece, and pieces without content, leave the input of the start.
        block = nil
        guard open.isCall, let call = try parts.block(open.start, streamed: open.text.isEmpty ? nil : open.text)
        else { return [] }
        guard ids.insert(Array(call.id.utf8)).inserted else { throw .repeatedCallID }
        return [call]
    }
}
