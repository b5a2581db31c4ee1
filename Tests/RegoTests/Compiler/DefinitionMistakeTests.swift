// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct DefinitionMistakeTests {
    @Test(arguments: [
        "p if { x := y; x = 7 }", "p if { x := [y]; x = [7] }", "p if { x := {\"a\": y}; x = {\"a\": 7} }",
    ])
    func `gives the right side of an assignment no values`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == "rego_unsafe_var_error 2 var y is unsafe")
    }

    @Test(arguments: [
        "p if { x := y; y = 7 }", "p if { x := input[k]; k != 1 }", "p if { [x, y] := [7, z]; z = 8 }",
        "p if { a = f([v | v = x][0]); b = f(a); x = 2 }\nf(x) := x",
        "p if { xs = [x | a[i] = x; a = [y | y != 1; y = data.c[j]]]; xs[j] > 0; data.b[i] = j }",
    ])
    func `finds an order in which everything has a value`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }

    @Test(arguments: [
        "keep[x].c := 1 if some x in [\"a\"]\nkeep.b.d(x) := x", "keep[x].c if x := \"a\"\nkeep.r.s.t(x) := x",
        "keep contains x.id if some x in input.all\nkeep[x.id] contains x if some x in input.all",
    ])
    func `refuses what cannot stand below or beside a rule`(rules: String) throws {
        #expect(try #require(CompilerProbe().mistake("package t\n" + rules)).hasPrefix("rego_type_error 2"))
    }

    @Test(arguments: [
        "keep[x].c if x := \"a\"\nkeep.r.s := 1", "keep[x] contains 1 if x := \"a\"\nkeep[x] contains 2 if x := \"b\"",
    ])
    func `accepts rules that make one document`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }

    @Test func `names the definition of the package nearest to the root`() throws {
        let error = #expect(throws: Diagnostics.self) {
            try CompilerProbe().policy("package t.a\nb.c if true", "package t\na.b.c(_) := 2")
        }
        #expect(error?.list.first?.location.file == 1)
    }

    @Test(arguments: [
        ("f([input]) := 1", "args must not shadow input (use a different variable name)"),
        ("f({\"k\": data}) := 1", "args must not shadow data (use a different variable name)"),
        ("p := [1 | input := 1]", "variables must not shadow input (use a different variable name)"),
        ("p if { false } else := [1 | data := 1]", "variables must not shadow data (use a different variable name)"),
    ])
    func `keeps the names of the root documents`(rules: String, message: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == "rego_compile_error 2 " + message)
    }

    @Test func `finds an argument unused that a comprehension's variable hides`() {
        let rules = "package t\nf(x) := [x | x := 1]"
        let expected = "rego_compile_error 2 unused argument x. (hint: use _ (wildcard variable) instead)"
        #expect(CompilerProbe(isStrict: true).mistake(rules) == expected)
    }

    @Test func `asks for no use of variables that a compiler made`() {
        #expect(CompilerProbe().mistake("package t\np if { every __local0__, v in [1] { v >= 1 } }") == nil)
    }

    @Test(arguments: [
        "p if print(x)", "p if { print(x); x = 7 }", "p := [1 | some x; print(x)]",
        "p if { some x; print(x) }", "p if { every z in [1] { print(x, z) } }",
    ])
    func `prints what has a value before`(rules: String) {
        let probe = CompilerProbe(keepsPrint: true)
        #expect(probe.mistake("package t\n" + rules) == "rego_compile_error 2 var x is undeclared")
    }

    @Test(arguments: [
        "p if { x := 7; print(x) }", "f(x) if print(x)", "p if { every z in [1] { print(z) } }",
        "p if { x := 7; [1 | print(x)] == [1] }",
    ])
    func `prints variables, arguments and members`(rules: String) {
        #expect(CompilerProbe(keepsPrint: true).mistake("package t\n" + rules) == nil)
    }
}
