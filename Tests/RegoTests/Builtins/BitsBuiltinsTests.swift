// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct BitsBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase("bits.and", "7, 9", "1"),
            BuiltinCase("bits.and", "-1, 18446744073709551616", "18446744073709551616"),
            BuiltinCase("bits.and", "-18446744073709551616, -1", "-18446744073709551616"),
            BuiltinCase("bits.or", "50, 0", "50"),
            BuiltinCase("bits.or", "-8, 3", "-5"),
            BuiltinCase("bits.xor", "42, 3", "41"),
            BuiltinCase("bits.xor", "-1, 9223372036854775808", "-9223372036854775809"),
            BuiltinCase("bits.and", "2.0, 3", "2"),
            BuiltinCase("bits.negate", "42", "-43"),
            BuiltinCase("bits.negate", "-1", "0"),
            BuiltinCase("bits.lsh", "9223372036854775807, 1", "18446744073709551614"),
            BuiltinCase("bits.lsh", "-3, 2", "-12"),
            BuiltinCase("bits.lsh", "0, 99999999999999999999", "0"),
            BuiltinCase("bits.lsh", "1, 1000000", "limit: number"),
            BuiltinCase("bits.rsh", "8, 3", "1"),
            BuiltinCase("bits.rsh", "-5, 1", "-3"),
            BuiltinCase("bits.rsh", "-5, 99999999999999999999", "-1"),
            BuiltinCase(
                "bits.rsh", "7, -1", "type: operand 2 must be an unsigned integer number but got a negative integer"),
            BuiltinCase(
                "bits.xor", "7.2, 42", "type: operand 1 must be integer number but got floating-point number"),
            BuiltinCase("bits.or", #"1, "x""#, "type: operand 2 must be integer but got string"),
        ])
    func `combines and shifts integers of any size`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
