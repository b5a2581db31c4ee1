// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The forms of floating-point numbers that `sprintf` has (Go's `strconv.FormatFloat`), without a sign.
enum FloatFormat {
    /// The text of a number in a form (`e`, `E`, `f`, `g`, `G`, `x`, `X`, `b`); without a precision, the fewest digits.
    static func text(_ value: Double, form: UInt8, precision: Int?) -> [UInt8] {
        switch form | 0x20 {
        case 0x65: scientific(value, precision: precision, letter: form)
        case 0x66: fixed(value, precision: precision)
        case 0x78: hexadecimal(value, precision: precision, isUppercase: form == 0x58)
        case 0x62: binary(value)
        default: general(value, precision: precision, letter: form)
        }
    }

    private static func scientific(_ value: Double, precision: Int?, letter: UInt8) -> [UInt8] {
        var number = precision == nil ? DecimalExpansion(shortest: value) : DecimalExpansion(exact: value)
        if let precision { number.round(to: precision &+ 1) }
        return scientific(number, fraction: precision ?? max(number.digits.count &- 1, 0), letter: letter)
    }

    private static func scientific(_ number: DecimalExpansion, fraction: Int, letter: UInt8) -> [UInt8] {
        var result = [number.digit(0)]
        if fraction > 0 {
            result.append(0x2E)
            for position in 0..<fraction { result.append(number.digit(position &+ 1)) }
        }
        let exponent = number.digits.isEmpty ? 0 : number.exponent &- 1
        result += [letter, exponent < 0 ? 0x2D : 0x2B]
        if exponent.magnitude < 10 { result.append(0x30) }
        return result + IntegerText.bytes(Int64(exponent.magnitude))
    }

    private static func fixed(_ value: Double, precision: Int?) -> [UInt8] {
        var number = precision == nil ? DecimalExpansion(shortest: value) : DecimalExpansion(exact: value)
        if let precision { number.round(to: number.exponent &+ precision) }
        return fixed(number, fraction: precision ?? max(number.digits.count &- number.exponent, 0))
    }

    private static func fixed(_ number: DecimalExpansion, fraction: Int) -> [UInt8] {
        var result: [UInt8] = []
        for position in 0..<max(number.exponent, 0) { result.append(number.digit(position)) }
        if result.isEmpty { result.append(0x30) }
        if fraction > 0 {
            result.append(0x2E)
            for position in 0..<fraction { result.append(number.digit(number.exponent &+ position)) }
        }
        return result
    }

    private static func general(_ value: Double, precision: Int?, letter: UInt8) -> [UInt8] {
        var number = precision == nil ? DecimalExpansion(shortest: value) : DecimalExpansion(exact: value)
        var threshold = 6
        if let precision {
            let wanted = max(precision, 1)
            number.round(to: wanted)
            threshold =
                wanted > number.digits.count && number.digits.count >= number.exponent
                ? number.digits.count : wanted
        }
        let exponent = number.digits.isEmpty ? 0 : number.exponent &- 1
        if exponent < -4 || exponent >= threshold, !number.digits.isEmpty {
            return scientific(number, fraction: number.digits.count &- 1, letter: letter &- 2)
        }
        return fixed(number, fraction: max(number.digits.count &- number.exponent, 0))
    }

    private static func binary(_ value: Double) -> [UInt8] {
        let significand = value.isNormal ? value.significandBitPattern | 1 << 52 : value.significandBitPattern
        let exponent = Int64(value.isNormal ? Int(value.exponent) &- 52 : -1074)
        return IntegerText.bytes(Int64(truncatingIfNeeded: significand)) + [0x70, exponent < 0 ? 0x2D : 0x2B]
            + IntegerText.bytes(Int64(truncatingIfNeeded: exponent.magnitude))
    }

    private static func hexadecimal(_ value: Double, precision: Int?, isUppercase: Bool) -> [UInt8] {
        var significand = value.magnitude.significandBitPattern | 1 << 52
        var exponent = value.isZero ? 0 : Int64(value.exponent)
        if value.isZero {
            significand = 0
        } else if value.isSubnormal {
            significand = value.magnitude.significand.significandBitPattern | 1 << 52
        }
        var digits = 13
        if let precision, precision < 13 {
            let drop = UInt64(52 &- precision &* 4)
            let rest = significand & (1 << drop &- 1)
            significand >>= drop
            let half: UInt64 = 1 << (drop &- 1)
            if rest > half || (rest == half && significand & 1 == 1) { significand &+= 1 }
            if significand >> UInt64(precision &* 4) == 2 {
                significand >>= 1
                exponent &+= 1
            }
            digits = precision
        } else if precision == nil {
            while digits > 0, significand & 0xF == 0 {
                significand >>= 4
                digits &-= 1
            }
        }
        var result: [UInt8] = [0x30, isUppercase ? 0x58 : 0x78]
        result.append(0x30 &+ UInt8(truncatingIfNeeded: significand >> UInt64(digits &* 4)))
        if digits > 0 || precision ?? 0 > 0 { result.append(0x2E) }
        for digit in (0..<digits).reversed() {
            let value = UInt8(truncatingIfNeeded: significand >> UInt64(digit &* 4)) & 0xF
            result.append(HexadecimalText.digit(value, uppercase: isUppercase))
        }
        result += [UInt8](repeating: 0x30, count: max((precision ?? 0) &- 13, 0))
        result += [isUppercase ? 0x50 : 0x70, exponent < 0 ? 0x2D : 0x2B]
        if exponent.magnitude < 10 { result.append(0x30) }
        return result + IntegerText.bytes(Int64(truncatingIfNeeded: exponent.magnitude))
    }
}
