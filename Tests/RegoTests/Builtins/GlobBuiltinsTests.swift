// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct GlobBuiltinsTests {
    @Test(
        arguments: [
            ("*.github.com", ["."], "api.github.com", true), ("*.github.com", ["."], "a.b.github.com", false),
            ("api.**.com", ["."], "api.cdn.github.com", true), ("*:github:com", [":"], "api:github:com", true),
            ("[abc]at", [], "fat", false), ("[!abc]at", [], "fat", true), ("[a-c]at", [], "bat", true),
            ("[!a-c]at", [], "bat", false), ("?at", [], "fat", true), ("?at", ["f"], "fat", false),
            ("{cat,bat,[fr]at}", [], "rat", true), ("{cat,bat,[fr]at}", [], "at", false), ("*", [], "foo.bar", false),
            ("*", nil, "foo.bar", true), ("?", nil, "", false), ("a/*/b", nil, "a/b", false),
            ("a/**/b", nil, "a//b", true),
            ("**/x", nil, "x", false), ("{**/,}x", nil, "x", true), ("*?*", [".", "/"], "abc", true),
            ("*", [".", "/"], "a/b", false), (#"\*"#, nil, "a", false), (#"\*"#, nil, "*", true),
            ("a.c", nil, "abc", false),
            ("a,b", nil, "a,b", true), ("a}", nil, "a}", true), ("{*.,}google*", nil, "agoogle.com", false),
            ("ångstr[ö]m", nil, "ångström", true), ("?", nil, "é", true), (#"[\]]"#, nil, "]", true),
            ("*", nil, "a\nb", true),
            ("{a{b,c},d}", nil, "ac", true), ("***", ["."], "a.b", true), ("a^$|(b)", nil, "a^$|(b)", true),
            ("*.", ["."], "a..", false),
        ] as [(String, Operand, String, Bool)])
    func `matches whole texts`(pattern: String, delimiters: Operand, text: String, expected: Bool) throws {
        #expect(try BuiltinCaller()("glob.match", .string(pattern), delimiters, .string(text)) == .boolean(expected))
    }

    @Test(arguments: ["{a", "[a", "[]", "[!]", "[b-a]", "[a-bc]", #"a\"#, "[a-"])
    func `refuses what is no pattern`(pattern: String) {
        #expect(BuiltinCaller().failure("glob.match", .string(pattern), nil, "a")?.hasPrefix("glob: ") == true)
    }

    @Test func `tells delimiters of one pattern apart`() throws {
        let call = BuiltinCaller()
        #expect(try call("glob.match", "*", ["."], "a.b") == false)
        #expect(try call("glob.match", "*", ["/"], "a.b") == true)
        #expect(try call("glob.match", "*", ["/", "."], "a.b") == false)
    }

    @Test func `refuses delimiters that are no characters`() {
        let call = BuiltinCaller()
        #expect(
            call.failure("glob.match", "*", "x", "a") == "type: operand 2 must be one of {array, null} but got string")
        #expect(
            call.failure("glob.match", "*", [1], "a")
                == "type: operand 2 must be array of strings but got array containing number")
        #expect(
            call.failure("glob.match", "*", ["ab"], "a")
                == "type: operand 2 must be array of runes but got array containing string")
    }

    @Test func `quotes what has a meaning`() throws {
        #expect(try BuiltinCaller()("glob.quote_meta", "*.a[b]?{c,}\\") == #"\*.a\[b\]\?\{c,\}\\"#)
    }

    @Test func `is not slowed down by many stars`() throws {
        let pattern = String(repeating: "*a", count: 50) + "b"
        let text = String(repeating: "a", count: 100_000)
        #expect(try BuiltinCaller()("glob.match", .string(pattern), ["."], .string(text)) == false)
    }
}
