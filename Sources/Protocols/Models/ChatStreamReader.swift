// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the chunks of a streamed chat completion.
///
/// A call is complete when its choice is finished: until then any chunk may add to any of its calls.
struct ChatStreamReader: Sendable {
    /// A call as its pieces arrive.
    private struct Pending: Sendable {
        var id: String?
        var name: String?
        var type: String?
        var text: [UInt8] = []

        mutating func set(type stated: String) throws(ModelRefusalReason) {
            guard type.map({ $0.utf8.elementsEqual(stated.utf8) }) ?? true,
                stated.utf8.elementsEqual("function".utf8) || stated.utf8.elementsEqual("custom".utf8)
            else { throw .callType }
            type = stated
        }

        mutating func add(
            name piece: JSONValue?, text more: JSONValue?, _ limits: ModelLimits
        ) throws(ModelRefusalReason) {
            if let piece = try ModelText.optional(piece), !piece.isEmpty {
                // Some clients append a second piece, others replace the first one by it.
                guard name == nil else { throw .splitName }
                name = piece
            }
            if let more = try ModelText.optional(more) {
                guard text.count &+ more.utf8.count <= limits.argumentBytes else { throw .argumentsTooLarge }
                text.append(contentsOf: more.utf8)
            }
        }
    }

    /// Where a call stands: its alternative of the answer, and its number there.
    private struct Place: Sendable, Hashable {
        var choice: Int
        var number: Int
    }

    /// The place of a call of the old form, which has no number.
    private static let oldForm = -1

    private let limits: ModelLimits
    private let parts: ModelPartReader
    private let reader: ModelToolCallReader
    private var pending: [Place: Pending] = [:]
    private var finished: Set<Int> = []
    private var ids: Set<[UInt8]> = []
    private var calls = 0
    private var isDone = false

    init(limits: ModelLimits) {
        self.limits = limits
        parts = ModelPartReader(limits: limits)
        reader = ModelToolCallReader(limits: limits)
    }

    private var hasOpenCalls: Bool { !pending.isEmpty }

    mutating func take(_ data: [UInt8], _ value: JSONValue?) throws(ModelRefusalReason) -> ModelEventOutcome {
        guard !isDone else { throw .eventOrder }
        var outcome = ModelEventOutcome()
        guard let value else {
            isDone = true
            guard data.elementsEqual("[DONE]".utf8) else { throw .structure }
            for index in Set(pending.keys.map(\.choice)).sorted() { outcome.calls += try finish(index) }
            outcome.isLast = true
            return outcome
        }
        let root = try parts.object(value)
        if let error = root["error"], !error.isNull {
            guard !hasOpenCalls else { throw .unfinished }
            isDone = true
            outcome.isLast = true
            return outcome
        }
        outcome.usage = try ModelUsage(.chatCompletions, root["usage"])
        var touchesCalls = false
        let elements = try parts.list(root["choices"], limit: limits.choices)
        for element in elements {
            let choice = try parts.object(element)
            // A whole message in place of a piece would be read by some clients and not by others.
            guard choice["message"] == nil else { throw .structure }
            let index = try ModelText.index(choice["index"], below: limits.choices)
            if let delta = choice["delta"], !delta.isNull {
                outcome.textBytes &+= ModelText.bytes(in: delta)
                if try add(try parts.object(delta), to: index) { touchesCalls = true }
            }
            // An empty reason, as some providers send with every chunk, is none.
            if let reason = try ModelText.optional(choice["finish_reason"]), !reason.isEmpty {
                touchesCalls = true
                outcome.calls += try finish(index)
            }
        }
        outcome.hasOpenCalls = hasOpenCalls
        if !touchesCalls, !elements.isEmpty { outcome.placement = .atOnce }
        return outcome
    }

    /// Takes the pieces of calls in a delta; false when there is none.
    private mutating func add(_ delta: JSONObject, to index: Int) throws(ModelRefusalReason) -> Bool {
        let pieces = try parts.list(delta["tool_calls"], limit: limits.calls)
        for piece in pieces {
            let piece = try parts.object(piece)
            try add(piece, to: Place(choice: index, number: ModelText.index(piece["index"], below: limits.calls)))
        }
        guard let value = delta["function_call"], !value.isNull else { return !pieces.isEmpty }
        let function = try parts.object(value)
        var call = try takeOut(Place(choice: index, number: Self.oldForm))
        try call.add(name: function["name"], text: function["arguments"], limits)
        pending[Place(choice: index, number: Self.oldForm)] = call
        return true
    }

    private mutating func add(_ piece: JSONObject, to place: Place) throws(ModelRefusalReason) {
        let id = try ModelText.optional(piece["id"]).flatMap { $0.isEmpty ? nil : $0 }
        if pending[place] == nil {
            guard let id else { throw .callIndex }
            guard ids.insert(Array(try reader.id(.string(id)).utf8)).inserted else { throw .repeatedCallID }
        }
        var call = try takeOut(place)
        if let id {
            guard call.id.map({ $0.utf8.elementsEqual(id.utf8) }) ?? true else { throw .callChanged }
            call.id = id
        }
        if let type = try ModelText.optional(piece["type"]), !type.isEmpty { try call.set(type: type) }
        let function = piece["function"].flatMap { $0.isNull ? nil : $0 }
        let custom = piece["custom"].flatMap { $0.isNull ? nil : $0 }
        if let function {
            try call.set(type: "function")
            let function = try parts.object(function)
            try call.add(name: function["name"], text: function["arguments"], limits)
        }
        if let custom {
            try call.set(type: "custom")
            let custom = try parts.object(custom)
            try call.add(name: custom["name"], text: custom["input"], limits)
        }
        pending[place] = call
    }

    /// Takes a call out, to be changed and put back: in place, so that its text is not copied for every piece.
    private mutating func takeOut(_ place: Place) throws(ModelRefusalReason) -> Pending {
        guard !finished.contains(place.choice) else { throw .eventOrder }
        if let call = pending.removeValue(forKey: place) { return call }
        calls &+= 1
        guard calls <= limits.calls else { throw .tooManyCalls }
        return Pending()
    }

    /// Completes the calls of a choice.
    private mutating func finish(_ index: Int) throws(ModelRefusalReason) -> [ModelToolCall] {
        guard finished.insert(index).inserted else { return [] }
        var output: [ModelToolCall] = []
        let places = pending.keys.filter { $0.choice == index }.sorted { $0.number < $1.number }
        for place in places {
            guard let call = pending.removeValue(forKey: place) else { continue }
            let name = try reader.name(call.name.map { .string($0) })
            let isCustom = call.type.map { $0.utf8.elementsEqual("custom".utf8) } ?? false
            let arguments =
                isCustom
                ? try reader.freeText(String(decoding: call.text, as: UTF8.self)) : try reader.arguments(call.text)
            output.append(ModelToolCall(id: call.id ?? "", name: name, arguments: arguments, isHosted: false))
        }
        return output
    }
}
