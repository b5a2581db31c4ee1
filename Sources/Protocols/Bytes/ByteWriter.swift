// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes into memory of a fixed size. Once something did not fit, nothing more is written and `hasOverflowed` is true.
struct ByteWriter {
    private let buffer: UnsafeMutableRawBufferPointer

    /// Bytes written.
    private(set) var count = 0

    /// True when something did not fit.
    private(set) var hasOverflowed = false

    init(_ buffer: UnsafeMutableRawBufferPointer) {
        self.buffer = buffer
    }

    /// Writes bytes.
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        guard !hasOverflowed, buffer.count &- count >= bytes.count, let target = buffer.baseAddress else {
            hasOverflowed = true
            return
        }
        (target + count).copyMemory(from: source, byteCount: bytes.count)
        count &+= bytes.count
    }

    /// Writes an ASCII literal.
    @inline(__always)
    mutating func append(_ literal: StaticString) {
        append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Writes a number in decimal.
    mutating func append(decimal value: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var rest = value
            var index = digits.count
            repeat {
                index &-= 1
                digits[index] = UInt8(truncatingIfNeeded: 0x30 &+ rest % 10)
                rest /= 10
            } while rest > 0
            append(UnsafeRawBufferPointer(rebasing: digits[index...]))
        }
    }
}
