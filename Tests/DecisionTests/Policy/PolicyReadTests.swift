// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Testing

@Suite("What a policy may read") struct PolicyReadTests {
    /// A body of a rule, and words of the mistake that it is; none for a rule that may be written.
    struct Case: Sendable {
        let body: String
        var mistake: String?
        var rest = ""
    }

    private static let cases: [Case] = [
        Case(body: "input.identity.strength < 2"),
        Case(body: "input.destination.host == \"a\""),
        Case(body: "count(input) > 3"),
        Case(
            body: "input.http.method == \"PUT\"",
            mistake: "user.rego:2:24: error: input.http.method is not known to the egress plane for a tunnel"),
        Case(body: "input.http.method == \"PUT\"; input.operation.name == \"request\""),
        Case(body: "input.operation.name in {\"request\", \"websocket\"}; input.http.path == \"/\""),
        Case(
            body: "input.operation.name in [\"request\", \"tunnel\"]; input.http.path == \"/\"",
            mistake: "input.http.path"),
        Case(body: "input.operation.name != \"tunnel\"; input.http.path == \"/\""),
        Case(body: "o := input.operation; o.name == \"request\"; h := input.http; h.path == \"/\""),
        Case(body: "h := input.http; h.path == \"/\"", mistake: "input.http is not known"),
        Case(body: "input.plane == \"service\"; input.operation.arguments.query == \"x\""),
        Case(
            body: "input.operation.arguments.query == \"x\"",
            mistake: "input.operation.arguments.query is not known to the egress plane for a tunnel"),
        Case(body: "input.operation.name == \"request\"; input.http.headers.accept[_] == \"x\""),
        Case(body: "input.http.headers.accept", mistake: "input.http.headers.accept is not known"),
        Case(body: "rand.intn(\"x\", 5) > 3", mistake: "rand.intn gives each evaluation another result"),
        Case(body: "input.person.groups[_] == \"x\""),
        Case(body: "input.person.group[_] == \"x\"", mistake: "did you mean input.person.groups?"),
        Case(body: "not input.task.id"),
        Case(body: "[x | x := input.service.name][0] == \"x\"", mistake: "input.service.name is not known"),
        Case(
            body: "helper", mistake: "user.rego:3:11: error: input.http.path",
            rest: "helper if input.http.path == \"/\""),
        Case(
            body: "input.operation.name == \"request\"; helper",
            rest: "helper if input.http.path == \"/\""),
        Case(
            body: "is_request; input.http.path == \"/\"", rest: "is_request if input.operation.name == \"request\""),
        Case(
            body: "is_any; input.http.path == \"/\"", mistake: "input.http.path",
            rest: "is_any if input.operation.name == \"request\"\nis_any if input.time > 3"),
        Case(body: "f(input.http.path)", mistake: "input.http.path", rest: "f(x) if x == \"/\""),
        Case(body: "f(1)", mistake: "input.http.path", rest: "f(x) if input.http.path == x"),
        Case(body: "input.identiy.id == \"x\"", mistake: "there is no input.identiy.id; did you mean input.identity?"),
        Case(body: "input.identity.idd == \"x\"", mistake: "did you mean input.identity.id?"),
        Case(body: "input.http.headres", mistake: "did you mean input.http.headers?"),
        Case(body: "input.something_else", mistake: "there is no input.something_else"),
        Case(body: "input.time.seconds > 3", mistake: "there is no input.time.seconds"),
        Case(body: "input[\"http\"][input.plane] == 3", mistake: "input.http is not known"),
        Case(body: "data.other.rule with input as {\"x\": 1}", rest: ""),
    ]

    @Test("is what the planes know for the requests that a rule is meant for", arguments: cases)
    func reads(_ example: Case) {
        let text = "package yett.authz\ndeny contains \"x\" if { \(example.body) }\n\(example.rest)\n"
        let mistakes = PolicyFixture.mistakes(of: text)
        if let words = example.mistake {
            #expect(mistakes.contains { $0.contains(words) }, "\(mistakes)")
        } else {
            #expect(mistakes.isEmpty, "\(mistakes)")
        }
    }

    @Test("is not looked at in rules that the decision does not use")
    func unused() {
        #expect(PolicyFixture.mistakes(of: "package other\nrule if input.anything.goes").isEmpty)
    }

    @Test("is checked for Envoy's form, too")
    func envoy() {
        let path = "package envoy.authz\nimport input.attributes.request.http as http\n"
        func mistakes(_ rule: String) -> [String] {
            PolicyFixture.mistakes(of: path + rule) { settings in
                settings.entryPoint = ["envoy", "authz", "allow"]
                settings.input = .envoy
            }
        }
        #expect(mistakes("allow if { http.method == \"GET\"; input.parsed_path[0] == \"v1\" }").isEmpty)
        #expect(
            mistakes("allow if http.metod == \"GET\"").first?.contains(
                "did you mean input.attributes.request.http.method?") == true)
        #expect(mistakes("allow if input.parsed_body.x").first?.contains("input.parsed_body.x is not known") == true)
    }

    @Test("decides whether header fields are collected, and refuses requests that lack them")
    func fields() throws {
        let rule =
            "deny contains \"x\" if { input.operation.name == \"request\"; input.http.headers[\"x-a\"][0] == \"b\" }"
        let policy = try PolicyFixture.policy("package yett.authz\n\(rule)")
        #expect(policy.readsFields)
        #expect(DecisionPolicy.standard?.readsFields == false)
        let snapshot = try PolicyFixture.snapshot(policy)
        var facts = try GrantFixture.request("GET", "web.test", 443)
        #expect(snapshot.decide(facts) { _ in GrantUsage() }.reason == .policyError)
        facts.http?.fields = [.init(name: "x-a", value: "b")]
        #expect(snapshot.decide(facts) { _ in GrantUsage() }.reason == .policyDenied)
        facts.http?.fields = []
        #expect(snapshot.decide(facts) { _ in GrantUsage() }.reason == .granted)
        #expect(snapshot.decide(try GrantFixture.tunnel("web.test")) { _ in GrantUsage() }.reason == .granted)
    }

    @Test("is named with the place of each mistake, in their order")
    func places() {
        let mistakes = PolicyFixture.mistakes(
            of: "package yett.authz\ndeny contains \"a\" if input.tsk.id\ndeny contains \"b\" if input.service.name\n")
        #expect(mistakes.count == 2)
        #expect(mistakes.first?.hasPrefix("user.rego:2:22: error: there is no input.tsk.id") == true)
        #expect(mistakes.last?.hasPrefix("user.rego:3:22: error: input.service.name is not known") == true)
    }

    @Test(
        "a mistake of the language is shown with file, row and column",
        arguments: [
            ("package a\np if {", "user.rego:2:"),
            ("package yett.authz\ndeny contains x if true", "rego_unsafe_var_error"),
            ("package yett.authz\nallow if http.send({}).ok", "policy.allow_builtins"),
            ("package yett.authz\nallow if yett.grantd(input)", "yett.grantd"),
        ])
    func language(text: String, words: String) {
        let mistakes = PolicyFixture.mistakes(of: text)
        #expect(mistakes.contains { $0.contains(words) }, "\(mistakes)")
    }

    @Test("an entry point at which no rule stands is a mistake")
    func entryPoint() {
        let mistakes = PolicyFixture.mistakes(of: "package app\nallow if true") { $0.entryPoint = ["app", "alow"] }
        #expect(mistakes == ["policy: error: no rule stands at data.app.alow"])
    }

    @Test("tells whether the verdict can change with time")
    func time() throws {
        #expect(try PolicyFixture.policy("package yett.authz\ndeny contains \"x\" if input.time > 3").dependsOnTime)
        #expect(try PolicyFixture.policy("package yett.authz\ndeny contains \"x\" if time.now_ns() > 3").dependsOnTime)
        #expect(
            !(try PolicyFixture.policy("package yett.authz\ndeny contains \"x\" if input.plane == \"a\"").dependsOnTime)
        )
    }
}

extension PolicyReadTests.Case: CustomTestStringConvertible {
    var testDescription: String { body }
}
