// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The UTF-8 form of characters (RFC 3629).
enum UTF8Text {
    /// How many bytes the character at a position has; 0 where there is none.
    @inline(__always)
    static func length(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
        let first = bytes[position]
        if first < 0x80 { return 1 }
        let rest = bytes.count &- position
        guard first >= 0xC2, first <= 0xF4, rest >= 2 else { return 0 }
        let second = bytes[position &+ 1]
        if first < 0xE0 { return second & 0xC0 == 0x80 ? 2 : 0 }
        guard rest >= 3, bytes[position &+ 2] & 0xC0 == 0x80 else { return 0 }
        switch first {
        case 0xE0: return second >= 0xA0 && second <= 0xBF ? 3 : 0
        case 0xED: return second >= 0x80 && second <= 0x9F ? 3 : 0
        case 0xE1...0xEF: return second & 0xC0 == 0x80 ? 3 : 0
        default: break
        }
        guard rest >= 4, bytes[position &+ 3] & 0xC0 == 0x80 else { return 0 }
        switch first {
        case 0xF0: return second >= 0x90 && second <= 0xBF ? 4 : 0
        case 0xF4: return second >= 0x80 && second <= 0x8F ? 4 : 0
        default: return second & 0xC0 == 0x80 ? 4 : 0
        }
    }

    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        while position < bytes.count {
            let length = length(bytes, at: position)
            if length == 0 { return false }
            position &+= length
        }
        return true
    }

    /// How many characters there are, a byte that belongs to none being one.
    static func scalarCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var position = 0
        var count = 0
        while position < bytes.count {
            position &+= bytes[position] < 0x80 ? 1 : max(length(bytes, at: position), 1)
            count &+= 1
        }
        return count
    }

    /// Where the text goes on after so many characters, or its end.
    static func position(_ bytes: UnsafeBufferPointer<UInt8>, afterScalars count: Int64, from start: Int) -> Int {
        var position = start
        var left = count
        while left > 0, position < bytes.count {
            position &+= bytes[position] < 0x80 ? 1 : max(length(bytes, at: position), 1)
            left &-= 1
        }
        return position
    }

    /// The same bytes, with U+FFFD for each byte that belongs to no character.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer { buffer in
            if isValid(buffer) { return bytes }
            var result: [UInt8] = []
            var position = 0
            while position < buffer.count {
                let length = length(buffer, at: position)
                if length == 0 {
                    result += [0xEF, 0xBF, 0xBD]
                } else {
                    result += buffer[position..<position &+ length]
                }
                position &+= max(length, 1)
            }
            return result
        }
    }

    /// Writes a character, which must be one, in at most four bytes.
    ///
    /// - Returns: how many bytes.
    static func encode(_ scalar: UInt32, into buffer: UnsafeMutableBufferPointer<UInt8>, at position: Int) -> Int {
        func put(_ offset: Int, _ bits: UInt32) {
            buffer[position &+ offset] = UInt8(truncatingIfNeeded: bits)
        }
        switch scalar {
        case 0..<0x80:
            put(0, scalar)
            return 1
        case 0x80..<0x800:
            put(0, 0xC0 | scalar >> 6)
            put(1, 0x80 | scalar & 0x3F)
            return 2
        case 0x800..<0x10000:
            put(0, 0xE0 | scalar >> 12)
            put(1, 0x80 | scalar >> 6 & 0x3F)
            put(2, 0x80 | scalar & 0x3F)
            return 3
        default:
            put(0, 0xF0 | scalar >> 18)
            put(1, 0x80 | scalar >> 12 & 0x3F)
            put(2, 0x80 | scalar >> 6 & 0x3F)
            put(3, 0x80 | scalar & 0x3F)
            return 4
        }
    }
}

extension [UInt8] {
    /// Appends a character, which must be one.
    mutating func append(scalar: UInt32) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { buffer in
            let count = UTF8Text.encode(scalar, into: buffer, at: 0)
            append(contentsOf: buffer[..<count])
        }
    }
}
