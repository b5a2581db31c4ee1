// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Magnitude {
    /// Divides by a word that is not 0 in place.
    ///
    /// - Returns: the remainder.
    mutating func divide(by divisor: UInt64) -> UInt64 {
        guard divisor != 0 else { return 0 }
        var remainder: UInt64 = 0
        var quotient = limbs
        for position in quotient.indices.reversed() {
            let step = divisor.dividingFullWidth((remainder, quotient[position]))
            quotient[position] = step.quotient
            remainder = step.remainder
        }
        self = Magnitude(limbs: quotient)
        return remainder
    }

    /// The quotient and the remainder of a division by a number that is not 0 (Knuth, The Art of Computer Programming 4.3.1, D).
    func dividing(by divisor: Magnitude) -> (quotient: Magnitude, remainder: Magnitude) {
        guard self >= divisor, let highest = divisor.limbs.last else { return (.zero, self) }
        if let word = divisor.word {
            var quotient = self
            let remainder = quotient.divide(by: word)
            return (quotient, Magnitude(remainder))
        }
        let shift = highest.leadingZeroBitCount
        let normal = (divisor << shift).limbs
        var rest = (self << shift).limbs
        if rest.count == limbs.count { rest.append(0) }
        let length = normal.count
        var quotient = [UInt64](repeating: 0, count: rest.count &- length)
        for position in quotient.indices.reversed() {
            var digit = Magnitude.estimate(rest, at: position &+ length, by: normal)
            if Magnitude.subtract(normal, times: digit, from: &rest, at: position) {
                digit &-= 1
                Magnitude.add(normal, to: &rest, at: position)
            }
            quotient[position] = digit
        }
        return (Magnitude(limbs: quotient), Magnitude(limbs: Array(rest.prefix(length))) >> shift)
    }

    /// A digit of the quotient from the highest limbs, at most one too large.
    private static func estimate(_ rest: [UInt64], at top: Int, by divisor: [UInt64]) -> UInt64 {
        let first = divisor[divisor.count &- 1]
        let second = divisor[divisor.count &- 2]
        var digit: UInt64
        var remainder: UInt64
        if rest[top] >= first {
            digit = .max
            let (sum, overflow) = rest[top &- 1].addingReportingOverflow(first)
            if overflow { return digit }
            remainder = sum
        } else {
            (digit, remainder) = first.dividingFullWidth((rest[top], rest[top &- 1]))
        }
        while true {
            let product = digit.multipliedFullWidth(by: second)
            if product.high < remainder || (product.high == remainder && product.low <= rest[top &- 2]) { return digit }
            digit &-= 1
            let (sum, overflow) = remainder.addingReportingOverflow(first)
            if overflow { return digit }
            remainder = sum
        }
    }

    /// Subtracts a multiple of the divisor.
    ///
    /// - Returns: whether it was too much.
    private static func subtract(
        _ divisor: [UInt64], times digit: UInt64, from rest: inout [UInt64], at position: Int
    ) -> Bool {
        var carry: UInt64 = 0
        for (offset, limb) in divisor.enumerated() {
            let product = digit.multipliedFullWidth(by: limb)
            let (low, lowOverflow) = product.low.addingReportingOverflow(carry)
            let (difference, borrow) = rest[position &+ offset].subtractingReportingOverflow(low)
            rest[position &+ offset] = difference
            carry = product.high &+ (lowOverflow ? 1 : 0) &+ (borrow ? 1 : 0)
        }
        let (difference, borrow) = rest[position &+ divisor.count].subtractingReportingOverflow(carry)
        rest[position &+ divisor.count] = difference
        return borrow
    }

    private static func add(_ divisor: [UInt64], to rest: inout [UInt64], at position: Int) {
        var carry: UInt64 = 0
        for (offset, limb) in divisor.enumerated() {
            let (first, firstOverflow) = rest[position &+ offset].addingReportingOverflow(limb)
            let (second, secondOverflow) = first.addingReportingOverflow(carry)
            rest[position &+ offset] = second
            carry = firstOverflow || secondOverflow ? 1 : 0
        }
        rest[position &+ divisor.count] &+= carry
    }
}

extension Magnitude {
    private static let chunk: UInt64 = 1_000_000_000_000_000_000
    private static let chunkDigits = 18

    /// The number of decimal digits, of which other bytes are skipped.
    init(digits: some Sequence<UInt8>) {
        self = .zero
        var word: UInt64 = 0
        var scale: UInt64 = 1
        for byte in digits where byte >= 0x30 && byte <= 0x39 {
            word = word &* 10 &+ UInt64(byte &- 0x30)
            scale &*= 10
            if scale == Magnitude.chunk {
                multiply(by: scale, adding: word)
                word = 0
                scale = 1
            }
        }
        if scale > 1 { multiply(by: scale, adding: word) }
        self = Magnitude(limbs: limbs)
    }

    /// Its decimal digits, at least one.
    var decimalDigits: [UInt8] {
        var rest = self
        var reversed: [UInt8] = []
        reversed.reserveCapacity(limbs.count &* 20 &+ 1)
        while !rest.isZero {
            var word = rest.divide(by: Magnitude.chunk)
            for _ in 0..<Magnitude.chunkDigits {
                reversed.append(0x30 &+ UInt8(truncatingIfNeeded: word % 10))
                word /= 10
            }
        }
        while reversed.last == 0x30 { reversed.removeLast() }
        return reversed.isEmpty ? [0x30] : reversed.reversed()
    }

    /// Its digits to the base of a power of two (1, 3 or 4 bits a digit), at least one.
    func digits(bitsPerDigit: Int, uppercase: Bool = false) -> [UInt8] {
        let letters = Array((uppercase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        var result: [UInt8] = []
        var bit = (bitWidth &- 1) / bitsPerDigit &* bitsPerDigit
        while bit >= 0 && !isZero {
            let low = self[bit / 64] >> UInt64(bit % 64)
            let high = bit % 64 == 0 ? 0 : self[bit / 64 &+ 1] << UInt64(64 &- bit % 64)
            result.append(letters[Int((low | high) & (1 << UInt64(bitsPerDigit) &- 1))])
            bit &-= bitsPerDigit
        }
        return result.isEmpty ? [0x30] : result
    }
}
