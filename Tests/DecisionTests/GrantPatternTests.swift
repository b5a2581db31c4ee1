// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Testing

@Suite struct GrantPatternTests {
    @Test(
        "matches what ECMA-262 matches",
        arguments: [
            ("abc", "xxabcxx", true), ("abc", "ab", false), ("^abc$", "abc", true), ("^abc$", "xabc", false),
            ("^a*$", "", true), ("^a*$", "aaab", false), ("^a+b?$", "aa", true), ("^a+b?$", "b", false),
            ("^(foo|bar)+$", "foobarfoo", true), ("^(?:foo|bar)$", "baz", false), ("^[a-c]{2,3}$", "abc", true),
            ("^[a-c]{2,3}$", "a", false), ("^[a-c]{2,3}$", "abca", false), ("^[^/]+$", "a/b", false),
            ("^\\d{4}-\\d\\d$", "2026-11", true), ("^\\w+$", "a_1", true), ("^\\w+$", "a-1", false),
            ("^\\S+$", "a b", false), ("^\\D$", "7", false), ("^a.c$", "a\nc", false), ("^a.c$", "aéc", true),
            ("^[\\d.]+$", "1.2", true), ("^[\\]\\-]$", "-", true), ("^[a-]$", "-", true), ("^\\u00e9$", "é", true),
            ("^\\x41$", "A", true), ("", "anything", true), ("^$", "", true), ("^$", "a", false), ("a|^b", "cb", false),
            ("(a|b$)", "cb", true), ("^(a|ab)(c|bcd)$", "abcd", true), ("^a{0}$", "", true), ("^a{3}$", "aaa", true),
            ("^a{2,}$", "a", false), ("^a*?$", "aaa", true), ("$^", "", true), ("b$|a", "ab", true),
            ("^[^\\w]$", "-", true), ("^[^\\w]$", "x", false), ("^[\\D]$", "1", false), ("^()$", "", true),
            ("x$y", "xy", false), ("^(a?){3}$", "aa", true),
        ])
    func matches(pattern: String, text: String, expected: Bool) throws {
        #expect(try LinearPattern(parsing: pattern).matches(text) == expected)
    }

    @Test(
        "refuses what needs backtracking or has no meaning",
        arguments: [
            ("(a)\\1", LinearPatternError.Problem.backReference), ("(?=a)", .groupModifier),
            ("(?<n>a)", .groupModifier),
            ("\\bword", .unknownEscape), ("\\p{L}", .unknownEscape), ("*a", .nothingToRepeat),
            ("a**", .nothingToRepeat),
            ("^*", .nothingToRepeat), ("a{2", .invalidBound), ("a{3,2}", .invalidBound), ("a{1001}", .invalidBound),
            ("a{}", .invalidBound), ("(a", .unbalancedGroup), ("a)", .unbalancedGroup), ("[a", .unterminatedClass),
            ("[]", .unterminatedClass), ("[z-a]", .invalidRange), ("[a-\\d]", .invalidRange), ("]", .bareBracket),
            ("\\ud800", .unknownEscape), ("a\\", .unknownEscape), ("((a{1000}){1000}){1000}", .tooLarge),
        ])
    func refuses(pattern: String, problem: LinearPatternError.Problem) {
        let error = #expect(throws: LinearPatternError.self) { try LinearPattern(parsing: pattern) }
        #expect(error?.problem == problem)
    }

    @Test("limits length and nesting before it allocates")
    func limits() {
        let long = String(repeating: "a", count: 1_001)
        #expect(throws: LinearPatternError.self) { try LinearPattern(parsing: long) }
        let deep = String(repeating: "(", count: 400) + String(repeating: ")", count: 400)
        #expect(throws: LinearPatternError.self) { try LinearPattern(parsing: deep) }
    }

    @Test("repeats an empty group any number of times at no cost")
    func emptyRepetition() throws {
        var text = "()"
        for _ in 0..<25 { text = "(\(text){1000})" }
        #expect(try LinearPattern(parsing: text).matches(""))
        #expect(try LinearPattern(parsing: "^(a*)*(b|)*$").matches("aaabbb"))
    }

    @Test("takes linear time where a backtracking matcher would not end")
    func linear() throws {
        let pattern = try LinearPattern(parsing: "^(a+)+$")
        #expect(!pattern.matches(String(repeating: "a", count: 50_000) + "b"))
        let nested = try LinearPattern(parsing: "(x+x+)+y")
        #expect(!nested.matches(String(repeating: "x", count: 20_000)))
    }

    @Test("does not match once the steps are used up")
    func stepLimit() throws {
        let pattern = try LinearPattern(parsing: "^(a?){900}b$")
        #expect(!pattern.matches(String(repeating: "a", count: 400_000) + "b"))
    }
}
