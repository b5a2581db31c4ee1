// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `units.*`.
enum UnitBuiltins {
    static let all: [Builtin] = [
        Builtin("units.parse", [.string], .number, evaluate: parse),
        Builtin("units.parse_bytes", [.string], .number, evaluate: parseBytes),
    ]

    /// The units' letters by powers of 1000, or of 1024 with an `i` behind them.
    private static let letters = Array("kmgtpe".utf8)

    private static func parse(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let text = try text(arguments, context)
        var unit: [UInt8] = []
        let fraction: Fraction
        do throws(Quantity.Problem) {
            let quantity = try Quantity(text)
            unit = quantity.unit.prefix(1) + lowercase(quantity.unit.dropFirst())
            if unit == [UInt8(ascii: "m")] {
                // The nearest binary fraction of 53 bits to a thousandth, as OPA takes it.
                let factor = Magnitude(1_152_921_504_606_847)
                fraction = try quantity.scaled(by: factor, over: .one << 60, limits: context.limits)
            } else {
                guard let factor = factor(of: lowercase(unit[...])) else { throw .unit }
                fraction = try quantity.scaled(by: factor, limits: context.limits)
            }
        } catch {
            throw failure(error, unit: unit, noun: "")
        }
        try charge(fraction, context)
        return number(fraction, context.heap)
    }

    private typealias Fraction = (numerator: BigInteger, denominator: Magnitude)

    /// Counts the work of a division.
    private static func charge(_ fraction: Fraction, _ context: BuiltinContext) throws(BuiltinFailure) {
        try context.checkBits(max(fraction.numerator.magnitude.bitWidth, fraction.denominator.bitWidth))
    }

    /// The integer that a fraction is, or its ten digits after the point, rounded half away from zero.
    private static func number(_ fraction: Fraction, _ heap: Heap) -> Value {
        let isNegative = fraction.numerator.isNegative
        let (whole, remainder) = fraction.numerator.magnitude.dividing(by: fraction.denominator)
        if remainder.isZero { return heap.number(BigInteger(whole, isNegative: isNegative)) }
        let scaled = fraction.numerator.magnitude * .powerOfTen(10)
        let (floor, rest) = scaled.dividing(by: fraction.denominator)
        let digits = (rest + rest >= fraction.denominator ? floor + .one : floor).decimalDigits
        let padded = [UInt8](repeating: UInt8(ascii: "0"), count: max(11 &- digits.count, 0)) + digits
        let sign = isNegative ? [UInt8(ascii: "-")] : []
        return heap.number(text: sign + padded.dropLast(10) + [UInt8(ascii: ".")] + padded.suffix(10))
    }

    private static func parseBytes(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let text = try lowercase(text(arguments, context)[...])
        var unit: [UInt8] = []
        let fraction: Fraction
        do throws(Quantity.Problem) {
            let quantity = try Quantity(text)
            unit = quantity.unit
            let isNamed = unit.count > 1 && unit.last == UInt8(ascii: "b")
            guard let factor = factor(of: isNamed ? unit.dropLast() : unit) else { throw .unit }
            fraction = try quantity.scaled(by: factor, limits: context.limits)
        } catch {
            throw failure(error, unit: unit, noun: "byte ")
        }
        try charge(fraction, context)
        let whole = fraction.numerator.magnitude.dividing(by: fraction.denominator).quotient
        return context.heap.number(BigInteger(whole, isNegative: fraction.numerator.isNegative))
    }

    /// The operand without quotation marks.
    private static func text(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> [UInt8] {
        let text = try arguments.utf8(0)
        try context.checkString(text.count)
        return text.filter { $0 != UInt8(ascii: "\"") }
    }

    private static func lowercase(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
    }

    private static func factor(of unit: [UInt8]) -> Magnitude? {
        guard let letter = unit.first else { return .one }
        guard let power = letters.firstIndex(of: letter) else { return nil }
        if unit.count == 1 { return .powerOfTen((power &+ 1) &* 3) }
        return unit.count == 2 && unit[1] == UInt8(ascii: "i") ? .one << ((power &+ 1) &* 10) : nil
    }

    private static func failure(_ problem: Quantity.Problem, unit: [UInt8], noun: String) -> BuiltinFailure {
        switch problem {
        case .spaces: .value("spaces not allowed in resource strings")
        case .noAmount: .value("no \(noun)amount provided")
        case .exponent: .value("exponent too large")
        case .unit: .value("\(noun)unit \(String(decoding: unit, as: UTF8.self)) not recognized")
        case .amount: .value("could not parse \(noun)amount to a number")
        case .limit: .limit(.number)
        }
    }
}
