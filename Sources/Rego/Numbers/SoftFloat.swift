// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A binary floating-point number with a mantissa of 64 bits, rounded half to even: what arithmetic on fractions computes with.
struct SoftFloat: Hashable, Sendable {
    /// The digits; the highest bit is set unless the number is 0.
    let mantissa: UInt64
    /// The power of two that the mantissa is multiplied with.
    let exponent: Int
    let isNegative: Bool

    private init(mantissa: UInt64, exponent: Int, isNegative: Bool) {
        self.mantissa = mantissa
        self.exponent = mantissa == 0 ? 0 : exponent
        self.isNegative = isNegative
    }

    /// Rounds 128 bits times a power of two; `isInexact` says that the exact value is a little larger.
    private init(rounding bits: UInt128, exponent: Int, isInexact: Bool, isNegative: Bool) {
        if bits == 0 {
            self.init(mantissa: 0, exponent: 0, isNegative: isNegative)
            return
        }
        let shift = bits.leadingZeroBitCount
        let normal = bits << UInt128(shift)
        var high = UInt64(truncatingIfNeeded: normal >> 64)
        let low = UInt64(truncatingIfNeeded: normal)
        var exponent = exponent &- shift &+ 64
        let half: UInt64 = 1 << 63
        if low > half || (low == half && (isInexact || high & 1 == 1)) {
            high &+= 1
            if high == 0 {
                high = half
                exponent &+= 1
            }
        }
        self.init(mantissa: high, exponent: exponent, isNegative: isNegative)
    }

    /// Rounds a natural number times a power of two.
    private init(rounding magnitude: Magnitude, exponent: Int, isInexact: Bool, isNegative: Bool) {
        let excess = max(magnitude.bitWidth &- 128, 0)
        let top = magnitude >> excess
        self.init(
            rounding: UInt128(top[1]) << 64 | UInt128(top[0]), exponent: exponent &+ excess,
            isInexact: isInexact || magnitude.hasBits(below: excess), isNegative: isNegative)
    }

    /// The nearest to the value of a text.
    init(_ text: DecimalText) {
        let digits = Magnitude(digits: text.digits)
        let scale = text.exponent &- text.digitCount
        if scale >= 0 || digits.isZero {
            let value = scale > 0 && !digits.isZero ? digits * .powerOfTen(scale) : digits
            self.init(rounding: value, exponent: 0, isInexact: false, isNegative: text.isNegative)
            return
        }
        let divisor = Magnitude.powerOfTen(0 &- scale)
        let shift = max(divisor.bitWidth &- digits.bitWidth &+ 67, 0)
        let (quotient, remainder) = (digits << shift).dividing(by: divisor)
        self.init(
            rounding: quotient, exponent: 0 &- shift, isInexact: !remainder.isZero, isNegative: text.isNegative)
    }

    init(_ value: Int64) {
        self.init(rounding: UInt128(value.magnitude), exponent: 0, isInexact: false, isNegative: value < 0)
    }

    init(_ value: BigInteger) {
        self.init(rounding: value.magnitude, exponent: 0, isInexact: false, isNegative: value.isNegative)
    }

    static let half = SoftFloat(mantissa: 1 << 63, exponent: -64, isNegative: false)

    var isZero: Bool { mantissa == 0 }

    var magnitude: SoftFloat { SoftFloat(mantissa: mantissa, exponent: exponent, isNegative: false) }

    /// Whether the value is an integer.
    var isIntegral: Bool {
        isZero || exponent >= 0 || mantissa.trailingZeroBitCount >= 0 &- exponent
    }

    static prefix func - (value: SoftFloat) -> SoftFloat {
        SoftFloat(mantissa: value.mantissa, exponent: value.exponent, isNegative: !value.isNegative)
    }

    static func + (left: SoftFloat, right: SoftFloat) -> SoftFloat {
        if left.isZero && right.isZero {
            return SoftFloat(mantissa: 0, exponent: 0, isNegative: left.isNegative && right.isNegative)
        }
        if left.isZero { return right }
        if right.isZero { return left }
        let leftIsLarger = (left.exponent, left.mantissa) >= (right.exponent, right.mantissa)
        let large = leftIsLarger ? left : right
        let small = leftIsLarger ? right : left
        let distance = large.exponent &- small.exponent
        let first = UInt128(large.mantissa) << 63
        let whole = UInt128(small.mantissa) << 63
        let second = distance < 128 ? whole >> UInt128(distance) : 0
        let isInexact = distance >= 128 || second << UInt128(distance) != whole
        let exponent = large.exponent &- 63
        if large.isNegative == small.isNegative {
            return SoftFloat(
                rounding: first &+ second, exponent: exponent, isInexact: isInexact, isNegative: large.isNegative)
        }
        let difference = first &- second &- (isInexact ? 1 : 0)
        return SoftFloat(
            rounding: difference, exponent: exponent, isInexact: isInexact,
            isNegative: difference != 0 && large.isNegative)
    }

    static func - (left: SoftFloat, right: SoftFloat) -> SoftFloat {
        left + -right
    }

    static func * (left: SoftFloat, right: SoftFloat) -> SoftFloat {
        let product = left.mantissa.multipliedFullWidth(by: right.mantissa)
        return SoftFloat(
            rounding: UInt128(product.high) << 64 | UInt128(product.low), exponent: left.exponent &+ right.exponent,
            isInexact: false, isNegative: left.isNegative != right.isNegative)
    }

    /// The quotient of a division by a number that is not 0.
    static func / (left: SoftFloat, right: SoftFloat) -> SoftFloat {
        let isNegative = left.isNegative != right.isNegative
        guard !left.isZero, !right.isZero else { return SoftFloat(mantissa: 0, exponent: 0, isNegative: isNegative) }
        let first = right.mantissa.dividingFullWidth((left.mantissa >> 1, left.mantissa << 63))
        let second = right.mantissa.dividingFullWidth((first.remainder, 0))
        return SoftFloat(
            rounding: UInt128(first.quotient) << 64 | UInt128(second.quotient),
            exponent: left.exponent &- right.exponent &- 127, isInexact: second.remainder != 0, isNegative: isNegative)
    }

    /// The integer that is left when the fraction is cut off.
    var truncated: BigInteger {
        if exponent >= 0 { return BigInteger(Magnitude(mantissa) << exponent, isNegative: isNegative) }
        return BigInteger(Magnitude(exponent > -64 ? mantissa >> UInt64(0 &- exponent) : 0), isNegative: isNegative)
    }
}
