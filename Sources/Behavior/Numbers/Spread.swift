// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where numbers lie, in a way that a few wild ones cannot move: their median, and the median of the distances from it.
public struct Spread: Sendable, Hashable {
    /// The median.
    public let median: Int64
    /// The median absolute deviation.
    public let deviation: Int64

    /// Describes a spread.
    public init(median: Int64, deviation: Int64) {
        self.median = median
        self.deviation = deviation
    }

    /// The spread of numbers; nil of none. Of an even count the lower of the two middle ones is the median.
    init?(of numbers: [Int64]) {
        guard let median = Self.quantile(numbers.sorted(), 1, of: 2) else { return nil }
        let distances = numbers.map { abs($0 - median) }.sorted()
        self.init(median: median, deviation: Self.quantile(distances, 1, of: 2) ?? 0)
    }

    /// 1.4826 times the deviation, which is the standard deviation where numbers are normal, and at least `smallest`.
    func scale(atLeast smallest: Int64) -> Int64 { max(deviation * 14_826 / 10_000, smallest, 1) }

    /// How many such scales a number lies above the median, in Q16.
    func z(_ number: Int64, smallest: Int64) -> Int64 {
        (number - median) * Binary.one / scale(atLeast: smallest)
    }

    /// The nearest-rank quantile `part / whole` of sorted numbers: the smallest that so many of them do not exceed.
    static func quantile(_ sorted: [Int64], _ part: Int, of whole: Int) -> Int64? {
        guard !sorted.isEmpty else { return nil }
        let rank = (sorted.count * part + whole - 1) / whole
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
