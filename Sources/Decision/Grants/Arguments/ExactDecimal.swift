// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A decimal number of any size, for comparison without rounding.
///
/// The value is `0.d1d2d3… × 10^exponent` with the sign in front; no digits is zero.
struct ExactDecimal: Comparable, Sendable, Hashable {
    private let isNegative: Bool
    private let digits: [UInt8]
    private let exponent: Int

    /// The largest magnitude of an exponent that is told apart; beyond it numbers are taken for equally large.
    private static let maximumExponent = 1 << 40

    /// Reads a JSON number (RFC 8259, section 6).
    ///
    /// - Returns: `nil` when the text is not one.
    init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        let whole = Self.takeDigits(&bytes)
        var fraction: ArraySlice<UInt8> = []
        guard !whole.isEmpty else { return nil }
        if bytes.first == UInt8(ascii: ".") {
            bytes = bytes.dropFirst()
            fraction = Self.takeDigits(&bytes)
            guard !fraction.isEmpty else { return nil }
        }
        guard let power = Self.takeExponent(&bytes), bytes.isEmpty else { return nil }
        var digits = Array(whole) + fraction
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        while digits.last == 0 { digits.removeLast() }
        self.isNegative = isNegative && !digits.isEmpty
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : whole.count - leading + power
    }

    /// Whether the number has no fractional part.
    var isInteger: Bool { exponent >= digits.count }

    static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.isSmallerMagnitude(than: left) : left.isSmallerMagnitude(than: right)
    }

    private func isSmallerMagnitude(than other: ExactDecimal) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        if exponent != other.exponent { return exponent < other.exponent }
        return digits.lexicographicallyPrecedes(other.digits)
    }

    private static func takeDigits(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = bytes.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        bytes = bytes.dropFirst(digits.count)
        return ArraySlice(digits.map { $0 - UInt8(ascii: "0") })
    }

    /// Reads `e+12`; nothing there is 0.
    private static func takeExponent(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first, first | 0x20 == UInt8(ascii: "e") else { return 0 }
        bytes = bytes.dropFirst()
        var isNegative = false
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            bytes = bytes.dropFirst()
        }
        let digits = takeDigits(&bytes)
        guard !digits.isEmpty else { return nil }
        var value = 0
        for digit in digits where value < maximumExponent { value = value * 10 + Int(digit) }
        value = min(value, maximumExponent)
        return isNegative ? -value : value
    }
}
