// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego
import Testing

@Suite struct ParserTests {
    private func parse(_ text: String) throws -> Module {
        try Parser.parseModule(Array(text.utf8), file: 0)
    }

    private func mistakes(_ bytes: [UInt8]) -> [Diagnostic] {
        do throws(Diagnostics) {
            _ = try Parser.parseModule(bytes, file: 0)
            return []
        } catch {
            return error.list
        }
    }

    private func firstMessage(_ bytes: [UInt8]) -> String? {
        mistakes(bytes).first?.message
    }

    @Test(
        arguments: [
            ("1 + 2 * 3 - 4", "(1 + (2 * 3)) - 4"), ("a & b | c == d", "((a & b) | c) == d"),
            ("x in xs == true", "x in (xs == true)"), ("1 - -1", "1 - -1"), ("f(x)[0].y", "f(x)[0].y"),
            ("[x | x := a[_]]", "[x | x := a[_]]"), ("{a | b, c}", "{(a | b), c}"), ("{a: b | true}", "{a: b | true}"),
            ("{1, 2}[x]", "{1, 2}[x]"), ("set()", "set()"), ("{}", "{}"),
            ("a[\"b c\"].d[\"if\"]", "a[\"b c\"].d[\"if\"]"),
            ("(k, v in xs)", "(k, v in xs)"), (#"$"a {x + 1} \{b}""#, #"$"a {x + 1} \{b}""#), ("`a\\b`", #""a\\b""#),
            (#""\u00e9\ud83d\ude00\n""#, #""é😀\n""#), ("not.a", "not.a"),
        ])
    func `groups operators and reads terms`(source: String, printed: String) throws {
        let body = try Parser.parseBody(Array(source.utf8), file: 0)
        #expect(
            SyntaxPrinter.text(of: body).replacing("[\"if\"]", with: ".if")
                == printed.replacing("[\"if\"]", with: ".if"))
    }

    @Test(
        arguments: [
            ("p := 1 +", "unexpected eof token"),
            ("p := 01", "unexpected number token: expected number without leading zero"),
            ("p := \"\\x\"", "illegal escape sequence"), ("p := \"\\ud8\"", #"illegal string literal: "\ud8""#),
            ("p { true }", "`if` keyword is required before rule body"),
            ("p := 1 1", "number cannot be used for rule name"),
            ("p := ü", "illegal token"), ("p := 1e999999999", "number too big"),
            ("p if x = ! y", "illegal ! character"),
            (
                "import foo.bar",
                "unexpected import path, must begin with one of: {data, future, input, rego}, got: foo "
                    + "(hint: if this is unexpected, try updating OPA)"
            ),
            ("p := {\"a\": b, \"c\" 1}", "unexpected identifier token: non-terminated object"),
            ("p := {\"a\": 1, \"c\": [2 3]}", "unexpected number token: non-terminated object"),
            ("p if { $\"{x\" }", "non-terminated string"), ("count(1)", "rule name conflicts with built-in function"),
        ])
    func `says what is wrong`(rule: String, message: String) {
        #expect(firstMessage(Array("package a\n\n\(rule)\n".utf8)) == message)
    }

    @Test(arguments: [
        "print(1) and input.a", "input.a and {print(1); print(2)}", "(print(1)) and input.a",
        "input.a and internal.print([{1}]) and input.b",
    ])
    func `refuses operands that only print`(statement: String) {
        let source = "package a\nimport future.keywords.and\np if { \(statement) }\n"
        #expect(firstMessage(Array(source.utf8))?.hasPrefix("operand of `and` cannot consist only of calls") == true)
    }

    @Test func `counts characters in a line and lines from one`() {
        let mistake = mistakes(Array("package a\n\np := \"äö\" + ]\n".utf8)).first
        #expect(mistake?.location.row == 3)
        #expect(mistake?.location.column == 13)
    }

    @Test func `tells sources apart that differ only in their Unicode form`() throws {
        let composed = try Parser.parseTerm(Array("\"\u{E9}\"".utf8), file: 0)
        let decomposed = try Parser.parseTerm(Array("\"e\u{301}\"".utf8), file: 0)
        guard case .string(let left) = composed.kind, case .string(let right) = decomposed.kind else {
            Issue.record("not strings")
            return
        }
        #expect(left != right)
        #expect(left.bytes == [0xC3, 0xA9])
        #expect(right.bytes == [0x65, 0xCC, 0x81])
    }

    @Test func `gives each wildcard a name of its own`() throws {
        let body = try Parser.parseBody(Array("a[_][_]".utf8), file: 0)
        guard case .term(let term)? = body.first?.kind, case .reference(let parts) = term.kind,
            case .variable(let first) = parts[1].kind, case .variable(let second) = parts[2].kind
        else {
            Issue.record("not a reference")
            return
        }
        #expect(first == "$0")
        #expect(second == "$1")
    }

    @Test func `reads the parts of a rule`() throws {
        let module = try parse(
            """
            package a["b c"].d

            import data.x as y

            default f(_) := 0

            p[x].q contains 1 if x := 2

            f(x) := 1 if { x } { not x } # comment

            r := 1 if false
            else := 2 if true
            else := 3
            """)
        #expect(module.package == ["data", "a", "b c", "d"])
        #expect(module.imports.first?.alias == "y")
        #expect(module.rules.map(\.isDefault) == [true, false, false, false, false])
        #expect(module.rules[1].head.reference.count == 3)
        #expect(module.rules[1].head.key != nil)
        #expect(module.rules[3].head.arguments?.count == 1)
        #expect(module.rules[4].elseBranches.map(\.body.count) == [1, 0])
        #expect(module.comments.map(\.text) == [" comment"])
    }

    @Test func `reads and, or and negated bodies only where they are imported`() throws {
        let imports = "import future.keywords.and\nimport future.keywords.not\nimport future.keywords.or\n"
        let module = try parse("package a\n\(imports)p if not { a; b } and (c or d) or or({1}, {2}) == x\n")
        guard case .or(let operands)? = module.rules[0].body.first?.kind else {
            Issue.record("not joined with or")
            return
        }
        #expect(operands.count == 2)
        #expect(module.features == [.and, .or, .negatedBodies])
        #expect(throws: Diagnostics.self) { try parse("package a\np if a and b\n") }
        #expect(throws: Never.self) { try parse("package a\np if and == or\n") }
    }

    @Test func `attaches metadata to what stands behind it`() throws {
        let module = try parse(
            """
            # METADATA
            # title: The package
            # custom:
            #   levels: [1, two, true]
            package a

            # METADATA
            # description: A rule
            # entrypoint: true
            # authors: [Ann Example <ann@example.com>]
            p := 1
            """)
        #expect(module.annotations.map(\.scope) == [.package, .document])
        #expect(module.rules[0].annotations == [1])
        #expect(
            module.annotations[0].content
                == .object([
                    .init(key: "scope", value: .string("package")), .init(key: "title", value: .string("The package")),
                    .init(
                        key: "custom",
                        value: .object([
                            .init(key: "levels", value: .array([.number("1"), .string("two"), .boolean(true)]))
                        ])),
                ]))
        #expect(module.annotations[1].lastRow == 10)
    }

    @Test(
        arguments: [
            "# scope: foo", "# title: [", "# scope: package", "# entrypoint: 1", "#",
            "# a: &a [x, x]\n# b: &b [*a, *a, *a, *a, *a, *a, *a]\n# c: [*b, *b, *b, *b, *b, *b, *b]",
        ])
    func `refuses metadata that is malformed or misplaced`(lines: String) {
        #expect(mistakes(Array("package a\n\n# METADATA\n\(lines)\np := 1\n".utf8)).count == 1)
    }

    @Test func `takes a default rule without a value as true`() throws {
        let module = try parse("package a\ndefault p\n")
        guard case .boolean(true)? = module.rules.first?.head.value?.kind else {
            Issue.record("not true")
            return
        }
        #expect(throws: Diagnostics.self) { try parse("package a\ndefault p[0]\n") }
    }

    @Test func `reports ten mistakes at most`() {
        let rules = (0..<20).map { "p\($0) { true }" }.joined(separator: "\n")
        #expect(mistakes(Array("package a\n\(rules)\n".utf8)).count == 10)
    }
}
