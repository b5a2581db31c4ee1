// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego
import Testing

@Suite struct FormatterTests {
    private func format(_ text: String, edition: Formatter.Edition = .opa1_9) throws -> String {
        String(decoding: try Formatter.format(source: Array(text.utf8), file: 0, edition: edition), as: UTF8.self)
    }

    @Test(
        arguments: [
            ("p:=[1,\n2,3]", "p := [\n\t1,\n\t2, 3,\n]"), ("p if {input.a} {input.b}", "p if input.a\n\np if input.b"),
            ("q[\"a\"] := 1", "q[\"a\"] := 1"), ("p := (1+2)*3", "p := (1 + 2) * 3"), ("p if { x } # c", "p if x # c"),
            ("p if {\n# a\nx # b\n# c\n}", "p if {\n\t# a\n\tx # b\n\t# c\n}"),
            ("p := {\n\"a\": 1, # x\n# y\n\"b\": 2\n# z\n}", "p := {\n\t\"a\": 1, # x\n\t# y\n\t\"b\": 2,\n\t# z\n}"),
            ("p if {\n some x,\n y\n}", "p if {\n\tsome x,\n\t\ty\n}"), ("f(\n1,\n2) := 3", "f(\n\t1,\n\t2,\n) := 3"),
            ("p := 1 if x\nelse := 2 if { y; z }", "p := 1 if x\n\nelse := 2 if {\n\ty\n\tz\n}"),
            ("p if { every k, v in x { k; v } }", "p if every k, v in x { k; v}"), ("p := {1, 1, 2}", "p := {1, 2}"),
            ("p := f( 1 ,g( x )[ 0 ] )", "p := f(1, g(x)[0])"), ("p := plus(1, 2)", "p := 1 + 2"),
            ("p := $\"a {x+1} \\{\"", "p := $\"a {x + 1} \\{\""), ("p if not (x == 1)", "p if not x == 1"),
            ("default f(_):=1", "default f(_) := 1"), ("p := .5", "p := .5"), ("p := - 5", "p := -5"),
            ("p if x with a as 1\nwith b as 2", "p if x with a as 1\n\twith b as 2"),
        ])
    func `prints rules`(rule: String, printed: String) throws {
        #expect(try format("package a\n\(rule)\n") == "package a\n\n\(printed)\n")
        #expect(try format("package a\n\n\(printed)\n") == "package a\n\n\(printed)\n")
    }

    @Test(
        arguments: [
            ("p := {\n\"a\": 1\n}", "p := {\"a\": 1}", "p := {\n\t\"a\": 1,\n}"),
            ("p := f(\n1,\n2,\n) if x", "p := f(\n\t1,\n\t2,\n) if {\n\tx\n}", "p := f(\n\t1,\n\t2,\n) if x"),
            ("p if {\nx\nwith a as 1\n}", "p if {\n\tx with a as 1\n}", "p if {\n\tx\n\t\twith a as 1\n}"),
        ])
    func `keeps more line breaks in the later edition`(rule: String, early: String, late: String) throws {
        #expect(try format("package a\n\(rule)\n") == "package a\n\n\(early)\n")
        #expect(try format("package a\n\(rule)\n", edition: .opa1_21) == "package a\n\n\(late)\n")
    }

    @Test func `groups and sorts imports`() throws {
        let source =
            "package a\nimport data.z # last\nimport data.b as c\nimport data.b\n\n\n# own\nimport input.x\np := 1"
        let printed = """
            package a

            import data.b
            import data.b as c
            import data.z # last

            # own
            import input.x

            p := 1

            """
        #expect(try format(source) == printed)
    }

    @Test(arguments: ["p if", "import data.a\nimport data.b as a", "data := 1", "p if any([true])", "p if plus(1)"])
    func `prints nothing where a module is wrong`(rule: String) {
        #expect(throws: Diagnostics.self) { try format("package a\n\(rule)\n") }
    }
}
