// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

/// Inputs and policies that ask for more than there is: each ends in time, in a limit or with an answer.
@Suite(.serialized) struct HostileEvaluationTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var name: String
        var rules: String
        var input = "null"
        /// What it comes to; nil: any answer or limit.
        var answer: String?

        var testDescription: String { name }
    }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        "[" + (0..<count).map(element).joined(separator: ",") + "]"
    }

    /// Rules each of which is made of two of the one before.
    private static func doubled(_ levels: Int, _ first: String, _ step: (String) -> String) -> String {
        let rules = (1...levels).map { "r\($0) := \(step("r\($0 - 1)"))" }
        return "r0 := \(first)\n" + rules.joined(separator: "\n")
    }

    static let examples: [Example] = [
        Example(
            name: "three loops over the input",
            rules: "p if { some a in input; some b in input; some c in input; a + b + c == -1 }",
            input: list(1000) { "\($0)" }, answer: "eval_limit_error"),
        Example(
            name: "comprehensions in comprehensions",
            rules:
                "p := count([1 | some a in input; count([1 | some b in input; count([1 | some c in input; c == b]) == a]) == a])",
            input: list(1000) { "\($0)" }, answer: "eval_limit_error"),
        Example(
            name: "arrays that double",
            rules: "p := count(r40)\n" + doubled(40, "[input, 1]") { "array.concat(\($0), \($0))" },
            answer: "eval_limit_error"),
        Example(
            name: "strings that double",
            rules: "p := count(r60)\n" + doubled(60, "sprintf(\"%v\", [input])") { "concat(\"\", [\($0), \($0)])" },
            answer: "eval_limit_error"),
        Example(
            name: "numbers that double",
            rules: "p := r60\n" + doubled(60, "12345678901234567890 + input.n") { "\($0) * \($0)" },
            input: "{\"n\": 1}", answer: "eval_limit_error"),
        Example(
            name: "values that hold themselves twice",
            rules: "p if { r60 == s60 }\n" + doubled(60, "[input]") { "[\($0), \($0)]" }
                + "\n" + doubled(60, "[input]") { "[\($0), \($0)]" }.replacing("r", with: "s"),
            answer: "eval_limit_error"),
        Example(
            name: "values that hold themselves twice as a set's elements",
            rules: "p := count({r60, s60})\n" + doubled(60, "[input]") { "[\($0), \($0)]" }
                + "\n" + doubled(60, "[input]") { "[\($0), \($0)]" }.replacing("r", with: "s"),
            answer: "eval_limit_error"),
        Example(
            name: "values that hold themselves twice in order",
            rules: "p if { r60 < s60 }\n" + doubled(60, "[input]") { "[\($0), \($0)]" }
                + "\n" + doubled(60, "[input]") { "[\($0), \($0)]" }.replacing("r", with: "s"),
            answer: "eval_limit_error"),
        Example(
            name: "values that hold themselves twice as a result",
            rules: "p := r60\n" + doubled(60, "[input]") { "[\($0), \($0)]" },
            answer: "eval_limit_error"),
        Example(
            name: "objects that hold themselves twice",
            rules: "p := json.marshal(r60)\n" + doubled(60, "{\"x\": input}") { "{\"a\": \($0), \"b\": \($0)}" },
            answer: "eval_limit_error"),
        Example(
            name: "values that hold themselves twice, walked",
            rules: "p := count([1 | walk(r60)])\n" + doubled(60, "[input]") { "[\($0), \($0)]" },
            answer: "eval_limit_error"),
        Example(
            name: "a text of values that hold themselves twice",
            rules: "p := sprintf(\"%v\", [r60])\n" + doubled(60, "[input]") { "[\($0), \($0)]" },
            answer: "eval_limit_error"),
        Example(
            name: "patches that copy what they copied",
            rules: "p if { x := json.patch({\"a\": {}}, input); y := json.patch({\"a\": {}}, input); x == y }",
            input: list(60) { "{\"op\": \"copy\", \"from\": \"/a\", \"path\": \"/a/x\($0)\"}" },
            answer: "eval_limit_error"),
        Example(
            name: "many patches", rules: "p := count(json.patch(input.a, input.b).a)",
            input:
                "{\"a\": {\"a\": \(list(5000) { "\($0)" })}, \"b\": \(list(5000) { _ in "{\"op\": \"add\", \"path\": \"/a/0\", \"value\": 1}" })}"
        ),
        Example(
            name: "aliases in YAML", rules: "p := count(yaml.unmarshal(input))",
            input: "\"a: &a [x,x,x,x,x,x,x,x,x]\\n"
                + (1...9).map { level in
                    let (this, former) = (
                        Character(UnicodeScalar(UInt8(97 + level))), Character(UnicodeScalar(UInt8(96 + level)))
                    )
                    return "\(this): &\(this) [" + (0..<9).map { _ in "*\(former)" }.joined(separator: ",") + "]\\n"
                }.joined() + "\"", answer: "eval_limit_error"),
        Example(
            name: "a pattern that goes back", rules: "p if regex.match(`(a+)+$`, input)",
            input: "\"\(repeated("a", 100_000))b\"", answer: "undefined"),
        Example(
            name: "a pattern of the input that goes back", rules: "p if regex.match(input.p, input.t)",
            input: "{\"p\": \"(a|aa)+$\", \"t\": \"\(repeated("a", 100_000))b\"}", answer: "undefined"),
        Example(
            name: "many stars", rules: "p if glob.match(\"\(repeated("*a", 50))\", [], input)",
            input: "\"\(repeated("a", 20_000))b\"", answer: "undefined"),
        Example(
            name: "many double stars", rules: "p if glob.match(\"\(repeated("**a/", 50))\", [\"/\"], input)",
            input: "\"\(repeated("a/", 20_000))b\"", answer: "undefined"),
        Example(
            name: "many patterns",
            rules:
                "p := count([1 | some i in numbers.range(1, 5000); regex.match(sprintf(\"a{%d}\", [i % 1000]), input)])",
            input: "\"\(repeated("a", 1000))\""),
        Example(
            name: "a pattern that finds much", rules: "p := count(regex.find_n(\"\", input, -1))",
            input: "\"\(repeated("a", 500_000))\""),
        Example(
            name: "all submatches", rules: "p := count(regex.find_all_string_submatch_n(\"(((a)))\", input, -1))",
            input: "\"\(repeated("a", 300_000))\""),
        Example(
            name: "a replacement that grows",
            rules: "p := count(regex.replace(input, \"a\", \"\(repeated("b", 3000))\"))",
            input: "\"\(repeated("a", 100_000))\"", answer: "eval_limit_error"),
        Example(
            name: "paths of a full graph",
            rules: "p := count(graph.reachable_paths({x: input | some x in input}, [1]))", input: list(25) { "\($0)" },
            answer: "eval_limit_error"),
        Example(
            name: "a long way through a graph",
            rules: "p := count(graph.reachable(input, [\"0\"]))",
            input: "{" + (0..<30_000).map { "\"\($0)\": [\"\($0 + 1)\"]" }.joined(separator: ",") + "}", answer: "30000"
        ),
        Example(
            name: "a long path through a graph",
            rules: "p := count(graph.reachable_paths(input, [\"0\"]))",
            input: "{" + (0..<30_000).map { "\"\($0)\": [\"\($0 + 1)\"]" }.joined(separator: ",") + "}",
            answer: "eval_limit_error"),
        Example(
            name: "a walk over a large document", rules: "p := count([1 | walk(input, [_, x]); x == 7])",
            input: list(100) { _ in list(100) { "\($0)" } }, answer: "100"),
        Example(
            name: "a walk over a deep document", rules: "p := count([1 | walk(input)])",
            input: repeated("[", 150) + repeated("]", 150), answer: "150"),
        Example(
            name: "large documents compared again and again",
            rules: "p if { some i in numbers.range(1, 100000); input.a == input.b; i == -1 }",
            input: "{\"a\": \(list(40_000) { "\($0)" }), \"b\": \(list(40_000) { "\($0)" })}",
            answer: "eval_limit_error"),
        Example(
            name: "large documents ordered again and again",
            rules: "p if { some i in numbers.range(1, 100000); input.a < input.b }",
            input: "{\"a\": \(list(40_000) { "\($0)" }), \"b\": \(list(40_000) { "\($0)" })}",
            answer: "eval_limit_error"),
        Example(
            name: "large documents in a set again and again",
            rules: "p := count({x | some i in numbers.range(1, 100000); some x in input})",
            input: "[\(list(40_000) { "\($0)" }), \(list(40_000) { "\($0)" })]", answer: "eval_limit_error"),
        Example(
            name: "long strings compared again and again",
            rules: "p if { some i in numbers.range(1, 100000); input.a == input.b; i == -1 }",
            input: "{\"a\": \"\(repeated("a", 400_000))\", \"b\": \"\(repeated("a", 400_000))\"}",
            answer: "eval_limit_error"),
        Example(
            name: "long strings ordered again and again",
            rules: "p if { some i in numbers.range(1, 100000); input.a < input.b }",
            input: "{\"a\": \"\(repeated("a", 400_000))\", \"b\": \"\(repeated("a", 400_000))\"}",
            answer: "eval_limit_error"),
        Example(
            name: "long numbers compared again and again",
            rules: "p if { some i in numbers.range(1, 1000000); input.a < input.b }",
            input: "{\"a\": 1\(repeated("0", 990)), \"b\": 1\(repeated("0", 990))}", answer: "eval_limit_error"),
        Example(
            name: "replaced documents again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); q with input.x as i])\nq if input.x > 0\n"
                + (0..<1000).map { "r\($0) := input" }.joined(separator: "\n"),
            input: "{" + (0..<10_000).map { "\"k\($0)\": 1" }.joined(separator: ",") + "}", answer: "eval_limit_error"),
        Example(
            name: "large literals again and again",
            rules:
                "p := count([1 | some i in numbers.range(1, 100000); x := [\((0..<2000).map { _ in "i" }.joined(separator: ","))]; x == input])",
            answer: "eval_limit_error"),
        Example(
            name: "membership again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); -1 in input])", input: list(50_000) { "\($0)" },
            answer: "eval_limit_error"),
        Example(
            name: "a text of a large document again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); json.marshal(input) == \"\"])",
            input: list(50_000) { "\($0)" }, answer: "eval_limit_error"),
        Example(
            name: "sprintf of a large document again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); sprintf(\"%v\", [input]) == \"\"])",
            input: list(50_000) { "\($0)" }, answer: "eval_limit_error"),
        Example(
            name: "sorting again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); count(sort(input)) == 1])",
            input: list(50_000) { "\(50_000 - $0)" }, answer: "eval_limit_error"),
        Example(
            name: "sets made again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); s := {x | some x in input.l}; count(s) == i])",
            input: "{\"l\": \(list(5000) { "\($0)" })}", answer: "eval_limit_error"),
        Example(
            name: "big numbers multiplied again and again",
            rules: "p := count([1 | some i in numbers.range(1, 100000); x := bits.lsh(input, 60000); x * x == 1])",
            input: "1", answer: "eval_limit_error"),
        Example(
            name: "big numbers multiplied again and again within the limit",
            rules: "p := count([1 | some i in numbers.range(1, 100000); x := bits.lsh(input, 32000) + i; x * x == 1])",
            input: "1", answer: "eval_limit_error"),
        Example(
            name: "big numbers divided and written again and again",
            rules:
                "p := count([1 | some i in numbers.range(1, 100000); x := bits.lsh(input, 60000) + i; y := x % (bits.lsh(input, 30000) + 1); sprintf(\"%d\", [y]) == \"\"])",
            input: "1", answer: "eval_limit_error"),
        Example(
            name: "addresses of a large network", rules: "p := count(net.cidr_expand(\"10.0.0.0/8\"))",
            answer: "eval_limit_error"),
        Example(
            name: "networks merged", rules: "p := count(net.cidr_merge(input))",
            input: list(20_000) { "\"10.\($0 / 256 % 256).\($0 % 256).0/24\"" }),
        Example(
            name: "networks that contain one another",
            rules: "p := count(net.cidr_contains_matches(input, input))", input: list(3000) { _ in "\"10.0.0.0/8\"" },
            answer: "eval_limit_error"),
        Example(
            name: "a pattern for each element", rules: "p := strings.any_prefix_match(input, input)",
            input: list(30_000) { "\"\($0)\"" }),
        Example(
            name: "many replacements",
            rules: "p := count(strings.replace_n({x: \"\(repeated("y", 500))\" | some x in input.k}, input.t))",
            input: "{\"k\": [\"a\", \"b\"], \"t\": \"\(repeated("ab", 100_000))\"}", answer: "eval_limit_error"),
        Example(
            name: "unions of unions", rules: "p := count(union({{x, y} | some x in input; some y in input}))",
            input: list(2000) { "\($0)" }, answer: "eval_limit_error"),
        Example(
            name: "a template that ranges over much",
            rules:
                "p := strings.render_template(`{{range .a}}{{range $.a}}{{range $.a}}x{{end}}{{end}}{{end}}`, input)",
            input: "{\"a\": \(list(2000) { "\($0)" })}", answer: "eval_limit_error"),
        Example(
            name: "a template that is deep", rules: "p := strings.render_template(input, {})",
            input: "\"\(repeated("{{if true}}", 20_000))\""),
        Example(
            name: "a deep GraphQL query", rules: "p := graphql.is_valid(input, \"type Query { a: String }\")",
            input: "\"\(repeated("{a", 20_000))\"", answer: "eval_limit_error"),
        Example(
            name: "fragments that meet",
            rules: "p := graphql.is_valid(input, \"type Query { a: Query b: String }\")",
            input: "\"{ ...f0 } "
                + (0..<300).map { "fragment f\($0) on Query { a { ...f\($0 + 1) ...f\($0 + 1) } }" }.joined(
                    separator: " ")
                + " fragment f300 on Query { b }\""),
        Example(
            name: "a schema that refers to itself",
            rules: "p := json.match_schema(input, {\"$ref\": \"#\"})[0]", input: "{}"),
        Example(
            name: "a schema of many choices",
            rules: "p := json.match_schema(input.d, input.s)[0]",
            input:
                "{\"d\": \(repeated("[", 60))\(repeated("]", 60)), \"s\": {\"definitions\": {\"a\": {\"anyOf\": [{\"items\": {\"$ref\": \"#/definitions/a\"}, \"minItems\": 9}, {\"items\": {\"$ref\": \"#/definitions/a\"}, \"minItems\": 8}]}}, \"$ref\": \"#/definitions/a\"}}"
        ),
        Example(
            name: "a key set of many keys", rules: "p := io.jwt.verify_rs256(\"e30.e30.AAAA\", input)",
            input: "\"{\\\"keys\\\": ["
                + (0..<5000).map { _ in "{\\\"kty\\\": \\\"oct\\\", \\\"k\\\": \\\"AAAA\\\"}" }.joined(separator: ",")
                + "]}\""),
        Example(
            name: "many certificates", rules: "p := count(crypto.x509.parse_certificates(input))",
            input: "\"" + repeated("-----BEGIN CERTIFICATE-----\\nMAA=\\n-----END CERTIFICATE-----\\n", 10_000) + "\""),
        Example(
            name: "a deep ASN.1 structure",
            rules: "p := count(crypto.x509.parse_certificates(base64.encode(hex.decode(input))))",
            input: "\"" + repeated("3080", 20_000) + "\""),
        Example(
            name: "semantic versions", rules: "p := semver.compare(input, input)",
            input: "\"1.2.3-\(repeated("1.", 100_000))1\""),
        Example(
            name: "a module of the input", rules: "p := rego.parse_module(\"x\", input)",
            input: "\"package a\\n\(repeated("p := [1,2,3]\\n", 2_000))\""),
        Example(
            name: "a deep module of the input", rules: "p := rego.parse_module(\"x\", input)",
            input: "\"package a\\np := \(repeated("[", 100_000))\""),
        Example(
            name: "keys that collide in other tables",
            rules: "p := count({x | some x in input}) + count({x: 1 | some x in input})",
            input: list(20_000) { number in list(15) { number >> $0 & 1 == 1 ? "true" : "false" } }, answer: "40000"),
        Example(
            name: "equal numbers in many forms", rules: "p := count({x | some x in input})",
            input: list(2000) { "1" + (repeated("0", $0 % 300)) + "e-\($0 % 300)" }, answer: "1"),
    ]

    @Test(arguments: examples)
    func `ends in time`(_ example: Example) throws {
        let probe = try LimitProbe(example.rules)
        probe.evaluator.context.clock = example.answer.map { $0.contains("limit") } == false ? nil : LimitProbe.clock
        var found = ""
        let duration = try ContinuousClock().measure { found = try probe(example.input) }
        if let answer = example.answer { #expect(found.prefix(100).hasPrefix(answer)) }
        #expect(duration < .seconds(20))
    }
}
