// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The clocks of the machine.
public enum Clock {
    /// Nanoseconds of a clock that never goes back.
    public static let monotonic: @Sendable () -> UInt64 = { read(CLOCK_MONOTONIC) }

    /// Nanoseconds since 1970.
    public static func now() -> Int64 { Int64(clamping: read(CLOCK_REALTIME)) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, time.tv_nsec))
    }
}
