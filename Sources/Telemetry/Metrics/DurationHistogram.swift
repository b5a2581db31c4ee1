// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How long things took: how many were within each of some bounds, and their sum.
public struct DurationHistogram: Sendable, Hashable {
    /// The bounds in nanoseconds, each belonging to the values below it: 10 microseconds to a minute.
    public static let bounds: [Int64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
        10_000_000_000, 30_000_000_000, 60_000_000_000,
    ]

    /// How many values lie between a bound and the one below it; the last one is for those above all bounds.
    public private(set) var counts: [UInt64]
    /// The sum of the values in nanoseconds.
    public private(set) var sum: UInt64 = 0

    /// Without a value.
    public init() { counts = Array(repeating: 0, count: Self.bounds.count + 1) }

    /// How many values there are.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// Counts a value in nanoseconds; one below zero, after a clock that was set back, counts as zero.
    public mutating func record(_ nanoseconds: Int64) {
        let value = max(0, nanoseconds)
        sum &+= UInt64(value)
        counts[Self.index(of: value)] &+= 1
    }

    /// Adds what another one has counted.
    public mutating func add(_ other: DurationHistogram) {
        sum &+= other.sum
        for index in counts.indices { counts[index] &+= other.counts[index] }
    }

    /// Where a value is counted.
    private static func index(of value: Int64) -> Int {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low &+ high) / 2
            if bounds[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
