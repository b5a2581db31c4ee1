// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What one event of a stream means for what is held.
struct ModelEventOutcome {
    /// What becomes of the event.
    enum Placement {
        /// It goes on in its turn.
        case inOrder
        /// It goes on at once, whatever is held: it has nothing to do with calls.
        case atOnce
        /// It goes nowhere: its type is not known.
        case dropped
    }

    var placement = Placement.inOrder
    /// The calls that the event completes, to be judged in this order.
    var calls: [ModelToolCall] = []
    /// Whether calls are incomplete after the event, so that it and those before it are held.
    var hasOpenCalls = false
    /// Whether the stream ends with it.
    var isLast = false
    /// Bytes of text that the event adds to the answer.
    var textBytes = 0
    /// The provider's counts, where the event has them.
    var usage: ModelUsage?
}
