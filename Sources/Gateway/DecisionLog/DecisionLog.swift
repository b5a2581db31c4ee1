// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// The events that wait to be written. Safe from any thread; taking one in costs a lock.
final class DecisionLog: Sendable {
    private struct State {
        var events: [DecisionLogEvent] = []
        var lost = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    /// Makes an empty log.
    ///
    /// - Parameter limit: How many events wait at most.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes an event in, or counts it as lost.
    func offer(_ event: @autoclosure () -> DecisionLogEvent) {
        state.withLock { state in
            if state.events.count < limit { state.events.append(event()) } else { state.lost += 1 }
        }
    }

    /// Gives the waiting events out, with how many were lost since the last time.
    func take() -> (events: [DecisionLogEvent], lost: Int) {
        state.withLock { state in
            defer { state = State() }
            return (state.events, state.lost)
        }
    }
}
