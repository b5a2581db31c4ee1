// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Fixed-point numbers with 16 fractional bits, called Q16: 1.0 is 65,536. Nothing here is a floating-point number, so
/// that every machine comes to the same result, bit for bit.
enum Binary {
    static let one: Int64 = 1 << 16

    /// The binary logarithm of a whole number from 1, in Q16, rounded down.
    ///
    /// The whole part is the place of the highest bit. Each fractional bit comes from squaring the mantissa in [1, 2):
    /// when the square is at least 2 the bit is set and the square is halved. 30 fractional bits of the mantissa are
    /// kept, which makes the result at most one unit too small.
    static func log2(_ value: UInt64) -> Int64 {
        guard value > 1 else { return 0 }
        let exponent = 63 - value.leadingZeroBitCount
        var mantissa = exponent >= 30 ? value >> UInt64(exponent - 30) : value << UInt64(30 - exponent)
        var fraction: Int64 = 0
        for _ in 0..<16 {
            mantissa = (mantissa * mantissa) >> 30
            fraction <<= 1
            if mantissa >= 1 << 31 {
                fraction |= 1
                mantissa >>= 1
            }
        }
        return Int64(exponent) << 16 | fraction
    }

    /// The natural logarithm of a whole number from 1, in Q16: the binary one times ln 2, which is 45,426 / 65,536.
    static func ln(_ value: UInt64) -> Int64 { (log2(value) * 45_426) >> 16 }

    /// The square root, rounded down.
    static func squareRoot(_ value: UInt64) -> UInt64 {
        guard value > 1 else { return value }
        // Newton's method from above, which falls until it is there.
        var root = UInt64(1) << UInt64((64 - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return root }
            root = next
        }
    }

    /// A Q16 number with one decimal, rounded to the nearest, for people.
    static func text(_ value: Int64) -> String { tenths((value * 10 + (value < 0 ? -one : one) / 2) / one) }

    /// A number of thousandths with one decimal, rounded to the nearest, for people.
    static func text(thousandths value: Int64) -> String { tenths((value + (value < 0 ? -50 : 50)) / 100) }

    private static func tenths(_ value: Int64) -> String {
        let magnitude = value.magnitude
        let sign = value < 0 ? "-" : ""
        return magnitude % 10 == 0 ? "\(sign)\(magnitude / 10)" : "\(sign)\(magnitude / 10).\(magnitude % 10)"
    }
}
