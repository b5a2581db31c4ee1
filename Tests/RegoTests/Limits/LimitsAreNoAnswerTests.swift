// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

/// A limit that is reached ends the evaluation, wherever it is reached: it never makes something undefined, which `not`,
/// `default` and their like would turn into `true`.
@Suite struct LimitsAreNoAnswerTests {
    /// `boom` and `boom(x)` reach a limit when the input says so.
    private static let boom = """
        boom if count(numbers.range(1, input.n)) == -1
        boom_of(x) if count(numbers.range(1, input.n + x)) == -1
        booms contains x if some x in numbers.range(1, input.n)
        boom_value := count(numbers.range(1, input.n))

        """

    static let places = [
        "p if not boom",
        "p if not boom_of(1)",
        "p if not boom_of(1) with input.x as 1",
        "p if { every x in numbers.range(1, input.n) { x == 0 } } else := true",
        "p if { every x in [1] { not boom_of(x) } }",
        "default p := true\np := false if boom",
        "default p := true\np := false if count(booms) == -1",
        "default p(_) := true\np(x) := false if boom_of(x)".replacing("p(", with: "q(") + "\np if q(1)",
        "p := false if { boom } else := true",
        "p if count([1 | boom]) == 0",
        "p if count({1 | boom_of(0)}) == 0",
        "p if count({x: 1 | some x in [1]; boom}) == 0",
        "p if { x := [boom_of(y) | some y in [1, 2]]; x == [] }",
        "p if not f(1) with f as boom_of\nf(x) := x",
        "p if not count([1]) == -1 with count as boom_value",
        "p if { not q with input.x as 1 }\nq if boom",
        "p if not json.is_valid(input.deep)",
        "p if not yaml.is_valid(input.deep)",
        "p if not regex.is_valid(input.pattern)",
        "p if not json.verify_schema(input.deep)[0]",
        "p if not json.match_schema(input.deep, {})[0]",
        "p if not json.match_schema({}, {\"type\": \"object\", \"properties\": {\"a\": {\"pattern\": input.pattern}}})[0]",
        "p if not json.match_schema({\"a\": input.pattern}, {\"properties\": {\"a\": {\"format\": \"regex\"}}})[0]",
        "p if object.get({}, \"a\", boom_value) == 1\nelse := true",
        "p if { x := {\"a\": boom_value}; x.a == -1 } else := true",
        "p if $\"{boom_value}\" == \"<undefined>\"\nelse := true",
        "p if { not input.n in numbers.range(1, input.n) }",
        "q[x] := true if { some x in [1]; boom }\np if count(q) == 0",
        "p if { not data.test.booms[3] }",
        "p if { count(data.test.inner) >= 0 }\ninner.a if boom\ninner.b := 1",
        "p if not glob.match(input.pattern, [], \"x\")",
        "p if not regex.match(input.pattern, \"x\")",
        "p if not io.jwt.decode_verify(input.token, {\"secret\": \"k\"})[0]",
        "p if not graphql.is_valid(input.query, \"type Query { a: String }\")",
        "import future.keywords.not\np if not { boom }",
        "import future.keywords.or\np if { boom or true }",
        "import future.keywords.and\np if not { true and boom }\nimport future.keywords.not",
        "p if { print(boom_value); false } else := true",
    ]

    private static let hostile: String = {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let pattern = String(repeating: "a", count: 5000)
        let query = String(repeating: "{a", count: 3000)
        let token = Base64.url.encode(Array("{\"alg\":\"HS256\",\"a\":\(deep)}".utf8), padded: false)
        return """
            {"n": 100000000, "deep": "\(deep)", "pattern": "\(pattern)", "text": "x", "query": "\(query)",
             "token": "\(String(decoding: token, as: UTF8.self)).e30.AAAA"}
            """
    }()

    @Test(arguments: places)
    func `a limit is no answer`(_ rules: String) throws {
        let imports = rules.split(separator: "\n").filter { $0.hasPrefix("import") }.joined(separator: "\n")
        let rest = rules.split(separator: "\n").filter { !$0.hasPrefix("import") }.joined(separator: "\n")
        for isStrict in [false, true] {
            let probe = try LimitProbe(
                "package test\n\(imports)\n\(Self.boom)\(rest)\n", isStrict: isStrict, keepsPrint: true)
            let harmless = """
                {"n": 3, "deep": "[]", "pattern": "a", "text": "x", "query": "{ a }", "token": "e30.e30.AAAA"}
                """
            let before = try probe(harmless)
            let found = try probe(Self.hostile)
            #expect(found.hasPrefix("eval_limit_error: "))
            #expect(try probe(harmless) == before, "the next evaluation knows nothing of the one before")
        }
    }
}
