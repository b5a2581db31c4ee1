// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of numbers as sorted closed ranges that neither overlap nor touch.
struct IntervalSet: Hashable, Sendable {
    private(set) var ranges: [ClosedRange<UInt128>]

    static let empty = IntervalSet([])

    /// Makes a set from ranges in any order.
    init(_ ranges: [ClosedRange<UInt128>]) {
        var merged: [ClosedRange<UInt128>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound == 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    var isEmpty: Bool { ranges.isEmpty }

    func contains(_ value: UInt128) -> Bool { ranges.contains { $0.contains(value) } }

    func union(_ other: IntervalSet) -> IntervalSet { IntervalSet(ranges + other.ranges) }

    func intersection(_ other: IntervalSet) -> IntervalSet {
        var result: [ClosedRange<UInt128>] = []
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            let low = max(ranges[left].lowerBound, other.ranges[right].lowerBound)
            let high = min(ranges[left].upperBound, other.ranges[right].upperBound)
            if low <= high { result.append(low...high) }
            if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
        }
        return IntervalSet(result)
    }

    func subtracting(_ other: IntervalSet) -> IntervalSet {
        var result: [ClosedRange<UInt128>] = []
        for range in ranges {
            var low = range.lowerBound
            var isSpent = false
            for cut in other.ranges where cut.upperBound >= low && cut.lowerBound <= range.upperBound {
                if cut.lowerBound > low { result.append(low...(cut.lowerBound - 1)) }
                guard cut.upperBound < range.upperBound else {
                    isSpent = true
                    break
                }
                low = cut.upperBound + 1
            }
            if !isSpent { result.append(low...range.upperBound) }
        }
        return IntervalSet(result)
    }
}
