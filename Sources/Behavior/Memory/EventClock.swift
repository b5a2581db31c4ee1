// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The time of the events, which never goes back.
///
/// Events of several ways in come a little out of order: one that is late counts as of now. When the machine's clock is
/// set back by more than that, time goes on from where it was, at the pace of the events.
struct EventClock: Sendable {
    /// How late an event may be without the clock having been set back, in microseconds.
    static let tolerance: Int64 = 60_000_000

    /// Where time ends, so that every difference and product of times has room: two thousand years.
    static let end: Int64 = 1 << 56

    /// The time of the last event, in microseconds.
    private(set) var now: Int64 = 0
    private var offset: Int64 = 0

    /// Takes the time of an event, and says what it counts as.
    mutating func advance(to time: Int64) -> Int64 {
        let shifted = shifted(time)
        if shifted >= now {
            now = shifted
        } else if now - shifted > Self.tolerance {
            offset = min(offset + now - shifted, Self.end)
        }
        return now
    }

    /// What a time counts as, without moving on.
    func reading(at time: Int64) -> Int64 {
        let shifted = shifted(time)
        return now - shifted > Self.tolerance ? now : max(now, shifted)
    }

    private func shifted(_ time: Int64) -> Int64 { min(BehaviorLimits.clamp(time) + offset, Self.end) }
}
