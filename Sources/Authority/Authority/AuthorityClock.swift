// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// Where the authority's time comes from; tests bring their own.
public struct AuthorityClock: Sendable {
    /// Unix seconds.
    public let wall: @Sendable () -> Int64
    /// Seconds since some fixed point, never going back.
    public let monotonic: @Sendable () -> Int64

    /// Makes a clock from two readings.
    public init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// The machine's clocks.
    public static let system = AuthorityClock(
        wall: { seconds(CLOCK_REALTIME) }, monotonic: { seconds(CLOCK_BOOTTIME) })

    private static func seconds(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec)
    }
}
