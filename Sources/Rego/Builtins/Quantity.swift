// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A number with a unit behind it, `1.5Ki`, as exact fractions of integers.
struct Quantity {
    /// Why a text is no quantity.
    enum Problem: Error {
        case spaces
        case noAmount
        case exponent
        case unit
        case amount
        case limit
    }

    /// What follows the amount.
    let unit: [UInt8]
    private let amount: ArraySlice<UInt8>

    /// Splits a text without quotation marks; a text that begins with a unit has no amount.
    init(_ text: [UInt8]) throws(Problem) {
        if text.contains(UInt8(ascii: " ")) { throw .spaces }
        let end = try Quantity.endOfAmount(text)
        if end == 0 { throw .noAmount }
        amount = text[..<end]
        unit = Array(text[end...])
    }

    /// An `e` belongs to the amount if a digit or a sign follows.
    private static func endOfAmount(_ text: [UInt8]) throws(Problem) -> Int {
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte | 0x20 == UInt8(ascii: "e") {
                guard position &+ 1 < text.count, isDigit(text[position &+ 1]) || isSign(text[position &+ 1]) else {
                    return position
                }
                if isSign(text[position &+ 1]) { position &+= 1 }
                if text[(position &+ 1)...].prefix(while: isDigit).count > 6 { throw .exponent }
            } else if !isDigit(byte) && byte != UInt8(ascii: ".") && !isSign(byte) {
                return position
            }
            position &+= 1
        }
        return text.count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }

    /// The amount times a fraction.
    func scaled(
        by factor: Magnitude, over divisor: Magnitude = .one, limits: Limits
    ) throws(Problem) -> (numerator: BigInteger, denominator: Magnitude) {
        var rest = amount
        let isNegative = rest.first == UInt8(ascii: "-")
        if let first = rest.first, Quantity.isSign(first) { rest = rest.dropFirst() }
        let whole = rest.prefix(while: Quantity.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: Quantity.isDigit)
            rest = rest.dropFirst(fraction.count &+ 1)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { throw .amount }
        var exponent = 0
        if let letter = rest.first {
            guard letter | 0x20 == UInt8(ascii: "e"), let value = Int(String(decoding: rest.dropFirst(), as: UTF8.self))
            else { throw .amount }
            exponent = value
        }
        guard whole.count &+ fraction.count <= limits.numberDigits, exponent.magnitude <= limits.numberExponent else {
            throw .limit
        }
        exponent &-= fraction.count
        let digits = Magnitude(digits: whole + fraction) * factor
        let power = Magnitude.powerOfTen(Int(exponent.magnitude))
        return (
            BigInteger(exponent > 0 ? digits * power : digits, isNegative: isNegative),
            exponent < 0 ? divisor * power : divisor
        )
    }
}
