// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads big-endian numbers and length-prefixed vectors (RFC 8446 section 3) with every length checked.
struct ByteCursor {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// True when nothing is left.
    var isAtEnd: Bool { position >= bytes.count }

    /// The next byte, or nil at the end.
    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position &+= 1 }
        return bytes[position]
    }

    /// The next two bytes as a number, or nil.
    mutating func short() -> UInt16? {
        guard let high = byte(), let low = byte() else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    /// The next `count` bytes, or nil when fewer are left.
    mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, bytes.count &- position >= count else { return nil }
        defer { position &+= count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position &+ count)])
    }

    /// A vector with a length of one byte, or nil.
    mutating func shortVector() -> UnsafeRawBufferPointer? {
        byte().flatMap { take(Int($0)) }
    }

    /// A vector with a length of two bytes, or nil.
    mutating func vector() -> UnsafeRawBufferPointer? {
        short().flatMap { take(Int($0)) }
    }
}
