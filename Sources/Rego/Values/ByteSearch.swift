// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The search for bytes in bytes, in time that grows with their lengths only.
struct ByteSearch {
    private let needle: UnsafeBufferPointer<UInt8>
    /// Where to go on after a mismatch (Knuth, Morris and Pratt); only for long needles.
    private let borders: [Int32]

    private static let shortLength = 24

    /// Prepares the search for bytes, of which there must be some.
    init(_ needle: UnsafeBufferPointer<UInt8>) {
        self.needle = needle
        guard needle.count > ByteSearch.shortLength else {
            borders = []
            return
        }
        var borders = [Int32](repeating: 0, count: needle.count)
        var length = 0
        for position in 1..<needle.count {
            while length > 0 && needle[position] != needle[length] { length = Int(borders[length &- 1]) }
            if needle[position] == needle[length] { length &+= 1 }
            borders[position] = Int32(truncatingIfNeeded: length)
        }
        self.borders = borders
    }

    /// Where the needle occurs first at or after a position.
    func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        guard let first = needle.first, bytes.count &- start >= needle.count else { return nil }
        if !borders.isEmpty { return firstOfLong(in: bytes, from: start) }
        let last = bytes.count &- needle.count
        var position = start
        while position <= last {
            if bytes[position] == first {
                var offset = 1
                while offset < needle.count, bytes[position &+ offset] == needle[offset] { offset &+= 1 }
                if offset == needle.count { return position }
            }
            position &+= 1
        }
        return nil
    }

    private func firstOfLong(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var matched = 0
        for position in start..<bytes.count {
            while matched > 0 && bytes[position] != needle[matched] { matched = Int(borders[matched &- 1]) }
            if bytes[position] == needle[matched] { matched &+= 1 }
            if matched == needle.count { return position &- matched &+ 1 }
        }
        return nil
    }
}
