// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

/// Texts that look the same, keys that collide, values in values.
@Suite struct HostileValueTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"

    @Test func `texts that only Unicode takes for the same are different`() throws {
        let input =
            "{\"\(Self.composed)\": 1, \"\(Self.decomposed)\": 2, \"list\": [\"\(Self.composed)\", \"\(Self.decomposed)\"]}"
        let probe = try LimitProbe(
            """
            p := [
                input["\(Self.composed)"], input["\(Self.decomposed)"], count(input),
                count({x | some x in input.list}), "\(Self.composed)" == "\(Self.decomposed)",
                count("\(Self.decomposed)"), {"\(Self.composed)": 1} == {"\(Self.decomposed)": 1},
                "\(Self.composed)" in input.list, "\(Self.decomposed)" in {input.list[0]},
                q[input.list[0]], q[input.list[1]], f(input.list[0]), f(input.list[1]),
                data.names["\(Self.composed)"], data.names["\(Self.decomposed)"],
            ]
            q["\(Self.composed)"] := 1
            q["\(Self.decomposed)"] := 2
            f("\(Self.composed)") := 1
            f("\(Self.decomposed)") := 2
            f("x") := 3
            f("y") := 4
            """, data: "{\"names\": {\"\(Self.composed)\": 1, \"\(Self.decomposed)\": 2}}")
        #expect(try probe(input) == "[1, 2, 3, 2, false, 2, false, true, false, 1, 2, 1, 2, 1, 2]")
    }

    @Test func `modules whose names only Unicode takes for the same are different`() throws {
        let policy = try Policy(compiling: [
            PolicySource(name: "a", text: "package a[\"\(Self.composed)\"]\n\np := 1\n"),
            PolicySource(name: "b", text: "package a[\"\(Self.decomposed)\"]\n\np := 2\n"),
        ])
        let names = [Self.composed, Self.decomposed]
        let program = try policy.program(entryPoints: names.map { ["a", Text($0), "p"] })
        let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        #expect(try evaluator.evaluate(entryPoint: 0, input: .undefined).exactInteger == 1)
        #expect(try evaluator.evaluate(entryPoint: 1, input: .undefined).exactInteger == 2)
    }

    @Test func `strings of one policy's table are found in another's`() throws {
        let rules = "p if input.method == \"GET\"\np if input.method == \"PUT\"\np if input.method == \"POST\""
        let first = try LimitProbe("q := [\"method\", \"GET\"]\n\(rules)")
        let second = try LimitProbe(rules)
        let heap = Heap()
        let reader = JSONReader(heap: heap, symbols: first.evaluator.version.program.symbols)
        let input = try reader.read(Array("{\"method\": \"GET\"}".utf8))
        #expect(try first.evaluator.evaluate(entryPoint: 0, input: input).isTrue)
        #expect(try second.evaluator.evaluate(entryPoint: 0, input: input).isTrue)
    }

    @Test func `hashes of all values depend on what nobody outside knows`() {
        let heap = Heap()
        let lists = (0..<4096).map { number in
            heap.array((0..<12).map { Value.boolean(number >> $0 & 1 == 1) })
        }
        // Without the seed these are fixed numbers, of which an attacker picks those that fall into one slot.
        #expect(Set(lists.map { $0.hash & 0xFFFF }).count > 3500)
        #expect(heap.emptyArray().hash != StringHash.mix(0, 0xA076_1D64_78BD_642F))
    }

    @Test func `patches that double the depth of a document`() throws {
        var depth = 0
        let operations = (0..<13).map { _ in
            let path = "/a" + String(repeating: "/b", count: depth + 1)
            depth = 2 * depth + 1
            return "{\"op\": \"copy\", \"from\": \"/a\", \"path\": \"\(path)\"}"
        }
        let probe = try LimitProbe("p if json.patch({\"a\": {}}, input) == json.patch({\"a\": {}}, input)")
        #expect(try probe("[\(operations.prefix(8).joined(separator: ","))]") == "true")
        #expect(try probe("[\(operations.joined(separator: ","))]").hasPrefix("eval_limit_error: "))
    }

    @Test func `a query of more variables than there are registers`() throws {
        let policy = try Policy(compiling: [])
        let text = (0..<66_000).map { "a\($0)=input" }.joined(separator: ";")
        let query = try policy.query(text)
        let program = try policy.program(queries: [query])
        let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        let heap = Heap()
        let input = try JSONReader(heap: heap).read(Array("[1]".utf8))
        #expect(throws: EvaluationError.self) { try evaluator.evaluate(query: 0, input: input) }
    }

    @Test func `many keys`() throws {
        let text = "{" + (0..<30_000).map { "\"\($0)\": \($0)" }.joined(separator: ",") + "}"
        let probe = try LimitProbe("p := count({k: v | some k, v in input; k == sprintf(\"%d\", [v])})")
        let found = try probe(text)
        #expect(found == "30000")
    }
}
