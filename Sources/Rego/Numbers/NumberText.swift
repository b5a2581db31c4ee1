// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The form of numbers in texts, that of JSON: `-1`, `1.50`, `1e-7`.
public enum NumberText {
    /// Why a text is no number.
    public enum Failure: Error {
        /// It has another form.
        case malformed
        /// It has too many digits or too large an exponent.
        case limit
    }

    /// Where the number that starts at a position ends; nil if none does.
    @inline(__always)
    static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var position = start
        if position < bytes.count, bytes[position] == 0x2D { position &+= 1 }
        guard position < bytes.count, isDigit(bytes[position]) else { return nil }
        if bytes[position] == 0x30 {
            position &+= 1
        } else {
            position = digits(bytes, from: position)
        }
        if position < bytes.count, bytes[position] == 0x2E {
            let end = digits(bytes, from: position &+ 1)
            if end == position &+ 1 { return nil }
            position = end
        }
        if position < bytes.count, bytes[position] | 0x20 == 0x65 {
            position &+= 1
            if position < bytes.count, bytes[position] == 0x2B || bytes[position] == 0x2D { position &+= 1 }
            let end = digits(bytes, from: position)
            if end == position { return nil }
            position = end
        }
        return position
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count, isDigit(bytes[position]) { position &+= 1 }
        return position
    }

    /// The integer of 64 bits that a number is written as; nil for a number with a point or an exponent, for a longer one and for `-0`.
    @inline(__always)
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        let isNegative = text.first == 0x2D
        var position = isNegative ? 1 : 0
        guard position < text.count, text.count &- position <= 19 else { return nil }
        var result: UInt64 = 0
        while position < text.count {
            let digit = text[position] &- 0x30
            guard digit < 10 else { return nil }
            result = result &* 10 &+ UInt64(digit)
            position &+= 1
        }
        if isNegative {
            return result == 0 || result > 1 << 63 ? nil : Int64(truncatingIfNeeded: 0 &- result)
        }
        return Int64(exactly: result)
    }

    /// Refuses a number of too many digits or of too large an exponent.
    static func check(_ text: UnsafeBufferPointer<UInt8>, limits: Limits) throws(Failure) {
        if text.count <= 19, integer(text) != nil { return }
        let parts = DecimalText(text)
        if text.count > limits.numberDigits &+ 16 || parts.digitCount > limits.numberDigits
            || parts.exponent.magnitude > limits.numberExponent &+ limits.numberDigits
        {
            throw .limit
        }
    }
}
