// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How often something happens that costs more to receive than to send.
struct FrameRate {
    /// Nanoseconds in which it may happen ``limit`` times.
    private static let period: Int64 = 10_000_000_000

    private let limit: Int
    private var count = 0
    private var since: Int64 = 0

    init(limit: Int) { self.limit = limit }

    /// Whether it may happen once more.
    ///
    /// - Parameter now: Nanoseconds of the monotonic clock.
    mutating func mayHappen(at now: Int64) -> Bool {
        if now &- since >= Self.period { (since, count) = (now, 0) }
        count &+= 1
        return count <= limit
    }
}
