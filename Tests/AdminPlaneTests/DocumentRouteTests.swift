// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import GateSupport
import PolicyBundle
import Synchronization
import Testing

@Suite("OPA's REST API") struct DocumentRouteTests {
    /// A request and the answer to it.
    struct Exchange: Sendable {
        let method: String
        let path: String
        var body: String?
        var status = 200
        let answer: String
        var call: String?
    }

    private static let exchanges: [Exchange] = [
        Exchange(
            method: "POST", path: "/v1/data/app/allow", body: #"{"input":{"a":1.50}}"#, answer: #"{"result":true}"#,
            call: #"evaluate app/allow {"a":1.50}"#),
        Exchange(
            method: "POST", path: "/v1/data/app/allow", body: "{}",
            answer:
                #"{"result":true,"warning":{"code":"api_usage_warning","message":"'input' key missing from the request"}}"#,
            call: "evaluate app/allow -"),
        Exchange(
            method: "POST", path: "/v1/data/app/undefined", body: #"{"input":{}}"#, answer: "{}",
            call: "evaluate app/undefined {}"),
        Exchange(method: "GET", path: "/v1/data/a%20b/0", answer: #"{"result":true}"#, call: "evaluate a b/0 -"),
        Exchange(
            method: "GET", path: "/v1/data/a?input=%7B%22x%22%3A1%7D", answer: #"{"result":true}"#,
            call: #"evaluate a {"x":1}"#),
        Exchange(method: "GET", path: "/v1/data", answer: #"{"result":true}"#, call: "evaluate  -"),
        Exchange(
            method: "GET", path: "/v1/data/a?metrics=true&provenance",
            answer:
                #"{"provenance":{"version":"1.2.3","build_commit":"","build_timestamp":"","build_hostname":"","bundles":{"main":{"revision":"r1"}}},"metrics":{"timer_rego_query_eval_ns":7},"result":true}"#
        ),
        Exchange(method: "GET", path: "/v1/data/a?pretty=true", answer: "{\n  \"result\": true\n}"),
        Exchange(method: "POST", path: "/v0/data/a", body: "[1]", answer: "true", call: "evaluate a [1]"),
        Exchange(
            method: "POST", path: "/v0/data/app/undefined", body: "1", status: 404,
            answer: "{\n  \"code\": \"undefined_document\",\n  \"message\": \"document missing: data.app.undefined\"\n}"
        ),
        Exchange(method: "POST", path: "/", body: "{}", answer: "true", call: "evaluate system/main {}"),
        Exchange(
            method: "POST", path: "/v1/data/a", body: "{", status: 400,
            answer:
                "{\n  \"code\": \"invalid_parameter\",\n  \"message\": \"body contains malformed input document: unexpected end of JSON input\"\n}"
        ),
        Exchange(
            method: "POST", path: "/v1/data/conflict", body: #"{"input":1}"#, status: 500,
            answer:
                "{\n  \"code\": \"internal_error\",\n  \"message\": \"error(s) occurred while evaluating query\",\n  \"errors\": [{\"code\":\"eval_conflict_error\",\"message\":\"complete rules must not produce multiple outputs\",\"location\":{\"file\":\"a.rego\",\"row\":3,\"col\":1}}]\n}"
        ),
        Exchange(
            method: "GET", path: "/v1/policies",
            answer: #"{"result":[{"id":"/etc/yett/authz.rego","raw":"package a\n"}]}"#),
        Exchange(
            method: "GET", path: "/v1/policies/etc/yett/authz.rego",
            answer: #"{"result":{"id":"/etc/yett/authz.rego","raw":"package a\n"}}"#),
        Exchange(
            method: "GET", path: "/v1/policies/other", status: 404,
            answer:
                "{\n  \"code\": \"resource_not_found\",\n  \"message\": \"storage_not_found_error: policy id \\\"other\\\"\"\n}"
        ),
        Exchange(method: "GET", path: "/health", answer: "{}"),
        Exchange(method: "GET", path: "/health?bundles", answer: "{}"),
        Exchange(method: "GET", path: "/v1/query?q=x%3D1", answer: #"{"result":[{"x":1}]}"#, call: "query x=1 -"),
        Exchange(
            method: "POST", path: "/v1/query", body: #"{"query":"x=1","input":{"a":1}}"#,
            answer: #"{"result":[{"x":1}]}"#, call: #"query x=1 {"a":1}"#),
        Exchange(method: "POST", path: "/v1/query", body: #"{"query":"false"}"#, answer: "{}"),
        Exchange(
            method: "POST", path: "/v1/query", body: #"{"input":1}"#, status: 400,
            answer: "{\n  \"code\": \"invalid_parameter\",\n  \"message\": \"missing required 'query' value\"\n}"),
        Exchange(
            method: "GET", path: "/v1/query", status: 400,
            answer: "{\n  \"code\": \"invalid_parameter\",\n  \"message\": \"missing parameter 'q'\"\n}"),
    ]

    @Test("answers in OPA's shapes", arguments: exchanges)
    func exchange(_ exchange: Exchange) async throws {
        try await AdminServer.run { server throws in
            let answer = try server.ask(exchange.method, exchange.path, body: exchange.body)
            #expect(answer.status == exchange.status)
            #expect(answer.text == exchange.answer + "\n")
            if let call = exchange.call { #expect(server.gate.calls == [call]) }
        }
    }

    @Test("says what to type instead of writing", arguments: ["PUT", "PATCH", "DELETE"])
    func readOnly(method: String) async throws {
        try await AdminServer.run { server throws in
            for path in ["/v1/data", "/v1/data/a/b", "/v1/policies/x", "/v1/policies"] {
                let answer = try server.ask(method, path, body: "{}")
                #expect(answer.status == 405)
                #expect(answer.text.contains(#""code": "invalid_parameter""#))
                #expect(answer.text.contains("yett reload"))
            }
            #expect(server.gate.calls.isEmpty)
        }
    }

    @Test("says that it is not well while a bundle is missing, to those who ask")
    func health() async throws {
        try await AdminServer.run { server throws in
            server.gate.isActive.withLock { $0 = false }
            #expect(try server.ask("GET", "/health").status == 200)
            #expect(try server.ask("GET", "/health?bundles=false").status == 200)
            let answer = try server.ask("GET", "/health?bundles=true")
            #expect(answer.status == 500)
            #expect(answer.text == #"{"error":"one or more bundles are not activated"}"# + "\n")
            #expect(try server.ask("GET", "/health?plugins").text.contains("plugins are not up"))
        }
    }

    @Test("takes bodies in gzip and in YAML, and neither bombs nor unknown encodings")
    func bodies() async throws {
        try await AdminServer.run { server throws in
            let text = Array(#"{"input":{"a":1.50}}"#.utf8)
            let packed = try Gzip.deflate(text)
            #expect(try server.send(packed, ["Content-Encoding: gzip"]).text == "{\"result\":true}\n")
            #expect(
                try server.send(Array("input: {a: [1, x]}".utf8), ["Content-Type: application/x-yaml"]).status == 200)
            #expect(server.gate.calls == [#"evaluate a {"a":1.50}"#, #"evaluate a {"a":[1,"x"]}"#])
            let bomb = try Gzip.deflate([UInt8](repeating: 0x20, count: 100 << 20))
            #expect(try server.send(bomb, ["Content-Encoding: gzip"]).status == 413)
            for (body, header) in [
                (text, "Content-Encoding: gzip"), (packed.dropLast(4), "Content-Encoding: gzip"),
                (text, "Content-Encoding: br"), (Array("a: [".utf8), "Content-Type: application/yaml"),
                ([0xFF], "Content-Type: application/yaml"),
            ] {
                let answer = try server.send(Array(body), [header])
                #expect(answer.status == 400, "\(header)")
                #expect(answer.text.contains("invalid_parameter"))
            }
        }
    }
}

extension DocumentRouteTests.Exchange: CustomTestStringConvertible {
    var testDescription: String { "\(method) \(path) \(body ?? "")" }
}
