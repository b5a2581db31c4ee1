// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct RegexBuiltinsTests {
    @Test(
        arguments: [
            ("^a+$", "aaa", true), ("(?i)ABC", "xabcx", true), ("a.c", "a\nc", false), ("", "x", true),
            ("^$", "", true),
            (#"^\p{Lu}\d{2,3}$"#, "É12", true), (#"\bfoo\b"#, "a foo b", true), ("(?<year>[0-9]+)-", "1999-", true),
            ("[[:alpha:](?<]+$", "a(", true), (#"\Q(?<a>\E"#, "(?<a>", true), (#"\Qa\b\E$"#, #"a\b"#, true),
        ] as [(String, String, Bool)])
    func `matches anywhere in the text`(pattern: String, text: String, expected: Bool) throws {
        #expect(try BuiltinCaller()("regex.match", .string(pattern), .string(text)) == .boolean(expected))
    }

    @Test(
        arguments: [
            ("(", "missing closing ): `(`"), ("a[b", "missing closing ]: `[b`"),
            ("++", "missing argument to repetition operator: `+`"),
            ("a**", "invalid nested repetition operator: `**`"), ("a{1001}", "invalid repeat count: `{1001}`"),
            (#"\8"#, #"invalid escape sequence: `\8`"#), (#"\C"#, #"invalid escape sequence: `\C`"#),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"), ("[z-a]", "invalid character class range: `z-a`"),
            ("a)", "unexpected ): `a)`"), ("(?P<n", "invalid named capture: `(?P<n`"),
        ])
    func `refuses what is no pattern in the words of Go`(pattern: String, words: String) throws {
        let call = BuiltinCaller()
        #expect(call.failure("regex.match", .string(pattern), "a") == "error parsing regexp: \(words)")
        #expect(try call("regex.is_valid", .string(pattern)) == false)
    }

    @Test func `takes a number for no pattern`() throws {
        #expect(try BuiltinCaller()("regex.is_valid", 10) == false)
        #expect(BuiltinCaller().failure("regex.match", 10, "a") == "type: operand 1 must be string but got number")
    }

    @Test(
        arguments: [
            ("a.", "paranormal", 2, ["ar", "an"]), ("a.", "paranormal", 0, []), ("^a.", "abacad", -1, ["ab"]),
            (".$", "abac", -1, ["c"]), ("a|ab", "ab", -1, ["a"]), ("a*", "baac", -1, ["", "aa", ""]),
            ("", "é!", -1, ["", "", ""]), ("x*", "", -1, [""]),
        ] as [(String, String, Int64, [String])])
    func `finds matches from left to right`(pattern: String, text: String, most: Int64, found: [String]) throws {
        let result = try BuiltinCaller()("regex.find_n", .string(pattern), .string(text), .integer(most))
        #expect(result == .array(found.map { .string($0) }))
    }

    @Test func `finds groups, empty where they took no part`() throws {
        let call = BuiltinCaller()
        #expect(
            try call("regex.find_all_string_submatch_n", "[^aouiye]([aouiye])([^aouiye])?", "somestri", -1)
                == [["som", "o", "m"], ["ri", "i", ""]])
        #expect(
            call.failure("regex.find_all_string_submatch_n", "a", "a", "1")
                == "type: operand 3 must be number but got string")
    }

    @Test(
        arguments: [
            ("a+", "baacad", ["b", "c", "d"]), ("a", "banana", ["b", "n", "n", ""]), ("a", "", [""]), ("", "", []),
            ("", "abc", ["a", "b", "c"]), ("x*", "axbxc", ["a", "b", "c"]), ("^[a-z]+", "foobar baz", ["", " baz"]),
        ] as [(String, String, [String])])
    func `splits around matches`(pattern: String, text: String, parts: [String]) throws {
        let result = try BuiltinCaller()("regex.split", .string(pattern), .string(text))
        #expect(result == .array(parts.map { .string($0) }))
    }

    @Test(
        arguments: [
            ("foobar", "o(.)", "<$1>", "f<o>bar"), ("foo", "(foo)", "$1$1", "foofoo"), ("foo", "^[a-z]", "F", "Foo"),
            ("-wy-wxxy-", "w(x*)y", "0", "-0-0-"), ("abc", "", "-", "-a-b-c-"), ("baac", "a*", "x", "xbxcx"),
            ("a b", #"(?P<first>\w) (?P<second>\w)"#, "${second} $first", "b a"), ("a", "a", "$$1", "$1"),
            ("a", "a", "$", "$"), ("a", "(a)", "$1x", ""), ("a", "(a)", "${1}x", "ax"), ("a", "(a)", "${1", "${1"),
            ("a", "(a)", "$01", ""), ("a", "(a)", "$0$2", "a"), ("unchanged", "z", "y", "unchanged"),
            ("é", "", ".", ".é."), ("ab", "(?P<n>a)|(?P<n>b)", "<$n>", "<a><b>"),
        ])
    func `replaces matches`(text: String, pattern: String, replacement: String, expected: String) throws {
        let call = BuiltinCaller()
        #expect(
            try call("regex.replace", .string(text), .string(pattern), .string(replacement)) == .string(expected))
    }

    @Test func `matches templates`() throws {
        let call = BuiltinCaller()
        #expect(try call("regex.template_match", "urn:foo:{.*}", "urn:foo:bar:baz", "{", "}") == true)
        #expect(try call("regex.template_match", "a.c:<[0-9]+>", "abc:1", "<", ">") == false)
        #expect(
            call.failure("regex.template_match", "a{b", "a", "{", "}") == "unbalanced braces in \"a{b\"")
        #expect(
            call.failure("regex.template_match", "a", "a", "{{", "}")
                == "start delimiter has to be exactly one character long but is 2 long")
        #expect(call.failure("regex.template_match", "a{)(}", "a", "{", "}") != nil)
    }

    @Test(
        arguments: [
            ("[a-z]+", "[0-9]*", false), (#"[a-z]+\[[0-9]+\]"#, #"foo\[1\]"#, true),
            (#"[a-z]+\[[0-9]+\]"#, #"foo["bar"]"#, false),
            ("b.*", "baz", true), ("a+b", "ab*", true), ("a*", "", true), ("a+", "", false), ("a.c", "abb*c", true),
            ("[a-c]+x", "a*bx", true),
        ] as [(String, String, Bool)])
    func `tells whether two globs share a text`(left: String, right: String, expected: Bool) throws {
        #expect(try BuiltinCaller()("regex.globs_match", .string(left), .string(right)) == .boolean(expected))
    }

    @Test func `says where a glob is wrong`() {
        #expect(
            BuiltinCaller().failure("regex.globs_match", "pqrs]", "[a-b]+")
                == "input:pqrs], pos:5, set-close ']' with no preceding '[': the input provided is invalid")
    }

    @Test func `is not slowed down by patterns that make others backtrack`() throws {
        var limits = Limits()
        limits.heapBytes = 64 << 20
        let call = BuiltinCaller(limits: limits)
        let text = String(repeating: "a", count: 1 << 20) + "!"
        #expect(try call("regex.match", "(a+)+$", .string(text)) == false)
        #expect(call.failure("regex.find_n", "a*b|", .string(text), -1)?.hasPrefix("limit: ") == true)
    }

    @Test func `refuses patterns that are too long or too large`() {
        let long = Operand.string(String(repeating: "a", count: 1 << 20))
        #expect(BuiltinCaller().failure("regex.match", long, "a") == "limit: pattern")
        #expect(BuiltinCaller().failure("regex.match", #"(\pL{500}){2}"#, "a") == "limit: pattern")
    }

    @Test func `compiles a pattern once`() throws {
        var limits = Limits()
        limits.instructions = 100
        let call = BuiltinCaller(limits: limits)
        for _ in 0..<20 { #expect(try call("regex.match", "^a+$", "aaa") == true) }
    }
}
