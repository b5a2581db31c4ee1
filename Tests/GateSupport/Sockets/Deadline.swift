// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// A point in the future of the machine's monotonic clock.
package struct Deadline: Sendable {
    private let end: Double

    /// `seconds` from now.
    package init(_ seconds: Double) { end = Self.now + seconds }

    /// What is left, at least 0.
    package var secondsLeft: Double { max(0, end - Self.now) }

    /// Seconds of the monotonic clock.
    package static var now: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    /// Seconds that the calling thread was on a processor.
    package static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Looks at a condition again and again until it holds or the time is over.
///
/// - Returns: Whether it came to hold.
package func eventually(within seconds: Double = RawSocket.patience, _ condition: () async throws -> Bool)
    async rethrows
    -> Bool
{
    let deadline = Deadline(seconds)
    while true {
        if try await condition() { return true }
        guard deadline.secondsLeft > 0 else { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
}
