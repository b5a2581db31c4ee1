// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct VersionBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase("semver.compare", #""1.0.0", "2.0.0""#, "-1"),
            BuiltinCase("semver.compare", #""1.10.0", "1.9.9""#, "1"),
            BuiltinCase("semver.compare", #""1.2.3-alpha", "1.2.3""#, "-1"),
            BuiltinCase("semver.compare", #""1.2.3-alpha.1", "1.2.3-alpha""#, "1"),
            BuiltinCase("semver.compare", #""1.2.3-9", "1.2.3-10""#, "-1"),
            BuiltinCase("semver.compare", #""1.2.3-10", "1.2.3-a""#, "-1"),
            BuiltinCase("semver.compare", #""1.2.3-b", "1.2.3-a.b""#, "1"),
            BuiltinCase("semver.compare", #""1.2.3+01", "1.2.3+2""#, "0"),
            BuiltinCase("semver.compare", #""v1.2.3", "1.2.3""#, "0"),
            BuiltinCase("semver.compare", #""1.0.0", "1""#, #"value: operand 2: string "1" is not a valid SemVer"#),
            BuiltinCase(
                "semver.compare", #""1.2.3-", "1.2.3""#, #"value: operand 1: string "1.2.3-" is not a valid SemVer"#),
            BuiltinCase("semver.compare", #"1, "1.2.3""#, "type: operand 1 must be string but got number"),
            BuiltinCase("semver.is_valid", #""1.2.3-rc.1+b.2""#, "true"),
            BuiltinCase("semver.is_valid", #""1.2.3-0""#, "true"),
            BuiltinCase("semver.is_valid", #""1.02.3""#, "false"),
            BuiltinCase("semver.is_valid", #""1.2.3-01""#, "false"),
            BuiltinCase("semver.is_valid", #""1.2.3+""#, "false"),
            BuiltinCase("semver.is_valid", #""1.2.3-a..b""#, "false"),
            BuiltinCase("semver.is_valid", #""1.2.3.4""#, "false"),
            BuiltinCase("semver.is_valid", #""1.2.9223372036854775808""#, "false"),
            BuiltinCase("semver.is_valid", "\"\"", "false"),
            BuiltinCase("semver.is_valid", "1", "false"),
        ])
    func `orders versions and refuses what is none`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
