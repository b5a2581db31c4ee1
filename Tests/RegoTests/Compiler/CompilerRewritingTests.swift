// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct CompilerRewritingTests {
    @Test(arguments: [
        // Declarations disappear, calls and references inside of terms go before.
        ("p := x if { x := input.a }", "v0 = input.a => v0"),
        ("p if { some k, v in input.m; v == k }", "v0 = input.m[v1]; v0 = v1 => true"),
        ("p if { some x in [1, 2]; x == 1 }", "v0 = [1, 2]; v1 = v0[v2]; v1 = 1 => true"),
        ("p := count(input.a) + 1", "v0 = input.a; count(v0, v1); plus(v1, 1, v2) => v2"),
        ("p := {\"a\": input.b[input.c]}", "v0 = input.c; v1 = input.b[v0]; v2 = {\"a\": v1} => v2"),
        ("p := [1, 2, 3][i] if i := 1", "v0 = 1; v1 = [1, 2, 3]; v2 = v1[v0] => v2"),
        ("p := io.jwt.decode(input.t)", "v0 = input.t; io.jwt.decode(v0, v1) => v1"),
        // A negated statement is evaluated after what it holds.
        ("p if not startswith(input.a, \"x\")", "v0 = input.a; not startswith(v0, \"x\") => true"),
        // Comprehensions bind their heads; closures stay where they are in an equation.
        ("p := [x.a | some x in input.xs]", "v0 = [v1 | v2 = input.xs[v3]; v1 = v2.a] => v0"),
        ("p := {x: count(y) | some x, y in input.m}", "v0 = {v1: v2 | v3 = input.m[v1]; count(v3, v2)} => v0"),
        (
            "p if { xs := {1, 2}; every x in xs { x > 0 } }",
            "v0 = {1, 2}; v1 = v0; every v2, v3 in v1 { v3 > 0 } => true"
        ),
        // Values of `with` are evaluated before, and what comes out of the statement keeps the modifier.
        (
            "p if count(input.a) == 1 with input as {\"a\": input.b}",
            "v0 = input.b; v1 = {\"a\": v0}; v2 = input.a with input as v1; count(v2, v3) with input as v1; v3 = 1 with input as v1 => true"
        ),
        ("p := f(input.x)\nf(x) := x", "v0 = input.x; data.t.f(v0, v1) => v1"),
        ("p := $\"a{input.x}\"", "v0 = {v1 | v1 = input.x}; internal.template_string([\"a\", v0], v2) => v2"),
        ("p if { print(input.x) }", "true => true"),
    ])
    func `writes bodies without nested calls`(rules: String, expected: String) throws {
        #expect(try CompilerProbe().body(of: "p", in: rules) == expected)
    }

    @Test(arguments: [
        ("p := x if { x = y; y = input.z }", "v0 = input.z; v1 = v0 => v1"),
        ("p if { not x == 1; x = input.a }", "v0 = input.a; not v0 = 1 => true"),
        ("p if { y > 1; walk(input, [_, y]) }", "v0 = input; walk(v0, [v1, v2]); v2 > 1 => true"),
        ("p if { count(xs, n); xs := [y | y = input[n]]; n = 1 }", "nothing"),
        ("p if { z := [y | y = x]; x = 1 }", "v0 = 1; v1 = [v2 | v2 = v0] => true"),
        (
            "p if { [1, w] = x; x = [y, z]; y = 1; w = 2; z == w }",
            "v0 = 1; v1 = 2; [1, v1] = v2; v2 = [v0, v3]; v3 = v1 => true"
        ),
        ("p if { data.a[i] == x; x = input.b }", "v0 = input.b; data.a[v1] = v0 => true"),
    ])
    func `orders bodies so that variables have values`(rules: String, expected: String) throws {
        guard expected != "nothing" else {
            #expect(CompilerProbe().mistake("package t\n" + rules) == "rego_compile_error 2 var xs referenced above")
            return
        }
        #expect(try CompilerProbe().body(of: "p", in: rules) == expected)
    }

    @Test func `puts a negated statement into a body where the module asks for it`() throws {
        let rules = "import future.keywords.not\np if not startswith(input.a, input.b)"
        let expected = "not { v0 = input.a; v1 = input.b; startswith(v0, v1) } => true"
        #expect(try CompilerProbe().body(of: "p", in: rules) == expected)
    }

    @Test func `keeps print as sets of what it was given`() throws {
        let probe = CompilerProbe(keepsPrint: true)
        let expected = "v0 = {v1 | v1 = \"x\"}; v2 = {v3 | v3 = input.y}; internal.print([v0, v2]) => true"
        #expect(try probe.body(of: "p", in: "p if print(\"x\", input.y)") == expected)
    }

    @Test func `resolves imports and rules of the package's other modules`() throws {
        let policy = try CompilerProbe().policy(
            "package a\nimport data.b.c as d\nimport input.user\np if { d.e == user.name; q }", "package a\nq := true")
        let body = policy.groups[0].definitions[0].body
        #expect(SyntaxPrinter.text(of: body) == "data.b.c.e = input.user.name; data.a.q")
    }

    @Test func `remembers what variables were called`() throws {
        let policy = try CompilerProbe().policy("package t\np if { some who in input.x; _ = input.y; who == 1 }")
        #expect(Array(policy.groups[0].definitions[0].localNames.values) == ["who"])
    }

    @Test func `replaces metadata calls by constants`() throws {
        let source = """
            # METADATA
            # scope: package
            # title: t
            package a
            # METADATA
            # custom: {x: 1}
            p := rego.metadata.chain()
            """
        let policy = try CompilerProbe().policy(source)
        let text = SyntaxPrinter.text(of: policy.groups[0].definitions[0].body)
        #expect(text.contains("\"path\": [\"a\", \"p\"]"))
        #expect(text.contains("\"path\": [\"a\"]"))
    }
}
