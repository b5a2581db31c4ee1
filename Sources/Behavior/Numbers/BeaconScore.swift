// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How regular contacts are, from 0 to 1 in Q16; see ``BeaconDetector`` for the formula.
struct BeaconScore: Sendable {
    /// Regularity of the intervals.
    let times: Int64
    /// Regularity of the sizes.
    let sizes: Int64
    /// How much of the span has contacts.
    let duration: Int64
    /// How evenly they are spread over it.
    let histogram: Int64
    /// The median interval, in microseconds.
    let medianInterval: Int64

    /// The mean of the four.
    var total: Int64 { (times + sizes + duration + histogram) / 4 }

    /// Intervals and sizes count for no more, so that products have room: 203 days, 17 TB.
    private static let most: Int64 = 1 << 44

    /// Scores contacts, in order of their times.
    init(times: [Int64], sizes: [Int64]) {
        let intervals = zip(times.dropFirst(), times).map { min($0 - $1, Self.most) }.sorted()
        medianInterval = Spread.quantile(intervals, 1, of: 2) ?? 0
        self.times = medianInterval == 0 ? 0 : Self.regularity(intervals)
        self.sizes = Self.regularity(sizes.map { min($0, Self.most) }.sorted())
        let parts = Int64(min(24, max(1, intervals.count / 4)))
        var counts = [Int64](repeating: 0, count: Int(parts))
        let first = times.first ?? 0
        let span = max(1, (times.last ?? 0) - first + 1)
        for time in times { counts[Int((time - first) * parts / span)] += 1 }
        duration = Int64(counts.count { $0 > 0 }) * Binary.one / parts
        let mean = Int64(times.count) * Binary.one / parts
        let squares = counts.reduce(0) { $0 + ($1 * Binary.one - mean) * ($1 * Binary.one - mean) / parts }
        let deviation = Int64(Binary.squareRoot(UInt64(squares)))
        histogram = mean == 0 ? 0 : max(0, Binary.one - deviation * Binary.one / mean)
    }

    /// (1 - |s| + (m - d) / m) / 2 of sorted numbers.
    private static func regularity(_ sorted: [Int64]) -> Int64 {
        guard let first = Spread.quantile(sorted, 1, of: 4), let third = Spread.quantile(sorted, 3, of: 4),
            let spread = Spread(of: sorted)
        else { return 0 }
        let middle = spread.median
        let skew = third == first ? 0 : abs((first + third - 2 * middle) * Binary.one / (third - first))
        let steady: Int64
        if middle > 0 {
            steady = max(0, (middle - spread.deviation) * Binary.one / middle)
        } else {
            steady = spread.deviation == 0 ? Binary.one : 0
        }
        return (Binary.one - min(skew, Binary.one) + steady) / 2
    }
}
