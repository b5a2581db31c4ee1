// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An integer of any size.
struct BigInteger: Hashable, Sendable {
    /// Without the sign.
    let magnitude: Magnitude
    /// Whether it is below 0.
    let isNegative: Bool

    init(_ magnitude: Magnitude, isNegative: Bool = false) {
        self.magnitude = magnitude
        self.isNegative = isNegative && !magnitude.isZero
    }

    init(_ value: Int64) {
        self.init(Magnitude(value.magnitude), isNegative: value < 0)
    }

    /// The value, if 64 bits suffice.
    var int64: Int64? {
        guard let word = magnitude.word else { return nil }
        if isNegative { return word <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- word) : nil }
        return Int64(exactly: word)
    }

    /// Its decimal digits after a minus if it is negative.
    var text: [UInt8] {
        (isNegative ? [0x2D] : []) + magnitude.decimalDigits
    }

    static prefix func - (value: BigInteger) -> BigInteger {
        BigInteger(value.magnitude, isNegative: !value.isNegative)
    }

    static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        if left.isNegative == right.isNegative {
            return BigInteger(left.magnitude + right.magnitude, isNegative: left.isNegative)
        }
        if left.magnitude >= right.magnitude {
            return BigInteger(left.magnitude - right.magnitude, isNegative: left.isNegative)
        }
        return BigInteger(right.magnitude - left.magnitude, isNegative: right.isNegative)
    }

    static func - (left: BigInteger, right: BigInteger) -> BigInteger {
        left + -right
    }

    static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        BigInteger(left.magnitude * right.magnitude, isNegative: left.isNegative != right.isNegative)
    }

    /// The remainder of a division by a number that is not 0; its sign is that of the dividend.
    static func % (left: BigInteger, right: BigInteger) -> BigInteger {
        BigInteger(left.magnitude.dividing(by: right.magnitude).remainder, isNegative: left.isNegative)
    }
}

extension BigInteger: Comparable {
    static func < (left: BigInteger, right: BigInteger) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.magnitude < left.magnitude : left.magnitude < right.magnitude
    }
}
