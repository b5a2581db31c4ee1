// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension SoftFloat {
    /// The fewest digits that read back as this number, and where the point stands: 0.d₁d₂… times 10 to the power of `exponent`.
    private var shortestDigits: (digits: [UInt8], exponent: Int) {
        // The value is rest/scale; margin/scale is half of the distance to the next number.
        let shift = exponent &- 1
        var rest = Magnitude(mantissa) << 1
        var scale = Magnitude.one
        var margin = Magnitude.one
        if shift >= 0 {
            rest = rest << shift
            margin = margin << shift
        } else {
            scale = scale << (0 &- shift)
        }
        // 1292913986 is the logarithm of 2 to the base of 10, times 2^32.
        var point = ((exponent &+ 63) &* 1_292_913_986) >> 32 &+ 1
        if point > 0 {
            scale = scale * .powerOfTen(point)
        } else if point < 0 {
            let power = Magnitude.powerOfTen(0 &- point)
            rest = rest * power
            margin = margin * power
        }
        if rest >= scale {
            point &+= 1
            scale.multiply(by: 10, adding: 0)
        }
        let isInclusive = mantissa & 1 == 0
        var digits: [UInt8] = []
        while true {
            rest.multiply(by: 10, adding: 0)
            margin.multiply(by: 10, adding: 0)
            let (quotient, remainder) = rest.dividing(by: scale)
            rest = remainder
            digits.append(0x30 &+ UInt8(truncatingIfNeeded: quotient[0]))
            let above = scale - rest
            let mayCut = rest < margin || (isInclusive && rest == margin)
            let mayRaise = above < margin || (isInclusive && above == margin)
            if !mayCut && !mayRaise { continue }
            let isLower = rest < above || (rest == above && quotient[0] & 1 == 0)
            if mayRaise && !(mayCut && isLower) { point &+= SoftFloat.increment(&digits) }
            break
        }
        while digits.count > 1 && digits.last == 0x30 { digits.removeLast() }
        return (digits, point)
    }

    /// Adds one to the last digit.
    ///
    /// - Returns: how many places the point moves.
    private static func increment(_ digits: inout [UInt8]) -> Int {
        while let last = digits.last {
            if last < 0x39 {
                digits[digits.count &- 1] = last &+ 1
                return 0
            }
            digits.removeLast()
        }
        digits = [0x31]
        return 1
    }

    /// The text of an arithmetic result: an integer without an exponent, another number as `0.25` or `1.5e+09`.
    var text: [UInt8] {
        let sign: [UInt8] = isNegative ? [0x2D] : []
        if isZero { return sign + [0x30] }
        let (digits, point) = shortestDigits
        if isIntegral {
            return sign + digits + [UInt8](repeating: 0x30, count: max(point &- digits.count, 0))
        }
        let scientific = point &- 1
        if scientific < -4 || scientific >= 6 {
            return sign + SoftFloat.scientific(digits, exponent: scientific)
        }
        if point <= 0 {
            return sign + [0x30, 0x2E] + [UInt8](repeating: 0x30, count: 0 &- point) + digits
        }
        if digits.count <= point {
            return sign + digits + [UInt8](repeating: 0x30, count: point &- digits.count)
        }
        return sign + digits[..<point] + [0x2E] + digits[point...]
    }

    /// The digits with a point after the first, and an exponent of at least two digits.
    static func scientific(_ digits: [UInt8], exponent: Int) -> [UInt8] {
        var result = [digits.first ?? 0x30]
        if digits.count > 1 {
            result.append(0x2E)
            result += digits[1...]
        }
        result += [0x65, exponent < 0 ? 0x2D : 0x2B]
        if exponent.magnitude < 10 { result.append(0x30) }
        return result + IntegerText.bytes(Int64(exponent.magnitude))
    }
}
