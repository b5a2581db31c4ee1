// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@testable import MeshPlane

extension HTTP2HeaderList {
    /// A list of texts.
    init(_ fields: [(String, String)]) {
        self.init()
        for (name, value) in fields {
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { append(name: name, value: $0) }
            }
        }
    }
}

@Suite("A question of the HTTP variant") struct HTTPQuestionTests {
    private static func question(
        _ path: String, _ fields: [(String, String)] = [], body: [UInt8] = []
    ) throws -> MeshQuestion {
        let target = [(":method", "GET"), (":scheme", "https"), (":authority", "a.test"), (":path", path)]
        let list = HTTP2HeaderList(target + fields)
        return try MeshQuestion(http: HTTPQuestionHead(list, endStream: body.isEmpty), body: body)
    }

    @Test("has the service from the prefix and everything else from the request")
    func read() throws {
        let question = try Self.question(
            "/yett/authorize/files/open/a?b=c",
            [
                ("x-forwarded-client-cert", "Hash=00;URI=spiffe://a.test/agent/a"), ("accept", "a"), ("accept", "b"),
                ("yett-task", "yth_x"),
            ])
        #expect(question.extensions == ["service": "files"])
        #expect(question.target == "/open/a?b=c" && question.method == "GET" && question.host == "a.test")
        #expect(question.principal == "spiffe://a.test/agent/a")
        #expect(question.field("accept") == "a,b" && question.field("yett-task") == "yth_x")
        #expect(question.field("x-forwarded-client-cert") == nil)
        #expect(question.shown == .nothing)
    }

    @Test("says nothing of the length of a body, which is that of the question")
    func length() throws {
        let question = try Self.question("/yett/authorize/a/", [("content-length", "0")])
        #expect(question.field("content-length") == nil && question.size == -1)
    }

    @Test("knows nobody without the field that Envoy sets")
    func nobody() throws {
        #expect(try Self.question("/yett/authorize/files/a").principal.isEmpty)
    }

    @Test("tells a whole body from a part")
    func bodies() throws {
        let field = MeshQuestion.partialField
        #expect(try Self.question("/yett/authorize/a/", [(field, "false")], body: [1]).shown == .whole)
        #expect(try Self.question("/yett/authorize/a/", [(field, "true")], body: [1]).shown == .part)
        #expect(try Self.question("/yett/authorize/a/", [(field, "no")], body: [1]).shown == .part)
        #expect(try Self.question("/yett/authorize/a/", [], body: [1]).shown == .part)
        // A client's own word counts for nothing where Envoy shows nothing.
        #expect(try Self.question("/yett/authorize/a/", [(field, "false")]).shown == .nothing)
        #expect(try Self.question("/yett/authorize/a/", [(field, "true")]).shown == .part)
    }

    @Test(
        "without a service is none",
        arguments: ["/yett/authorize/", "/yett/authorize//a", "/yett/authorize/files", "/yett/authorize"])
    func noService(path: String) {
        #expect(throws: MeshQuestion.HTTPFailure.service) { try Self.question(path) }
    }

    @Test("with two clients, an unreadable one, or a field twice that decides is none")
    func ambiguous() {
        let path = "/yett/authorize/files/a"
        let client = ("x-forwarded-client-cert", "URI=spiffe://a.test/agent/a")
        #expect(throws: MeshQuestion.HTTPFailure.client) { try Self.question(path, [client, client]) }
        #expect(throws: MeshQuestion.HTTPFailure.client) {
            try Self.question(path, [("x-forwarded-client-cert", "URI=a,URI=b")])
        }
        #expect(throws: MeshQuestion.HTTPFailure.fields) {
            try Self.question(path, [("yett-task", "a"), ("yett-task", "b")])
        }
        #expect(throws: MeshQuestion.HTTPFailure.fields) {
            try Self.question(path, [(MeshQuestion.partialField, "false"), (MeshQuestion.partialField, "true")])
        }
    }

    @Test("joins the pieces of a cookie as HTTP/1 has it")
    func cookies() throws {
        let question = try Self.question("/yett/authorize/files/a", [("cookie", "a=1"), ("cookie", "b=2")])
        #expect(question.field("cookie") == "a=1; b=2")
    }
}
