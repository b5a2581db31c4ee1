// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

/// One evaluator evaluates one request after the other; nothing of one shows in the next.
@Suite struct FormerEvaluationTests {
    @Test func `notes`() throws {
        let probe = try LimitProbe("p if { print(\"first\", input) }", keepsPrint: true)
        #expect(try probe("1") == "true")
        #expect(probe.evaluator.context.notes == ["first 1"])
        #expect(try probe("2") == "true")
        #expect(probe.evaluator.context.notes == ["first 2"])
    }

    @Test func `drawn numbers and identifiers`() throws {
        let probe = try LimitProbe(
            """
            p := [rand.intn("a", 1000000000), rand.intn("a", 1000000000), uuid.rfc4122("b"), uuid.rfc4122("b")]
            """)
        let first = try probe()
        let second = try probe()
        #expect(first != second)
    }

    @Test func `the time`() throws {
        let probe = try LimitProbe("p := time.now_ns()")
        probe.evaluator.context.time = 1
        #expect(try probe() == "1")
        probe.evaluator.context.time = 2
        #expect(try probe() == "2")
    }

    @Test func `documents of the input`() throws {
        let probe = try LimitProbe(
            """
            p := [q, {x | r[x]}, f(1)]
            q := input.a
            r contains input.a
            f(x) := [x, input.a]
            """)
        #expect(try probe("{\"a\": 1}") == "[1, {1}, [1, 1]]")
        #expect(try probe("{\"a\": 2}") == "[2, {2}, [1, 2]]")
        #expect(try probe("{}") == "undefined")
        #expect(try probe() == "undefined")
    }

    @Test func `replacements that an error left`() throws {
        let probe = try LimitProbe(
            """
            p := x if { x := q with input.a as 7 with data.base as 8 with f as 9 }
            else := q
            q := [input.a, data.base, f(1), v] if not broken
            broken if {
                x := {"k": 1, "k": input.b}
                x.k == 5
            }
            f(x) := x
            v := data.test.w
            w := 3
            """, data: "{\"base\": 1}")
        #expect(try probe("{\"a\": 1, \"b\": 2}") == "eval_conflict_error")
        #expect(try probe("{\"a\": 1, \"b\": 1}") == "[7, 8, 9, 3]")
        let plain = try LimitProbe("p := [input, data.base, r] if r\nr := input", data: "{\"base\": 1}")
        #expect(try plain("{\"a\": 1}") == "[{\"a\": 1}, 1, {\"a\": 1}]")
    }

    @Test func `errors of builtins`() throws {
        let probe = try LimitProbe("p := to_number(input)")
        let found = try probe("\"x\"")
        #expect(found == "undefined")
        #expect(probe.evaluator.firstBuiltinError?.code == "eval_builtin_error")
        #expect(try probe("\"2\"") == "2")
        #expect(probe.evaluator.firstBuiltinError == nil)
    }

    @Test func `one version of a policy and another`() throws {
        let first = try LimitProbe("p := [q, data.base, regex.match(input, \"a\")]\nq := 1", data: "{\"base\": 1}")
        let second = try LimitProbe("p := [q, data.base, regex.match(input, \"a\")]\nq := 2", data: "{\"base\": 2}")
        for _ in 0..<3 {
            #expect(try first("\"a\"") == "[1, 1, true]")
            #expect(try second("\"b\"") == "[2, 2, false]")
            #expect(try first("\"(\"") == "undefined")
            #expect(try second("\"a\"") == "[2, 2, true]")
        }
    }

    @Test func `what the coverage of a former evaluation adds up to`() throws {
        let policy = try Policy(compiling: [
            PolicySource(name: "a.rego", text: "package a\np if input.x == 1\np if input.x == 2\n")
        ])
        let program = try policy.program(entryPoints: [["a", "p"]], notesPlaces: true)
        let heap = Heap()
        let one = try JSONReader(heap: heap).read(Array("{\"x\": 1}".utf8))
        let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        #expect(try evaluator.evaluate(entryPoint: 0, input: one).isTrue)
        #expect(evaluator.visitedPlaces.isEmpty == false)
    }
}
