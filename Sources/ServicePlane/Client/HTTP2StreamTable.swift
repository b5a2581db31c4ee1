// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOHTTP2

/// The open streams of a connection in the order of their numbers, which only grow.
///
/// No hashing: a look-up compares a few integers that stand side by side, and the newest stream comes first.
struct HTTP2StreamTable {
    private var numbers: ContiguousArray<Int32> = []
    private(set) var streams: ContiguousArray<HTTP2Stream> = []

    var isEmpty: Bool { streams.isEmpty }
    var count: Int { streams.count }

    /// The open stream with this number.
    subscript(id: HTTP2StreamID) -> HTTP2Stream? { index(of: Int32(id)).map { streams[$0] } }

    /// Adds a stream; its number is above all others.
    mutating func append(_ stream: HTTP2Stream) {
        numbers.append(Int32(stream.id))
        streams.append(stream)
    }

    /// Takes a stream out.
    mutating func remove(_ id: HTTP2StreamID) -> HTTP2Stream? {
        guard let index = index(of: Int32(id)) else { return nil }
        numbers.remove(at: index)
        return streams.remove(at: index)
    }

    /// Takes all streams out.
    mutating func removeAll() -> ContiguousArray<HTTP2Stream> {
        numbers.removeAll()
        defer { streams.removeAll() }
        return streams
    }

    private func index(of number: Int32) -> Int? {
        guard let last = numbers.last else { return nil }
        if last == number { return numbers.count &- 1 }
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if numbers[middle] < number { low = middle &+ 1 } else { high = middle }
        }
        return low < numbers.count && numbers[low] == number ? low : nil
    }
}
