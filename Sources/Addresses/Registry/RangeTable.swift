// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Nested blocks flattened into consecutive ranges, each with the row of the longest prefix.
struct RangeTable<Number: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    typealias Interval = (first: Number, last: Number, prefixLength: Int, row: Int)

    private var starts: [Number] = [0]
    private var rows: [Int] = [-1]

    init(_ intervals: [Interval]) {
        var boundaries: Set<Number> = [0]
        for interval in intervals {
            boundaries.insert(interval.first)
            if interval.last < Number.max { boundaries.insert(interval.last + 1) }
        }
        starts = boundaries.sorted()
        rows = starts.map { start in
            intervals.filter { $0.first <= start && start <= $0.last }
                .max { $0.prefixLength < $1.prefixLength }?.row ?? -1
        }
    }

    /// The row of the longest prefix around the number, or nil.
    func row(for number: Number) -> Int? {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= number { low = middle } else { high = middle }
        }
        let row = rows[low]
        return row < 0 ? nil : row
    }
}
