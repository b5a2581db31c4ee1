// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct TypeMistakeTests {
    @Test(arguments: [
        "p if \"red\" in [7, 8]", "p if \"red\" in {7}", "p if 7 in {\"n\": \"red\"}", "p := \"red\" in [7]",
        "p if [7, \"red\"] in [[7, 8]]", "p if \"first\", 7 in [7]", "p if 0, \"red\" in [7]",
        "p if 7, 7 in {\"n\": 7}",
        "p if not \"red\" in [7]", "colours := {\"red\"}\np if 7 in colours",
    ])
    func `refuses to look for what a collection cannot hold`(rules: String) throws {
        #expect(try #require(CompilerProbe().mistake("package t\n" + rules)).hasSuffix("match error"))
    }

    @Test(arguments: [
        "p if \"red\" in input", "p if input.x in [7]", "p if \"red\" in [7, input.x]", "p if 7 in []", "p if 7 in 8",
        "p if 0, 7 in [7]", "p if { some x in [7]; x in [7, 8] }", "p if \"red\" in {7, \"blue\"}", "f(x) if 7 in x",
    ])
    func `looks for what a collection may hold`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }

    @Test func `looks for anything in a query`() throws {
        let probe = CompilerProbe()
        _ = try probe.query("\"red\" in {\"red\": 7}", try probe.policy("package t\np := 1"))
    }

    @Test(arguments: [
        "p if { x := 7; concat(\",\", [\"red\", x]) == \"\" }", "n := 7\np := concat(\",\", [\"red\", n])",
        "n := 7\np := concat(\",\", {\"red\", n})",
    ])
    func `keeps a variable's type where a list may be of several forms`(rules: String) throws {
        let found = try #require(CompilerProbe().mistake("package t\n" + rules))
        #expect(found.hasSuffix("concat: invalid argument(s)"))
    }

    @Test(arguments: [
        "role := true\np if data.t.role == \"reader\" with data.t.role as \"reader\"",
        "role := true\nlabel := data.t.role\np if startswith(label, \"r\") with data.t.role as \"reader\"",
        "role := true\nlabel := data.t.role\ncopy := label\np if startswith(copy, \"r\") with data.t.role as \"reader\"",
        "role := true\np if [x | x := startswith(role, \"r\")] == [true] with data.t.role as \"reader\"",
        "f(_) := true\nlabel := f(1)\np if startswith(label, \"r\") with data.t.f as \"reader\"",
        "label := count([1])\np if startswith(label, \"r\") with count as \"reader\"",
        "role := true\np if { x := role with data.t.role as \"reader\"; startswith(x, \"r\") }",
        "role := {\"a\": 1}\np if data.t.role.b == 1 with data.t.role as {\"b\": 1}",
        "part.a := input.a\npart.b := input.b\np if {\"a\": 1} == part",
        "part.a := 1\nother.b := 2\np if part == other",
        "part[key] := 1 if { some i; input[i]; key := [i] }\np if part == {[0]: 1}",
    ])
    func `takes documents for what with makes of them`(rules: String) {
        #expect(CompilerProbe().mistake("package t\n" + rules) == nil)
    }

    @Test(arguments: [
        ("role := true\np if { x := role with data.t.role as 7; startswith(x, \"r\") }", "startswith"),
        ("role := true\nelse_ := 1\np if startswith(role, \"r\") with data.t.else_ as \"reader\"", "startswith"),
        ("role := true\np if startswith(7, \"r\") with data.t.role as \"reader\"", "startswith"),
    ])
    func `checks what with does not touch`(rules: String, function: String) throws {
        let found = try #require(CompilerProbe().mistake("package t\n" + rules))
        #expect(found.hasSuffix("\(function): invalid argument(s)"))
    }
}
