// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of Unicode scalars: a bitmap for ASCII and sorted ranges for all.
struct ScalarSet: Sendable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private(set) var ranges: [ClosedRange<UInt32>] = []
    private(set) var isNegated = false

    /// Adds every scalar from `range`.
    mutating func insert(_ range: ClosedRange<UInt32>) {
        ranges.append(range)
        guard range.lowerBound < 128 else { return }
        for value in range.lowerBound...min(range.upperBound, 127) {
            if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
        }
    }

    /// The same set with its ranges sorted and merged; `contains` relies on that.
    func sealed() -> ScalarSet {
        var copy = self
        copy.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = copy.ranges.last, range.lowerBound <= last.upperBound {
                copy.ranges[copy.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                copy.ranges.append(range)
            }
        }
        return copy
    }

    /// Adds the members of another set that is not negated.
    mutating func formUnion(_ other: ScalarSet) {
        for range in other.ranges { insert(range) }
    }

    /// The scalars that are not in this set.
    func inverted() -> ScalarSet {
        var copy = self
        copy.isNegated.toggle()
        return copy
    }

    /// The complement as a plain set of ranges, for use inside a class.
    func complement() -> ScalarSet {
        var result = ScalarSet()
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.insert(next...(range.lowerBound - 1)) }
            if range.upperBound >= next { next = range.upperBound &+ 1 }
        }
        if next <= 0x10FFFF { result.insert(next...0x10FFFF) }
        return result
    }

    /// Whether the set has the scalar.
    func contains(_ value: UInt32) -> Bool {
        let found: Bool
        if value < 64 {
            found = low & (1 << UInt64(value)) != 0
        } else if value < 128 {
            found = high & (1 << UInt64(value - 64)) != 0
        } else {
            found = hasRange(with: value)
        }
        return found != isNegated
    }

    private func hasRange(with value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }

    /// `\d`: the ASCII digits.
    static let digits = ScalarSet(0x30...0x39)
    /// `\w`: ASCII letters, digits and the underscore.
    static let word = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    /// `\s`: ECMA-262 white space and line terminators.
    static let space = ScalarSet(
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF)
    /// What `.` does not match: the line terminators.
    static let lineEnds = ScalarSet(0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029)

    init(_ ranges: ClosedRange<UInt32>...) {
        for range in ranges { insert(range) }
    }
}
