// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on what is read of a model's interface.
public struct ModelLimits: Sendable, Hashable {
    /// On the text of a request.
    public let request: JSONLimits
    /// On the text of an answer that is not streamed.
    public let answer: JSONLimits
    /// On a stream of events.
    public let stream: EventStreamLimits
    /// Tools that a request offers.
    public let tools: Int
    /// Calls in one answer.
    public let calls: Int
    /// Bytes of the arguments of one call, as JSON text.
    public let argumentBytes: Int
    /// Bytes of events that are held until calls are complete.
    public let heldBytes: Int
    /// Events that are held until calls are complete.
    public let heldEvents: Int
    /// Alternatives that one answer may have.
    public let choices: Int
    /// Content blocks or output items that one answer may have.
    public let blocks: Int

    /// Limits with the given values.
    public init(
        request: JSONLimits = JSONLimits(bytes: 32 << 20, values: 500_000, stringBytes: 32 << 20),
        answer: JSONLimits = JSONLimits(bytes: 32 << 20, values: 1_000_000, stringBytes: 32 << 20),
        stream: EventStreamLimits = EventStreamLimits(eventBytes: 8 << 20, streamBytes: 64 << 20, events: 500_000),
        tools: Int = 512, calls: Int = 128, argumentBytes: Int = 1 << 20, heldBytes: Int = 8 << 20,
        heldEvents: Int = 100_000, choices: Int = 16, blocks: Int = 1024
    ) {
        self.request = request
        self.answer = answer
        self.stream = stream
        self.tools = max(tools, 0)
        self.calls = max(calls, 0)
        self.argumentBytes = max(argumentBytes, 0)
        self.heldBytes = max(heldBytes, 0)
        self.heldEvents = max(heldEvents, 0)
        self.choices = max(choices, 1)
        self.blocks = max(blocks, 1)
    }

    /// The default limits.
    public static let standard = ModelLimits()
}
