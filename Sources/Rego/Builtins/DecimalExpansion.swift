// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The decimal digits of a `Double`: the value is 0.d₁d₂… times 10 to the power of `exponent`.
struct DecimalExpansion {
    /// The digits, without a zero at the ends; none for 0.
    private(set) var digits: [UInt8]
    private(set) var exponent: Int

    /// The fewest digits that read back as the number.
    init(shortest value: Double) {
        let text = Array(value.magnitude.description.utf8)
        self = text.withUnsafeBufferPointer { DecimalExpansion(DecimalText($0)) }
    }

    private init(_ text: DecimalText) {
        digits = text.digits.filter { $0 != 0x2E }
        exponent = text.exponent
    }

    /// All digits of a finite number.
    init(exact value: Double) {
        let power = value.isZero ? 0 : Int(value.exponent) &- 52
        let significand = value.isNormal ? value.significandBitPattern | 1 << 52 : value.significandBitPattern
        let shift = value.isNormal ? power : -1074
        if shift >= 0 {
            digits = (Magnitude(significand) << shift).decimalDigits
            exponent = digits.count
        } else {
            // m / 2^n is m · 5^n / 10^n.
            var scaled = Magnitude(significand)
            for _ in 0..<(0 &- shift) { scaled.multiply(by: 5, adding: 0) }
            digits = scaled.decimalDigits
            exponent = digits.count &+ shift
        }
        trim()
    }

    private mutating func trim() {
        while digits.last == 0x30 { digits.removeLast() }
        if digits.isEmpty { exponent = 0 }
    }

    /// Keeps so many digits, half to even.
    mutating func round(to count: Int) {
        guard count < digits.count else { return }
        if count < 0 {
            digits = []
            exponent = 0
            return
        }
        let isHalf = digits[count] == 0x35 && count &+ 1 == digits.count
        let isOdd = count > 0 && digits[count &- 1] & 1 == 1
        let isUp = isHalf ? isOdd : digits[count] >= 0x35
        digits.removeLast(digits.count &- count)
        guard isUp else { return trim() }
        while let last = digits.last {
            if last < 0x39 {
                digits[digits.count &- 1] = last &+ 1
                return
            }
            digits.removeLast()
        }
        digits = [0x31]
        exponent &+= 1
    }

    /// The digit at a position; zero beyond the last.
    func digit(_ position: Int) -> UInt8 {
        position >= 0 && position < digits.count ? digits[position] : 0x30
    }
}
