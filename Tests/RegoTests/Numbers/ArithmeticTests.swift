// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct ArithmeticTests {
    let context = BuiltinContext(heap: Heap())

    func number(_ text: String) throws -> Value {
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws(NumberText.Failure) in
            try context.heap.number(parsing: bytes, limits: context.limits)
        }
    }

    func text(_ value: Value) -> String { String(decoding: value.numberText, as: UTF8.self) }

    func evaluate(_ left: String, _ operation: String, _ right: String) throws -> String {
        let (one, two) = (try number(left), try number(right))
        let result =
            switch operation {
            case "+": try Arithmetic.add(one, two, context)
            case "-": try Arithmetic.subtract(one, two, context)
            case "*": try Arithmetic.multiply(one, two, context)
            case "/": try Arithmetic.divide(one, two, context)
            default: try Arithmetic.remainder(one, two, context)
            }
        return text(result)
    }

    @Test(arguments: [
        ("0.1 + 0.2", "0.3"), ("1 / 3", "0.33333333333333333334"), ("2 / 3", "0.6666666666666666667"),
        ("1.1 * 1.1", "1.21"), ("123456789.123456789 * 10", "1.23456789123456789e+09"), ("10 / 4", "2.5"),
        ("9007199254740993 + 1", "9007199254740994"), ("9223372036854775806 + 1", "9223372036854775807"),
        ("9223372036854775807 + 1", "9223372036854775808"), ("3 - 1.1", "1.9"), ("0.1 * 3", "0.3"),
        ("1 - 1.0", "0"), ("5 % 2", "1"), ("5.0 % 2", "1"), ("-7 % 3", "-1"), ("17 % -5", "2"),
        ("18446744073709551617 + 1", "18446744073709551618"), ("18446744073709551617 * 2", "36893488147419103234"),
        ("-18446744073709551617 - 1", "-18446744073709551618"), ("1e30 + 1", "1000000000000000000000000000001"),
        ("10.00 + 5", "15"), ("2147483647 * 2147483647", "4611686014132420609"), ("1.5 + 2.5", "4"),
        ("10 % 18446744073709551616", "10"), ("100 % -18446744073709551616", "100"),
        ("18446744073709551617 % 18446744073709551616", "1"), ("7 % 340282366920938463463374607431768211456", "7"),
        ("6 / 3", "2"), ("-6 / 3", "-2"), ("1 / 4", "0.25"), ("0 / 5", "0"), ("1e-3 * 1e-4", "1e-07"),
        ("-9223372036854775808 / -1", "9223372036854775808"), ("1000000.5 + 1", "1.0000015e+06"),
        ("0.00012 + 0", "0.00012"), ("0.000012 + 0", "1.2e-05"),
        ("1e400 - 1e399", "9" + String(repeating: "0", count: 399)),
    ])
    func `computes as OPA prints it`(_ expression: String, _ result: String) throws {
        let parts = expression.split(separator: " ").map(String.init)
        #expect(try evaluate(parts[0], parts[1], parts[2]) == result)
    }

    @Test(arguments: [
        ("5 % 2.5", "modulo on floating-point number"), ("7 % 0", "modulo by zero"), ("1 / 0.0", "divide by zero"),
        ("1 / 0", "divide by zero"), ("1 % 0.0", "modulo by zero"),
    ])
    func `refuses what has no result`(_ expression: String, _ message: String) throws {
        let parts = expression.split(separator: " ").map(String.init)
        #expect {
            try evaluate(parts[0], parts[1], parts[2])
        } throws: {
            if case .value(message)? = $0 as? BuiltinFailure { true } else { false }
        }
    }

    @Test(arguments: [
        ("2.5", "3", "3", "2"), ("-2.5", "-3", "-2", "-3"), ("1.01", "1", "2", "1"), ("-0.5", "-1", "0", "-1"),
        ("-1.99999", "-2", "-1", "-2"), ("2222.2222222222", "2222", "2223", "2222"), ("7", "7", "7", "7"),
        ("4.0", "4", "4", "4"), ("0.49", "0", "1", "0"),
    ])
    func `rounds to integers`(_ input: String, _ rounded: String, _ above: String, _ below: String) throws {
        let value = try number(input)
        #expect(text(try Arithmetic.round(value, context)) == rounded)
        #expect(text(try Arithmetic.ceiling(value, context)) == above)
        #expect(text(try Arithmetic.floor(value, context)) == below)
    }

    @Test(arguments: [
        ("1", "1.0", 0), ("1", "1e0", 0), ("10e-1", "1", 0), ("1e400", "1e399", 1), ("-1e400", "1", -1),
        ("0.1", "0.10000000000000000000000000000000000001", -1), ("9223372036854775808", "9223372036854775807", 1),
        ("1e999", "1e1000", -1), ("0", "-0.0", 0), ("-1.5", "-1.25", -1), ("123.45", "1.2345e2", 0),
        ("100", "1e2", 0), ("99", "1e2", -1), ("12", "1.2e1", 0), ("120", "12", 1), ("0.5", "0", 1),
    ])
    func `orders by value and hashes equals alike`(_ left: String, _ right: String, _ order: Int) throws {
        let (one, two) = (try number(left), try number(right))
        #expect(one.compare(to: two) == order)
        #expect(two.compare(to: one) == 0 - order)
        #expect(one.isEqual(to: two) == (order == 0))
        if order == 0 { #expect(one.hash == two.hash) }
    }

    @Test(arguments: [
        "", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x10", "1 ", "1e5.5", "NaN", "Infinity", "--1",
    ])
    func `refuses what is no number`(_ text: String) {
        #expect(throws: NumberText.Failure.malformed) { try number(text) }
    }

    @Test func `keeps numbers as they are written, and integers as integers`() throws {
        for written in ["1.0", "1e2", "1.50", "-0", "0.0", "-9223372036854775809", "9223372036854775808"] {
            #expect(try number(written).tag == .decimal)
            #expect(text(try number(written)) == written)
        }
        for written in ["0", "-1", "9223372036854775807", "-9223372036854775808"] {
            #expect(try number(written).tag == .integer)
            #expect(text(try number(written)) == written)
        }
        #expect(try number("2.0").exactInteger == 2)
        #expect(try number("20e-1").exactInteger == 2)
        #expect(try number("2.5").exactInteger == nil)
        #expect(try number("1e19").exactInteger == nil)
        #expect(try number("-9223372036854775808.0").exactInteger == .min)
    }

    @Test func `bounds numbers`() throws {
        #expect(throws: NumberText.Failure.limit) { try number("1e999999999") }
        #expect(throws: NumberText.Failure.limit) { try number("1e-999999999") }
        #expect(throws: NumberText.Failure.limit) { try number(String(repeating: "7", count: 1001)) }
        #expect(throws: NumberText.Failure.limit) { try number("1e99999999999999999999999999") }
        var value = try number("1e10000")
        #expect {
            for _ in 0..<100 { value = try Arithmetic.multiply(value, value, context) }
        } throws: {
            if case .limit? = $0 as? BuiltinFailure { true } else { false }
        }
        // What was never parsed may be as large as it likes.
        let huge = context.heap.number(text: Array("1e999999999".utf8))
        #expect(huge.compare(to: .integer(1)) == 1)
        #expect(huge.isEqual(to: huge))
        #expect {
            try Arithmetic.add(huge, .integer(1), context)
        } throws: {
            if case .limit(.number)? = $0 as? BuiltinFailure { true } else { false }
        }
    }

    @Test func `agrees with the mantissa of the processor`() throws {
        #if arch(x86_64)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let scale = Float80(sign: .plus, exponent: Int.random(in: -200...200), significand: 1)
            let one = Float80(Int64.random(in: .min ... .max, using: &random)) * scale
            let two = Float80(Int64.random(in: .min ... .max, using: &random))
            for (operation, result) in [("+", one + two), ("-", one - two), ("*", one * two), ("/", one / two)] {
                let (left, right) = (SoftFloat(one), SoftFloat(two))
                let computed =
                    switch operation {
                    case "+": left + right
                    case "-": left - right
                    case "*": left * right
                    default: left / right
                    }
                #expect(computed == SoftFloat(result))
                let text = computed.text
                text.withUnsafeBufferPointer { #expect(SoftFloat(DecimalText($0)) == computed) }
            }
        }
        #endif
    }

    @Test func `divides long numbers`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let divisor = Magnitude(limbs: (0..<Int.random(in: 1...5)).map { _ in random.next() | 1 })
            var limbs: [UInt64] = (0..<Int.random(in: 1...9)).map { _ in random.next() }
            if Bool.random() { limbs[0] = .max; limbs[limbs.count - 1] = .max }
            let dividend = Magnitude(limbs: limbs)
            let (quotient, remainder) = dividend.dividing(by: divisor)
            #expect(remainder < divisor)
            #expect(quotient * divisor + remainder == dividend)
            #expect(Magnitude(digits: dividend.decimalDigits) == dividend)
        }
        let top = Magnitude(limbs: [0, 0, 1 << 63])
        #expect(top.dividing(by: Magnitude(limbs: [1, 1 << 63])).quotient == Magnitude(limbs: [.max]))
    }
}

#if arch(x86_64)
extension SoftFloat {
    fileprivate init(_ value: Float80) {
        var result = SoftFloat(BigInteger(Magnitude(value.significandBitPattern | 1 << 63)))
        let exponent = Int(value.exponent) - 63
        if value.isZero { result = SoftFloat(Int64(0)) }
        let power = SoftFloat(BigInteger(Magnitude.one << abs(exponent)))
        result = exponent < 0 ? result / power : result * power
        self = value.sign == .minus ? -result : result
    }
}
#endif
