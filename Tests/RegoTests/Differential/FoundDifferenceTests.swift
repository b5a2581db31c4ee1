// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

/// What the comparison with the slow evaluator has found in the engine.
@Suite struct FoundDifferenceTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var name: String
        var rules: String
        var input: String
        var answer: String

        var testDescription: String { name }
    }

    static let examples: [Example] = [
        Example(
            name: "an else branch behind a definition that the index rules out",
            rules: """
                p := 1 if input.a == null else := 7
                p := 1 if input.a == "1"
                p := 1 if input.a == "2"
                p := 3 if input.a == "3"
                """, input: "{\"a\": \"x\"}", answer: "7"),
        Example(
            name: "an index of a number that is written as a fraction",
            rules: """
                p := "one" if input == 1.0
                p := "two" if input == 2
                p := "three" if input == 3
                p := "four" if input == 4
                """, input: "1", answer: "\"one\""),
        Example(
            name: "an index of the same number written in two ways",
            rules: """
                p contains "fraction" if input == 1.0
                p contains "integer" if input == 1
                p contains "two" if input == 2
                p contains "three" if input == 3
                p contains "four" if input == 4
                p contains "five" if input == 5
                """, input: "1", answer: "{\"fraction\", \"integer\"}"),
        Example(
            name: "keys of a rule that are the same number written in two ways",
            rules: """
                p[x].y := x if some x in input
                p[1].y := "other"
                """, input: "[1.0]", answer: "eval_conflict_error"),
        Example(
            name: "a document at a key that does not fit",
            rules: """
                p contains x if x := data.test.q[[_]]
                q[1] := y if some y in input
                """, input: "[1, 2]", answer: "set()"),
        Example(
            name: "a conflict behind the first of definitions with one constant",
            rules: """
                p if input
                p if { x := {"k": 1, "k": input}; x.k == 5 }
                """, input: "2", answer: "true"),
        Example(
            name: "patterns whose parts bind one another",
            rules: "p := [x, y] if { {\"a\": x, \"b\": input} = {\"b\": y, \"a\": y} }", input: "7", answer: "[7, 7]"),
        Example(
            name: "a pattern that another part of it binds",
            rules: "p := x if { {\"a\": {\"k\": _}, \"b\": input} = {\"b\": x, \"a\": x} }", input: "{\"k\": 1}",
            answer: "{\"k\": 1}"),
    ]

    @Test(arguments: examples)
    func `the engine answers as the language says`(_ example: Example) throws {
        let found = try LimitProbe(example.rules)(example.input)
        #expect(found == example.answer)
    }
}
