// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import PolicyTool
import Testing

@Suite struct QueryEvaluationTests {
    static let policy = """
        package app
        allow if input.user == "alice"
        names contains name if some name in data.users
        """

    @Test(
        "writes answers as opa does",
        arguments: [
            ("1 == 2", .pretty, "false\n"),
            ("data.app.allow", .pretty, "undefined\n"),
            ("x := 1; x == 1", .bindings, "{\n  \"x\": 1\n}\n"),
            (#""a"; [1]"#, .raw, "a [1]\n"),
            (#"{"k": "<&>"}"#, .raw, "{\"k\":\"\\u003c\\u0026\\u003e\"}\n"),
            ("data.app.names", .values, "[\n  [\n    \"ann\",\n    \"bob\"\n  ]\n]\n"),
            ("data.nope", .json, "{}\n"),
            ("1", .discard, "{\n  \"result\": \"discarded\"\n}\n"),
            ("data.users[i] == \"bob\"", .bindings, "{\n  \"i\": 1\n}\n"),
            (
                "data.users[i]", .pretty,
                """
                +---+---------------+
                | i | data.users[i] |
                +---+---------------+
                | 0 | "ann"         |
                | 1 | "bob"         |
                +---+---------------+

                """
            ),
            (
                "true", .json,
                """
                {
                  "result": [
                    {
                      "expressions": [
                        {
                          "value": true,
                          "text": "true",
                          "location": {
                            "row": 1,
                            "col": 1
                          }
                        }
                      ]
                    }
                  ]
                }

                """
            ),
        ] as [(String, QueryEvaluation.Format, String)])
    func formats(query: String, format: QueryEvaluation.Format, expected: String) throws {
        #expect(try evaluate(query).text(format) == expected)
    }

    @Test("answers a query with statements that are false not at all, but shows a lone false")
    func falsehood() throws {
        #expect(try evaluate("true; 1 == 2").answers.isEmpty)
        #expect(try evaluate("1 == 2").answers.count == 1)
    }

    @Test("finds rules of a package and imported documents by their names")
    func names() throws {
        let evaluation = try evaluate("names; users") { request in
            request.package = "app"
            request.imports = ["data.users"]
        }
        #expect(evaluation.text(.raw) == "[\"ann\",\"bob\"] [\"ann\",\"bob\"]\n")
    }

    @Test("reads the input from YAML")
    func input() throws {
        let evaluation = try evaluate("data.app.allow") { $0.input = ("in", .yaml, Array("user: alice".utf8)) }
        #expect(evaluation.text(.pretty) == "true\n")
    }

    @Test("keeps what print writes, and the first error of a builtin")
    func notes() throws {
        let evaluation = try evaluate(#"print("a", 1); 1 / 0"#)
        #expect(evaluation.notes == ["a 1"])
        #expect(evaluation.builtinError?.text == "1 error occurred: 1:16: eval_builtin_error: div: divide by zero")
    }

    @Test(
        "says what is wrong with a query",
        arguments: [
            ("x+", "1 error occurred: 1:2: rego_parse_error: unexpected eof token\n\tx+\n\t ^"),
            ("x > 1", "1 error occurred: 1:1: rego_unsafe_var_error: var x is unsafe"),
            ("nope(1)", "1 error occurred: 1:1: rego_type_error: undefined function nope"),
        ])
    func mistakes(query: String, expected: String) throws {
        #expect(message(in: try TemporaryFiles()) { _ = try evaluate(query) } == expected)
    }

    @Test("reports which lines ran")
    func coverage() throws {
        let evaluation = try evaluate("data.app.allow") { $0.coverage = true }
        let file = try #require(evaluation.coverage?.files.first)
        #expect(file.covered == [2])
        #expect(file.notCovered == [3])
    }

    private func evaluate(
        _ query: String, _ change: (inout QueryEvaluation.Request) -> Void = { _ in }
    ) throws -> QueryEvaluation {
        let files = try TemporaryFiles(["app.rego": Self.policy, "data.json": #"{"users": ["ann", "bob"]}"#])
        var request = QueryEvaluation.Request(query: query, files: try LoadedFiles([files.path]))
        change(&request)
        return try QueryEvaluation(request)
    }
}
