// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct ModuleBuiltinsTests {
    @Test(
        arguments: [
            BuiltinCase(
                "rego.parse_module", #""x.rego", "package foo.bar""#,
                #"{"package":{"path":[{"type":"var","value":"data"},{"type":"string","value":"foo"},{"type":"string","value":"bar"}]}}"#
            ),
            BuiltinCase(
                "rego.parse_module", #""x.rego", "package foo.""#,
                "value: 1 error occurred: x.rego:1: rego_parse_error: unexpected eof token: expected identifier"),
            BuiltinCase("rego.parse_module", "1, 2", "type: operand 1 must be string but got number"),
        ])
    func `shows the syntax tree of a module`(example: BuiltinCase) throws {
        let result = try example.run()
        #expect(result == example.expected)
    }
}
