// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Value {
    /// The number as an integer of 64 bits, if that is its exact value (`2`, `2.0` and `20e-1` are 2).
    @inline(__always)
    public var exactInteger: Int64? {
        if tag == .integer { return immediate }
        return tag == .decimal ? integerOfDecimal : nil
    }

    /// The number as an integer of 64 bits, if it is written as one (`2`, not `2.0`), which is what positions must be.
    @inline(__always)
    public var literalInteger: Int64? {
        tag == .integer ? immediate : nil
    }

    @inline(never)
    private var integerOfDecimal: Int64? {
        DecimalText(utf8).int64
    }

    /// Rego's order of two numbers: exact, by value.
    func compareNumber(to other: Value) -> Int {
        if tag == .integer && other.tag == .integer {
            return immediate < other.immediate ? -1 : (immediate == other.immediate ? 0 : 1)
        }
        return withDecimalText { left in
            other.withDecimalText { right in left.compare(to: right) }
        }
    }

    /// A hash that equal numbers share, however they are written.
    @inline(never)
    var numberHash: UInt64 {
        let text = DecimalText(utf8)
        if let integer = text.int64 { return Value.integer(integer).hash }
        var state = UInt64(bitPattern: Int64(text.exponent)) ^ Heap.processSeed
        if text.isNegative { state ^= 0x8EBC_6AF0_9C88_C6E3 }
        for byte in text.digits where byte != 0x2E {
            state = StringHash.mix(state ^ UInt64(byte), 0xD6E8_FEB8_6659_FD93)
        }
        return StringHash.mix(state, 0xA076_1D64_78BD_642F)
    }

    /// Calls a function with the parts of a number's text.
    func withDecimalText<Result>(_ body: (DecimalText) -> Result) -> Result {
        if tag == .decimal { return body(DecimalText(utf8)) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            let count = IntegerText.write(immediate, into: buffer)
            return body(DecimalText(UnsafeBufferPointer(rebasing: buffer[..<count])))
        }
    }

    /// The text of a number.
    public var numberText: [UInt8] {
        tag == .integer ? IntegerText.bytes(immediate) : Array(utf8)
    }

    /// The value of a number as an integer of any size, if it is one of at most so many bits.
    func bigInteger(bits: Int) -> BigInteger? {
        if tag == .integer { return BigInteger(immediate) }
        let text = DecimalText(utf8)
        guard text.isIntegral, text.exponent <= bits / 3 else { return nil }
        let magnitude = Magnitude(digits: text.digits)
        let scale = text.exponent &- text.digitCount
        return BigInteger(
            scale > 0 ? magnitude * .powerOfTen(scale) : magnitude, isNegative: text.isNegative)
    }
}

/// The decimal digits of integers of 64 bits.
enum IntegerText {
    /// Writes at most 20 bytes.
    ///
    /// - Returns: how many.
    @inline(__always)
    static func write(_ value: Int64, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var rest = value.magnitude
        var count = 0
        repeat {
            count &+= 1
            rest /= 10
        } while rest != 0
        if value < 0 { count &+= 1 }
        guard count <= buffer.count else { return 0 }
        rest = value.magnitude
        var position = count
        repeat {
            position &-= 1
            buffer[position] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest != 0
        if value < 0 { buffer[0] = 0x2D }
        return count
    }

    static func bytes(_ value: Int64) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in count = write(value, into: buffer) }
    }
}
