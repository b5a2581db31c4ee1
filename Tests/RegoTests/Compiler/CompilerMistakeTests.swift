// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct CompilerMistakeTests {
    @Test(arguments: [
        ("import data.a\nimport data.b as a\np := a", "rego_compile_error 3 import must not shadow import data.a"),
        ("data := 1", "rego_compile_error 2 rules must not shadow data (use a different rule name)"),
        ("p if { input := 1 }", "rego_compile_error 2 variables must not shadow input (use a different variable name)"),
        ("p if { x := 1; x := 2 }", "rego_compile_error 2 var x assigned above"),
        ("p if { some x; x := 2 }", "rego_compile_error 2 var x declared above"),
        ("p if { x = 1; x := 2 }", "rego_compile_error 2 var x referenced above"),
        ("f(x) if { x := 2 }", "rego_compile_error 2 arg x redeclared"),
        ("p if { some x; true }", "rego_compile_error 2 declared var x unused"),
        ("p if { every k, v in [1] { v == 1 } }", "rego_compile_error 2 declared var k unused"),
        ("p if { input.x := 1 }", "rego_compile_error 2 cannot assign to ref"),
        ("p if { [1, x] := input }", "rego_compile_error 2 cannot assign to number"),
        ("p if { not x := 1 }", "rego_compile_error 2 cannot assign vars inside negated expression"),
        ("p if { count := 1; y := count([1]); y == count }", "rego_compile_error 2 called function count shadowed"),
        ("p := print(1)", "rego_type_error 2 print(1) used as value"),
        (
            "p if { true with walk as f }\nf(x) := x",
            "rego_compile_error 2 with keyword replacing built-in function: target must not be a relation"
        ),
        (
            "p if { true with q.r as 1 }\nq := 1",
            "rego_compile_error 2 with keyword cannot partially replace virtual document(s)"
        ),
        (
            "p if { true with z as 1 }",
            "rego_type_error 2 with keyword target must reference existing input, data, or a function"
        ),
        ("p := $\"{data.a[x]}\"", "rego_compile_error 2 var x is undeclared"),
        (
            "# METADATA\n# scope: document\n# title: a\np if input.a\n\n# METADATA\n# scope: document\n# title: b\np if input.b",
            "rego_compile_error 7 document annotation redeclared: m0.rego:2"
        ), ("f() := 1\np := f()", "rego_type_error 3 undefined function data.t.f"),
        ("p if { true with input as count }", "rego_unsafe_var_error 2 var count is unsafe"),
        ("p := any([true])", "rego_type_error 2 deprecated built-in function calls in expression: any"),
    ])
    func `names what is wrong with names`(rules: String, expected: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == expected)
    }

    @Test(arguments: [
        ("p := 1\np contains 2", "conflicting rules data.t.p found"),
        ("f(x) := x\nf(x, y) := x", "conflicting rules data.t.f found"),
        ("p.q := 1\np.q.r := 2", "rule data.t.p.q conflicts with [data.t.p.q.r]"),
        ("p := foo(1)", "undefined function foo"), ("p := count([1], 2, 3)", "count: arity mismatch"),
        ("f(x) := x\np := f(1, 2, 3)", "function data.t.f has arity 1, got 3 arguments"),
    ])
    func `names rules and calls that do not fit`(rules: String, message: String) throws {
        let found = try #require(CompilerProbe().mistake("package t\n" + rules))
        #expect(found.hasPrefix("rego_type_error"))
        #expect(found.hasSuffix(message))
    }

    @Test(arguments: [
        ("p := count(x)", "x"), ("p if { not x == 1 }", "x"), ("p if { not data.a[_] }", "_"),
        ("p[k] := v if k := 1", "v"),
        ("p := [y | x := 1]", "y"), ("p if { x = y; y = x }", "x"), ("p if { every y in x { y } }", "x"),
        ("p if { f(x, x) }\nf(x) := x", "x"), ("p if { true with input as x }", "x"),
        ("import future.keywords.or\np if { x = 1 or input.b }", "x"),
        ("import future.keywords.not\np if { not { x = 1 }; x == 1 }", "x"),
    ])
    func `names variables without a value`(rules: String, variable: String) throws {
        let found = try #require(CompilerProbe().mistake("package t\n" + rules))
        #expect(found.hasPrefix("rego_unsafe_var_error"))
        #expect(found.hasSuffix("var \(variable) is unsafe"))
    }

    @Test(arguments: [
        "p if p", "p if q\nq if { not p }", "f(x) := f(x)", "p := [x | x := data.t[_]]",
        "p if { true with count as f }\nf(_) if p",
        "p if { false } else if { p }", "p if { q with data.t.p as 1 }\nq := 1",
    ])
    func `refuses rules that depend on themselves`(rules: String) throws {
        #expect(
            try #require(CompilerProbe().mistake("package t\n" + rules)).hasPrefix(
                "rego_recursion_error 2 rule data.t."))
    }

    @Test(arguments: [
        ("p := 1 + \"a\"", "plus: invalid argument(s)"), ("p := count(1)", "count: invalid argument(s)"),
        ("p if 1 == \"a\"", "match error"), ("p if { x := [1]; x = {\"a\": 1} }", "match error"),
        ("q := {\"a\": 1}\np := q.b", "undefined ref: data.t.q.b"),
        ("q := {\"a\"}\np := q[1]", "undefined ref: data.t.q[1]"),
        ("f(x) := x\np := f", "function data.t.f used as reference, not called"),
        ("p := startswith([x | x := 1], \"a\")", "startswith: invalid argument(s)"),
        ("q[x] := 1 if some x in [\"a\"]\np := q.a.b", "undefined ref: data.t.q.a.b"),
        ("p if { true with count as f }\nf(x, y) := x", "count: arity mismatch"),
    ])
    func `finds what can never hold`(rules: String, message: String) throws {
        let found = try #require(CompilerProbe().mistake("package t\n" + rules))
        #expect(found.hasPrefix("rego_type_error"))
        #expect(found.hasSuffix(message))
    }

    @Test(arguments: [
        "p if { x := [1, \"a\"]; x[i] = \"a\"; i > 0 }", "q := {1.0: \"x\"}\np := q[1]", "p := data.base[2].x + 1",
        "p := data[2]",
        "q contains x if some x in [1, \"a\"]\np if \"b\" in q",
        "f(1) := 1\nf(\"a\") := \"b\"\np := startswith(f(input.x), \"b\")",
        "p if { {\"a\": x, \"b\": [y, _]} = input; x == y }", "p if { x := input.a; x == 1; x == \"a\" }",
        "o[k] := v if some k, v in {\"a\": 1}\no.b := \"x\"\np := o.b", "p if { some x, y in input; {x: y} = {x: 1} }",
    ])
    func `accepts what may hold`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }

    @Test(arguments: [
        ("import data.a\np := 1", "rego_compile_error 2 import data.a unused"),
        ("p if { x := 1 }", "rego_compile_error 2 assigned var x unused"),
        ("f(x) := 1", "rego_compile_error 2 unused argument x. (hint: use _ (wildcard variable) instead)"),
        ("p := [1 | x := 1]", "rego_compile_error 2 assigned var x unused"),
    ])
    func `refuses what is not used where it is strict`(rules: String, expected: String) {
        #expect(CompilerProbe(isStrict: true).mistake("package t\n" + rules) == expected)
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }

    @Test func `names the setting that would allow a builtin`() throws {
        let probe = CompilerProbe(refused: ["http.send": "policy.http_send"])
        let found = try #require(probe.mistake("package t\np := http.send({})"))
        #expect(found.hasPrefix("rego_type_error 2"))
        #expect(found.contains("http.send") && found.contains("policy.http_send"))
    }

    @Test func `refuses a package where another module has a rule`() throws {
        let found = CompilerProbe().mistake("package a\nb := 1", "package a.b\nc := 1")
        #expect(found == "rego_type_error 1 package a.b conflicts with rule b defined at m0.rego:2")
    }

    @Test func `reports ten mistakes at most, in the order of their places`() throws {
        let source = "package t\n" + (0..<20).map { "p\($0) := x\($0)" }.joined(separator: "\n")
        let error = #expect(throws: Diagnostics.self) { try CompilerProbe().policy(source) }
        #expect(error?.list.map(\.location.row) == Array(2...11))
    }

    @Test func `orders a long chain of statements in little time`() throws {
        let count = 3_000
        let source =
            "package t\np if {\n" + (0..<count).map { "\ty\($0) = y\($0 + 1)\n" }.joined() + "\ty\(count) = 1\n}"
        let policy = try CompilerProbe().policy(source)
        #expect(policy.groups[0].definitions[0].body.count == count + 1)
    }

    @Test(arguments: [
        "p if {\n\tx0 := [1]\n" + (1...60).map { "\tx\($0) := [x\($0 - 1), x\($0 - 1)]\n" }.joined() + "}",
        "p if {\n\tx0 := [1]\n" + (1...2_000).map { "\tx\($0) := {\"a\": x\($0 - 1)}\n" }.joined() + "}",
        "r0 := 1\n" + (1...2_000).map { "r\($0) := [r\($0 - 1)]\n" }.joined(),
    ])
    func `bounds types that grow with each use`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }
}
