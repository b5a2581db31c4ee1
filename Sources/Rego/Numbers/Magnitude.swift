// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A natural number of any size.
struct Magnitude: Hashable, Sendable {
    /// The digits to the base of 2^64, the lowest first, without leading zeros.
    private(set) var limbs: [UInt64]

    static let zero = Magnitude(limbs: [])
    static let one = Magnitude(1)

    init(limbs: [UInt64]) {
        self.limbs = limbs
        trim()
    }

    init(_ value: UInt64) {
        limbs = value == 0 ? [] : [value]
    }

    private mutating func trim() {
        while limbs.last == 0 { limbs.removeLast() }
    }

    var isZero: Bool { limbs.isEmpty }

    /// How many bits are needed to write it.
    var bitWidth: Int {
        guard let last = limbs.last else { return 0 }
        return limbs.count &* 64 &- last.leadingZeroBitCount
    }

    /// The value, if 64 bits suffice.
    var word: UInt64? {
        limbs.count > 1 ? nil : (limbs.first ?? 0)
    }

    /// The limb at a position; 0 above the highest.
    subscript(position: Int) -> UInt64 {
        position >= 0 && position < limbs.count ? limbs[position] : 0
    }

    static func + (left: Magnitude, right: Magnitude) -> Magnitude {
        var result: [UInt64] = []
        let count = max(left.limbs.count, right.limbs.count)
        result.reserveCapacity(count &+ 1)
        var carry: UInt64 = 0
        for position in 0..<count {
            let (first, firstOverflow) = left[position].addingReportingOverflow(right[position])
            let (second, secondOverflow) = first.addingReportingOverflow(carry)
            carry = firstOverflow || secondOverflow ? 1 : 0
            result.append(second)
        }
        if carry != 0 { result.append(carry) }
        return Magnitude(limbs: result)
    }

    /// The difference of a number and one that is not larger.
    static func - (left: Magnitude, right: Magnitude) -> Magnitude {
        var result: [UInt64] = []
        result.reserveCapacity(left.limbs.count)
        var borrow: UInt64 = 0
        for position in 0..<left.limbs.count {
            let (first, firstOverflow) = left[position].subtractingReportingOverflow(right[position])
            let (second, secondOverflow) = first.subtractingReportingOverflow(borrow)
            borrow = firstOverflow || secondOverflow ? 1 : 0
            result.append(second)
        }
        return Magnitude(limbs: result)
    }

    static func * (left: Magnitude, right: Magnitude) -> Magnitude {
        if left.isZero || right.isZero { return .zero }
        var result = [UInt64](repeating: 0, count: left.limbs.count &+ right.limbs.count)
        for (offset, factor) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (position, limb) in right.limbs.enumerated() {
                let product = factor.multipliedFullWidth(by: limb)
                let (first, firstOverflow) = product.low.addingReportingOverflow(carry)
                let (second, secondOverflow) = first.addingReportingOverflow(result[offset &+ position])
                result[offset &+ position] = second
                carry = product.high &+ (firstOverflow ? 1 : 0) &+ (secondOverflow ? 1 : 0)
            }
            result[offset &+ right.limbs.count] = carry
        }
        return Magnitude(limbs: result)
    }

    static func << (left: Magnitude, distance: Int) -> Magnitude {
        guard distance > 0, !left.isZero else { return left }
        let whole = distance / 64
        let bits = UInt64(distance % 64)
        var result = [UInt64](repeating: 0, count: whole)
        result.reserveCapacity(whole &+ left.limbs.count &+ 1)
        var carry: UInt64 = 0
        for limb in left.limbs {
            result.append(limb << bits | carry)
            carry = bits == 0 ? 0 : limb >> (64 &- bits)
        }
        if carry != 0 { result.append(carry) }
        return Magnitude(limbs: result)
    }

    static func >> (left: Magnitude, distance: Int) -> Magnitude {
        guard distance > 0 else { return left }
        let whole = distance / 64
        let bits = UInt64(distance % 64)
        guard whole < left.limbs.count else { return .zero }
        var result: [UInt64] = []
        result.reserveCapacity(left.limbs.count &- whole)
        for position in whole..<left.limbs.count {
            let above = bits == 0 ? 0 : left[position &+ 1] << (64 &- bits)
            result.append(left[position] >> bits | above)
        }
        return Magnitude(limbs: result)
    }

    /// Whether one of the lowest bits is set.
    func hasBits(below count: Int) -> Bool {
        for position in 0..<min(count / 64, limbs.count) where limbs[position] != 0 { return true }
        return self[count / 64] & (1 << UInt64(count % 64) &- 1) != 0
    }

    /// Multiplies by a word and adds one.
    mutating func multiply(by factor: UInt64, adding summand: UInt64) {
        var carry = summand
        for position in limbs.indices {
            let product = factor.multipliedFullWidth(by: limbs[position])
            let (low, overflow) = product.low.addingReportingOverflow(carry)
            limbs[position] = low
            carry = product.high &+ (overflow ? 1 : 0)
        }
        if carry != 0 { limbs.append(carry) }
    }

    /// 10 to the power of a number that is not negative.
    static func powerOfTen(_ exponent: Int) -> Magnitude {
        var result = Magnitude.one
        var square = Magnitude(10)
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result * square }
            rest >>= 1
            if rest > 0 { square = square * square }
        }
        return result
    }
}

extension Magnitude: Comparable {
    static func < (left: Magnitude, right: Magnitude) -> Bool {
        if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
        for position in left.limbs.indices.reversed() where left.limbs[position] != right.limbs[position] {
            return left.limbs[position] < right.limbs[position]
        }
        return false
    }
}
