// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct UnitBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase("units.parse", #""10Mi""#, "10485760"),
            BuiltinCase("units.parse", #""1.1Ki""#, "1126.4000000000"),
            BuiltinCase("units.parse", #""100m""#, "0.1000000000"),
            BuiltinCase("units.parse", #""-3.5E2m""#, "-0.3500000000"),
            BuiltinCase("units.parse", #""0m""#, "0"),
            BuiltinCase("units.parse", #""0.0000005M""#, "0.5000000000"),
            BuiltinCase("units.parse", #""10e""#, "10000000000000000000"),
            BuiltinCase("units.parse", #""1e3M""#, "1000000000"),
            BuiltinCase("units.parse", #""\"100TI\"""#, "109951162777600"),
            BuiltinCase("units.parse", #""5E""#, "5000000000000000000"),
            BuiltinCase("units.parse", #""-.5k""#, "-500"),
            BuiltinCase("units.parse", "\"\"", "value: no amount provided"),
            BuiltinCase("units.parse", #""foo""#, "value: no amount provided"),
            BuiltinCase("units.parse", #""0.0.0""#, "value: could not parse amount to a number"),
            BuiltinCase("units.parse", #"".""#, "value: could not parse amount to a number"),
            BuiltinCase("units.parse", #""1e+""#, "value: could not parse amount to a number"),
            BuiltinCase("units.parse", #""1+1""#, "value: could not parse amount to a number"),
            BuiltinCase("units.parse", #""100 k""#, "value: spaces not allowed in resource strings"),
            BuiltinCase("units.parse", #""1MB""#, "value: unit Mb not recognized"),
            BuiltinCase("units.parse", #""1e1234567""#, "value: exponent too large"),
            BuiltinCase("units.parse", #""1e999999""#, "limit: number"),
            BuiltinCase("units.parse", "1", "type: operand 1 must be string but got number"),
            BuiltinCase("units.parse_bytes", #""10KIB""#, "10240"),
            BuiltinCase("units.parse_bytes", #""1.1KiB""#, "1126"),
            BuiltinCase("units.parse_bytes", #""100m""#, "100000000"),
            BuiltinCase("units.parse_bytes", #""4.5e1GiB""#, "48318382080"),
            BuiltinCase("units.parse_bytes", #""10eib""#, "11529215046068469760"),
            BuiltinCase("units.parse_bytes", #""1""#, "1"),
            BuiltinCase("units.parse_bytes", #""1b""#, "value: byte unit b not recognized"),
            BuiltinCase("units.parse_bytes", #""GB""#, "value: no byte amount provided"),
            BuiltinCase("units.parse_bytes", #""0.0.0""#, "value: could not parse byte amount to a number"),
            BuiltinCase("units.parse_bytes", #"" 327MiB ""#, "value: spaces not allowed in resource strings"),
        ])
    func `reads amounts with units`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
