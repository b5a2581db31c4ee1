// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Notices when the wall clock was set: it then disagrees with the clock that only counts.
struct ClockWatch: Sendable {
    /// The seconds by which both may differ between two looks.
    static let tolerance: Int64 = 30
    /// The seconds after a jump until the wall clock is believed enough to forget keys.
    static let settling: Int64 = 600

    private var last: (wall: Int64, monotonic: Int64)?
    private var settledFrom = Int64.min

    /// Takes a look at both clocks, in seconds.
    ///
    /// - Returns: Whether the wall clock has not jumped lately.
    mutating func observe(wall: Int64, monotonic: Int64) -> Bool {
        if let last {
            let drift = (wall &- last.wall) &- (monotonic &- last.monotonic)
            if drift > Self.tolerance || drift < -Self.tolerance { settledFrom = monotonic &+ Self.settling }
        }
        last = (wall, monotonic)
        return monotonic >= settledFrom
    }
}
