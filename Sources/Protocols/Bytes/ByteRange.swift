// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A place inside a message: an offset and a count in bytes, relative to the first byte handed to the parser.
///
/// Eight bytes instead of a copied string; it means something only together with the bytes that were parsed.
public struct ByteRange: Sendable, Hashable {
    /// Offset of the first byte.
    public let start: UInt32

    /// How many bytes.
    public let count: UInt32

    /// An empty range at the start.
    public static let empty = ByteRange(start: 0, count: 0)

    /// A range from an offset and a count.
    public init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    /// A range of positions that are known to lie inside a head, whose size is limited far below 4 GiB.
    @inline(__always)
    init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = end > start ? UInt32(truncatingIfNeeded: end &- start) : 0
    }

    /// True when no byte is covered.
    public var isEmpty: Bool { count == 0 }

    /// Offset of the first byte after the range.
    public var end: Int { Int(start) &+ Int(count) }

    /// The bytes covered, or none when the range does not lie inside `bytes`.
    public func slice(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard end <= bytes.count, let base = bytes.baseAddress else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: base + Int(start), count: Int(count))
    }

    /// The bytes covered as text, with invalid UTF-8 repaired. For messages and tests, not for decisions.
    public func text(in bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: slice(of: bytes), as: UTF8.self)
    }
}
