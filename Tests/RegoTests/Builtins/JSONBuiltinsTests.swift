// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct JSONBuiltinsTests {
    @Test(arguments: [
        (#"json.marshal({"b": 1.0, "a": [1e2, {1}]})"#, #""{\"a\":[1e2,[1]],\"b\":1.0}""#),
        (#"json.marshal("<a&b>")"#, #""\"\\u003ca\\u0026b\\u003e\"""#),
        (#"json.marshal({1: 2, ["x"]: 3})"#, #""{\"1\":2,\"[\\\"x\\\"]\":3}""#),
        (#"json.unmarshal("[1.0, 1e2]")"#, "[1.0, 1e2]"),
        (#"json.marshal_with_options([1], {"indent": " ", "prefix": "- "})"#, #""- [\n-  1\n- ]""#),
        (#"json.marshal_with_options([1], {"pretty": false, "indent": " "})"#, #""[1]""#),
        (#"json.marshal_with_options([1], {"pretty": true})"#, #""[\n\t1\n]""#),
        (#"json.is_valid("{}")"#, "true"), (#"json.is_valid("{a}")"#, "false"),
    ])
    func `computes`(_ expression: String, _ value: String) throws {
        #expect(try Expressions.value(expression) == value)
    }

    @Test(arguments: [
        (#"json.unmarshal("{")"#, "json.unmarshal: unexpected EOF"), (#"json.unmarshal("")"#, "json.unmarshal: EOF"),
        (#"json.unmarshal("[1 2]")"#, "json.unmarshal: invalid character '2' after array element"),
        (#"json.marshal_with_options(1, {"x": 1})"#, "operand 2 object contained unknown key \"x\""),
        (#"json.unmarshal(sprintf("%s%s", [concat("", ["[" | numbers.range(1, 70)[_]]), "1"]))"#, "depth"),
        (#"json.is_valid(concat("", ["[" | numbers.range(1, 70)[_]]))"#, "depth"),
    ])
    func `says what is wrong`(_ expression: String, _ message: String) throws {
        #expect(try Expressions.failure(expression)?.contains(message) == true)
    }
}
