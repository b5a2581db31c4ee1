// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Searches and comparisons over raw bytes that the parsers share.
package enum ByteScan {
    /// The first position from `start` on that holds a control byte (below 0x20, or 0x7F), or `end`.
    ///
    /// Eight bytes at a time: a byte is below 0x20 when subtracting 0x20 borrows and its top bit was clear. A borrow
    /// can reach only bytes after a true hit, so the lowest hit is exact.
    @inline(__always)
    static func firstControl(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Int {
        var position = start
        while end &- position >= 8 {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
            let hits =
                (((word &- 0x2020_2020_2020_2020) & ~word) | ((delete &- 0x0101_0101_0101_0101) & ~delete))
                & 0x8080_8080_8080_8080
            if hits != 0 { return position &+ (hits.trailingZeroBitCount &>> 3) }
            position &+= 8
        }
        while position < end {
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            if byte < 0x20 || byte == 0x7f { return position }
            position &+= 1
        }
        return end
    }

    /// Whether two byte sequences are equal when ASCII letters are folded to lower case.
    static func equalsIgnoringCase(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where lowercase(left[index]) != lowercase(right[index]) { return false }
        return true
    }

    /// Whether two names of fields are equal when ASCII letters are folded to lower case and `_` to `-`.
    static func equalsAsField(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where dashed(left[index]) != dashed(right[index]) { return false }
        return true
    }

    @inline(__always)
    private static func dashed(_ byte: UInt8) -> UInt8 { byte == 0x5f ? 0x2d : lowercase(byte) }

    /// Whether bytes equal a lower-case ASCII literal when their letters are folded to lower case.
    @inline(__always)
    static func equalsIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
        bytes.count == literal.utf8CodeUnitCount && hasPrefixIgnoringCase(bytes, literal)
    }

    /// Whether bytes start with a lower-case ASCII literal when their letters are folded to lower case.
    @inline(__always)
    static func hasPrefixIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
        guard bytes.count >= literal.utf8CodeUnitCount else { return false }
        let expected = literal.utf8Start
        for index in 0..<literal.utf8CodeUnitCount where lowercase(bytes[index]) != expected[index] { return false }
        return true
    }

    /// Whether bytes equal a literal exactly.
    @inline(__always)
    package static func equals(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
        guard bytes.count == literal.utf8CodeUnitCount else { return false }
        let expected = literal.utf8Start
        for index in 0..<bytes.count where bytes[index] != expected[index] { return false }
        return true
    }

    /// An ASCII letter in lower case, any other byte as it is.
    @inline(__always)
    static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = byte | 0x20
        return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
    }

    /// A decimal number of digits only, without a leading zero unless it is the number zero, at most `Int64.max`; or
    /// nil.
    static func decimal(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 19, bytes.count == 1 || bytes[0] != 0x30 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard byte &- 0x30 < 10 else { return nil }
            value = value &* 10 &+ UInt64(byte &- 0x30)
        }
        return value <= UInt64(Int64.max) ? value : nil
    }
}
