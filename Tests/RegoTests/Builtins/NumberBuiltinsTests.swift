// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct NumberBuiltinsTests {
    @Test(arguments: [
        ("numbers.range(3, 1)", "[3, 2, 1]"), ("numbers.range(1.0, 2)", "[1, 2]"),
        ("numbers.range_step(1, 10, 4)", "[1, 5, 9]"),
        ("numbers.range_step(0, 10, 99999999999999999999)", "[0]"),
        (
            "numbers.range(9223372036854775806, 9223372036854775808)",
            "[9223372036854775806, 9223372036854775807, 9223372036854775808]"
        ),
        ("bits.and(6, 3)", "2"), ("bits.or(6, 3)", "7"), ("bits.xor(-1, 5)", "-6"), ("bits.negate(5)", "-6"),
        ("bits.lsh(1, 64)", "18446744073709551616"),
        ("bits.rsh(-5, 1)", "-3"), ("bits.rsh(-1, 100)", "-1"), ("bits.rsh(18446744073709551616, 60)", "16"),
        ("bits.lsh(-1, 65)", "-36893488147419103232"),
        ("bits.and(-18446744073709551616, 36893488147419103231)", "18446744073709551616"),
        ("bits.negate(18446744073709551615)", "-18446744073709551616"),
        ("bits.or(-18446744073709551617, 1)", "-18446744073709551617"), ("bits.rsh(1, 99999999999999999999)", "0"),
        ("bits.lsh(0, 99999999999999999999)", "0"),
        ("to_number(\"10\")", "10"), ("to_number(\"1e3\")", "1e3"), ("to_number(null)", "0"), ("to_number(true)", "1"),
        ("to_number(\"-42.0\")", "-42.0"),
        ("to_number(\"+1\")", "1"), ("to_number(\".5\")", "0.5"), ("to_number(\"1.\")", "1"),
        ("to_number(\"007\")", "7"), ("to_number(\"-00.50e1\")", "-0.50e1"),
        ("round(2.5)", "3"), ("ceil(-1.2)", "-1"), ("floor(-1.2)", "-2"), ("abs(-3.5)", "3.5"),
        ("abs(-9223372036854775808)", "9223372036854775808"),
        ("count({rand.intn(\"a\", 1000000) | numbers.range(1, 9)[_]})", "1"), ("rand.intn(\"a\", 0)", "0"),
        ("rand.intn(\"a\", 1)", "0"), ("rand.intn(\"a\", -1)", "0"),
        ("count({uuid.rfc4122(\"a\"), uuid.rfc4122(\"a\"), uuid.rfc4122(\"b\")})", "2"),
        ("count(uuid.rfc4122(\"a\"))", "36"),
        ("uuid.parse(uuid.rfc4122(\"a\"))", #"{"variant": "RFC4122", "version": 4}"#), ("uuid.parse(\"x\")", nil),
        ("uuid.parse(\"0000000000000000000000000000000\u{E9}\")", nil),
    ])
    func `computes`(_ expression: String, _ value: String?) throws {
        #expect(try Expressions.value(expression) == value)
    }

    @Test(arguments: [
        ("to_number(\" 1\")", "to_number"),
        ("to_number(\"nan\")", "to_number: operand 1 must be valid number string but got string"),
        ("to_number(\"\")", "invalid syntax"), ("to_number(\".\")", "invalid syntax"),
        ("to_number(\"1e\")", "invalid syntax"), ("to_number(\"0x10\")", "invalid syntax"),
        ("numbers.range(1, 2.5)", "numbers.range: operand 2 must be integer number but got floating-point number"),
        ("numbers.range_step(1, 2, 0)", "numbers.range_step: step must be a positive integer"),
        ("bits.lsh(1, -1)", "operand 2 must be an unsigned integer number but got a negative integer"),
        ("bits.and(7.2, 1)", "bits.and: operand 1 must be integer number but got floating-point number"),
    ])
    func `says what is wrong`(_ expression: String, _ message: String) throws {
        #expect(try Expressions.failure(expression)?.contains(message) == true)
    }
}
