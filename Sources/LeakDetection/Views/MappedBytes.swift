// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Bytes made from others, and which byte of those each came from.
struct MappedBytes {
    /// From here on both run alike, until the next mark.
    private struct Mark {
        let output: Int
        let input: Int
    }

    /// The bytes that were not dropped.
    private(set) var bytes: [UInt8] = []
    /// Position of the first of them in the whole output.
    private(set) var start = 0
    private var marks: [Mark]

    /// An output whose first byte comes from `input`.
    init(at input: Int) { marks = [Mark(output: 0, input: input)] }

    /// An empty output that goes on where another one ends.
    init(continuing other: MappedBytes) {
        start = other.start &+ other.bytes.count
        marks = other.marks.suffix(1)
    }

    /// Takes over where the bytes that come next are from.
    mutating func takePlaces(from next: MappedBytes) {
        for mark in next.marks where mark.output > marks.last?.output ?? -1 { marks.append(mark) }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(contentsOf more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// Says where the next byte comes from.
    mutating func mark(input: Int) {
        let output = start &+ bytes.count
        // Bytes that follow one another in both need no mark of their own.
        if let last = marks.last {
            if input &- last.input == output &- last.output { return }
            if last.output == output { marks.removeLast() }
        }
        marks.append(Mark(output: output, input: input))
    }

    /// Position in the input of a position in the output.
    func input(of output: Int) -> Int {
        var low = 0
        var high = marks.count
        while high &- low > 1 {
            let middle = (low &+ high) / 2
            if marks[middle].output <= output { low = middle } else { high = middle }
        }
        return marks[low].input &+ max(output &- marks[low].output, 0)
    }

    /// Drops bytes from the front, and what is known about where they came from before `position` of the output.
    mutating func drop(_ count: Int, keepingPlacesFrom position: Int) {
        bytes.removeFirst(count)
        start &+= count
        var first = 0
        while first &+ 1 < marks.count, marks[first &+ 1].output <= min(start, position) { first &+= 1 }
        marks.removeFirst(first)
    }
}
