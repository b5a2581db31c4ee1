// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct YAMLBuiltinsTests {
    @Test(
        arguments: [
            ("a: 1\nb: [x, 2.5]\n", ["a": 1, "b": ["x", .decimal("2.5")]]), ("", nil),
            ("- a\n- ~\n- null\n- ''\n", ["a", nil, nil, ""]),
            ("yes: on\n", ["true": true]),
            ("a: 0x1F\nb: 017\nc: 1_000\nd: 0b11\n", ["a": 31, "b": 15, "c": 1000, "d": 3]),
            ("a: 1e3\nb: 1.0\nc: 08\n", ["a": 1000, "b": 1, "c": 8]),
            ("1: a\n2.5: b\ntrue: c\n", ["1": "a", "2.5": "b", "true": "c"]),
            ("a: !!str 5\nb: !!float 5\nc: !x 5\nd: '5'\n", ["a": "5", "b": 5, "c": "5", "d": "5"]),
            ("base: &b {p: 1, q: 2}\nc:\n  <<: *b\n  q: 3\n", ["base": ["p": 1, "q": 2], "c": ["p": 1, "q": 3]]),
            ("a: |\n  x\n  y\nb: >\n  x\n  y\n", ["a": "x\ny\n", "b": "x y\n"]),
            ("a: 2001-01-01\n", ["a": "2001-01-01"]),
            ("a: 1\na: 2\n", ["a": 2]), ("{\"a\": [1, {\"b\": null}]}", ["a": [1, ["b": nil]]]),
            ("a: 1\n---\nb: 2\n", ["a": 1]),
            ("18446744073709551615", .decimal("18446744073709551615")), ("1e30", .decimal("1e+30")),
            ("- &x 1\n- *x\n", [1, 1]),
        ] as [(String, Operand)])
    func `reads documents`(text: String, expected: Operand) throws {
        #expect(try BuiltinCaller()("yaml.unmarshal", .string(text)) == expected)
    }

    @Test(
        arguments: [
            ("[1,2,3", "yaml: line 1: did not find expected ',' or ']'"), ("a: .nan", "json: unsupported value: NaN"),
            ("a: *x", "yaml: unknown anchor 'x' referenced"), ("a: &x [*x]", "yaml: anchor 'x' value contains itself"),
            ("~: 1", "unsupported map key"), ("? [a]\n: 1", "unsupported map key"),
            ("a: !!int x", "yaml: cannot decode !!str `x` as a !!int"),
            ("a: 1\nb: {", "yaml: line 2: did not find expected node content"),
        ])
    func `says why a text cannot be read`(text: String, words: String) throws {
        let call = BuiltinCaller()
        #expect(call.failure("yaml.unmarshal", .string(text)) == words)
        #expect(try call("yaml.is_valid", .string(text)) == false)
    }

    @Test func `takes a number for no document`() throws {
        #expect(try BuiltinCaller()("yaml.is_valid", 1) == false)
    }

    @Test func `refuses aliases that multiply a text`() {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1..<10 {
            let part = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            text += "a\(level): &a\(level) [\(part)]\n"
        }
        #expect(BuiltinCaller().failure("yaml.unmarshal", .string(text)) == "limit: input")
    }

    @Test(arguments: ["[", "- ", "{a: ", "? "])
    func `refuses deep nesting`(part: String) {
        let failure = BuiltinCaller().failure("yaml.unmarshal", .string(String(repeating: part, count: 20_000)))
        #expect(failure?.hasPrefix("limit: ") == true || failure?.hasPrefix("yaml: ") == true)
    }

    @Test(
        arguments: [
            (["a": [1, "x"], "b": ["c": true]], "a:\n- 1\n- x\nb:\n  c: true\n"), ([], "[]\n"),
            (["a": [:], "b": []], "a: {}\nb: []\n"),
            (nil, "null\n"), ("true", "\"true\"\n"), ("yes", "\"yes\"\n"), ("1", "\"1\"\n"), ("a: b", "'a: b'\n"),
            ("", "\"\"\n"),
            ("a\nb", "|-\n  a\n  b\n"), ("2001-01-01", "\"2001-01-01\"\n"), ("1:30", "\"1:30\"\n"), ("- x", "'- x'\n"),
            ("#x", "'#x'\n"),
            ([[1, 2], [3]], "- - 1\n  - 2\n- - 3\n"), ([["a": 1, "b": 2]], "- a: 1\n  b: 2\n"),
            (.decimal("1e3"), "1000\n"),
            (.decimal("2.50"), "2.5\n"), (["a10": 1, "a9": 2, "A": 3], "A: 3\na9: 2\na10: 1\n"), ("é", "é\n"),
            (.set([2, 1]), "- 1\n- 2\n"),
            (
                .string(String(repeating: "word ", count: 20) + "end"),
                String(repeating: "word ", count: 16) + "word\n  word word word end\n"
            ),
        ] as [(Operand, String)])
    func `writes values`(value: Operand, expected: String) throws {
        #expect(try BuiltinCaller()("yaml.marshal", value) == .string(expected))
    }

    @Test func `refuses texts that are too long`() {
        var limits = Limits()
        limits.stringBytes = 100
        let value = Operand.array(Array(repeating: "0123456789", count: 20_000))
        #expect(BuiltinCaller(limits: limits).failure("yaml.marshal", value) == "limit: string")
    }

    @Test func `sends no requests`() throws {
        let call = BuiltinCaller()
        #expect(
            call.failure("http.send", ["bad_key": "x", "method": "get", "url": "http://127.0.0.1"])
                == "type: operand 1 invalid request parameters(s): {\"bad_key\"}")
        #expect(
            call.failure("http.send", ["method": "get"])
                == "type: operand 1 missing required request parameters(s): {\"url\"}")
        #expect(call.failure("http.send", ["method": "get", "url": "x"]) == "requests are not sent during a decision")
        #expect(try call("opa.runtime") == [:])
    }
}
