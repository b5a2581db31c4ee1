// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Where time comes from; tests bring their own.
public struct Clock: Sendable {
    /// Nanoseconds since some fixed point, never going back.
    public let monotonic: @Sendable () -> Int64
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let wall: @Sendable () -> Int64

    /// Makes a clock from two readings.
    public init(monotonic: @escaping @Sendable () -> Int64, wall: @escaping @Sendable () -> Int64) {
        self.monotonic = monotonic
        self.wall = wall
    }

    /// The machine's clocks.
    public static let system = Clock(
        monotonic: {
            let now = read(CLOCK_MONOTONIC)
            return Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec)
        },
        wall: {
            let now = read(CLOCK_REALTIME)
            return Int64(now.tv_sec) &* 1_000_000 &+ Int64(now.tv_nsec) / 1000
        })

    private static func read(_ clock: clockid_t) -> timespec {
        var now = timespec()
        clock_gettime(clock, &now)
        return now
    }
}
