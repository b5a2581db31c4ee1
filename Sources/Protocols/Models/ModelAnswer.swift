// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An answer that is not streamed: what it cost, and the calls in it.
public struct ModelAnswer: Sendable {
    /// The provider's counts, where it gives them.
    public let usage: ModelUsage?
    /// The calls, in their order. When one of them is denied, the whole answer is.
    public let calls: [ModelToolCall]
    /// The answer as it is passed on: the same members, digits and order, without white space.
    public let body: [UInt8]

    /// Reads the body of a successful answer.
    public init(_ api: ModelAPI, body: [UInt8], limits: ModelLimits = .standard) throws(ModelRefusal) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body, limits: limits.answer)
        } catch { throw ModelRefusal(.json(error), fault: .provider) }
        do throws(ModelRefusalReason) {
            let parts = ModelPartReader(limits: limits)
            let root = try parts.object(value)
            usage = try ModelUsage(api, root["usage"])
            calls = try Self.calls(api, root, parts)
            var seen: Set<[UInt8]> = []
            guard calls.count <= limits.calls else { throw .tooManyCalls }
            for call in calls where !call.id.isEmpty {
                guard seen.insert(Array(call.id.utf8)).inserted else { throw .repeatedCallID }
            }
            guard let compact = JSONCompaction.compact(body, limits: limits.answer) else { throw .structure }
            self.body = compact
        } catch { throw ModelRefusal(.rule(error), fault: .provider) }
    }

    private static func calls(
        _ api: ModelAPI, _ root: JSONObject, _ parts: ModelPartReader
    ) throws(ModelRefusalReason) -> [ModelToolCall] {
        var calls: [ModelToolCall] = []
        switch api {
        case .chatCompletions:
            guard root["choices"]?.array != nil else { throw .structure }
            for choice in try parts.list(root["choices"], limit: parts.limits.choices) {
                let choice = try parts.object(choice)
                guard choice["delta"] == nil else { throw .structure }
                calls += try parts.chatMessage(choice["message"])
            }
        case .responses:
            guard root["output"]?.array != nil else { throw .structure }
            for item in try parts.list(root["output"], limit: parts.limits.blocks) {
                if let call = try parts.item(item) { calls.append(call) }
            }
        case .messages:
            guard root["content"]?.array != nil else { throw .structure }
            for block in try parts.list(root["content"], limit: parts.limits.blocks) {
                if let call = try parts.block(block) { calls.append(call) }
            }
        case .embeddings, .modelList: break
        }
        return calls
    }
}
