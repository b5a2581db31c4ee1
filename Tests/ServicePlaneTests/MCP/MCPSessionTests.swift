// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// The revisions with sessions.
@Suite("Sessions with MCP servers") struct MCPSessionTests {
    private static let start: JSONValue = [
        "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "c", "version": "1"],
    ]

    private static func initialized(_ version: JSONValue = "2025-11-25") -> JSONValue {
        [
            "jsonrpc": "2.0", "id": 1,
            "result": [
                "protocolVersion": version, "capabilities": [:], "serverInfo": ["name": "s", "version": "1"],
            ],
        ]
    }

    private func open(_ fixture: MCPFixture, as agent: String = "bot") throws -> String {
        var answer = MCPFixture.Answer.json(Self.initialized())
        answer.fields.append(MCPField("mcp-session-id", "upstream-session"))
        let outcome = try fixture.play(
            MCPFixture.older("initialize", Self.start, version: nil), as: agent, answer: answer)
        #expect(outcome.status == 200)
        return try #require(outcome.field("mcp-session-id"))
    }

    @Test func `A session is the caller's`() throws {
        let fixture = try MCPFixture()
        let session = try open(fixture)
        #expect(!session.contains("upstream"))
        let own = try fixture.play(MCPFixture.older("tools/list", [:], session: session))
        #expect(own.isForwarded)
        #expect(own.sentField("mcp-session-id") == "upstream-session")
        for (sealed, agent) in [
            (session, "other"), ("upstream-session", "bot"), (String(session.dropLast()), "bot"),
            (session + "A", "bot"),
        ] {
            let outcome = try fixture.play(MCPFixture.older("tools/list", [:], session: sealed), as: agent)
            #expect(outcome.status == 404)
            #expect(outcome.forwarded == nil)
        }
        let elsewhere = try MCPFixture(name: "another")
        #expect(try elsewhere.play(MCPFixture.older("tools/list", [:], session: session)).status == 404)
        fixture.clock.advance(25 * 3600)
        #expect(try fixture.play(MCPFixture.older("tools/list", [:], session: session)).status == 404)
    }

    @Test func `A session keeps its revision`() throws {
        let fixture = try MCPFixture()
        let session = try open(fixture)
        #expect(try fixture.play(MCPFixture.older("ping", session: session, version: nil)).isForwarded)
        #expect(try fixture.play(MCPFixture.older("ping", session: session, version: "2025-06-18")).status == 400)
        var request = MCPFixture.request("tools/list")
        request = MediatedRequest(
            method: "POST", path: "/", query: nil, fields: request.fields + [MCPField("mcp-session-id", session)],
            body: request.body)
        #expect(try fixture.play(request).status == 400)
        #expect(try fixture.play(MCPFixture.older("ping", version: nil)).status == 400)
    }

    @Test func `An answer to initialize may be a stream`() throws {
        let fixture = try MCPFixture()
        var answer = MCPFixture.Answer.stream([Self.initialized()])
        answer.fields.append(MCPField("mcp-session-id", "upstream-session"))
        let outcome = try fixture.play(MCPFixture.older("initialize", Self.start, version: nil), answer: answer)
        #expect(outcome.status == 200)
        #expect(outcome.result?["protocolVersion"] == "2025-11-25")
        let session = try #require(outcome.field("mcp-session-id"))
        #expect(try fixture.play(MCPFixture.older("ping", session: session)).isForwarded)
    }

    @Test func `Servers cannot open sessions elsewhere, too long, or of another revision`() throws {
        let fixture = try MCPFixture()
        var late = MCPFixture.Answer.result(["tools": []])
        late.fields.append(MCPField("mcp-session-id", "late"))
        #expect(try fixture.play(MCPFixture.older("tools/list", [:]), answer: late).field("mcp-session-id") == nil)
        for (body, session) in [
            (Self.initialized(), String(repeating: "s", count: 700)), (Self.initialized("2024-11-05"), "s"),
            (Self.initialized("2026-07-28"), "s"),
        ] {
            var answer = MCPFixture.Answer.json(body)
            answer.fields.append(MCPField("mcp-session-id", session))
            let outcome = try fixture.play(MCPFixture.older("initialize", Self.start, version: nil), answer: answer)
            #expect(outcome.status == 502)
        }
    }

    @Test func `Requests of servers are not passed on unless they are allowed`() throws {
        var settings = MCPServiceSettings()
        let ask: JSONValue = ["jsonrpc": "2.0", "id": "s1", "method": "elicitation/create", "params": ["message": "?"]]
        let sampling: JSONValue = ["jsonrpc": "2.0", "id": "s2", "method": "sampling/createMessage", "params": [:]]
        let answer: JSONValue = ["jsonrpc": "2.0", "id": 1, "result": ["content": []]]
        let call = { (session: String) in
            MCPFixture.older("tools/call", ["name": "get_weather", "arguments": ["city": "x"]], session: session)
        }
        func respond(_ id: JSONValue, _ session: String) -> MediatedRequest {
            let body: JSONValue = ["jsonrpc": "2.0", "id": id, "result": ["action": "accept"]]
            let request = MCPFixture.older("ping", session: session)
            return MediatedRequest(method: "POST", path: "/", query: nil, fields: request.fields, body: body.bytes)
        }
        let strict = try MCPFixture()
        try strict.list([MCPFixture.weather])
        let session = try open(strict)
        let refused = try strict.play(call(session), answer: .stream([ask, sampling, answer]))
        #expect(refused.codes == ["mcp_server_request_refused", "mcp_server_request_refused"])
        #expect(!String(decoding: refused.body, as: UTF8.self).contains("create"))
        #expect(String(decoding: refused.body, as: UTF8.self).contains("result"))
        #expect(try strict.play(respond("s1", session)).status == 400)
        settings.serverRequests = [.elicit]
        let open = try MCPFixture(settings)
        try open.list([MCPFixture.weather])
        let other = try self.open(open)
        let asked = try open.play(call(other), answer: .stream([ask, sampling, answer]))
        #expect(String(decoding: asked.body, as: UTF8.self).contains("elicitation/create"))
        #expect(asked.codes == ["mcp_server_request_refused"])
        #expect(try open.play(respond("s2", other)).status == 400)
        #expect(try open.play(respond("s1", self.open(open, as: "x")), as: "x").status == 400)
        #expect(try open.play(respond("s1", other)).isForwarded)
        #expect(try open.play(respond("s1", other)).status == 400)
    }

    @Test func `Streams and ends of sessions`() throws {
        let fixture = try MCPFixture()
        let session = try open(fixture)
        let changed: JSONValue = ["jsonrpc": "2.0", "method": "notifications/tools/list_changed"]
        let stream = try fixture.play(
            MCPFixture.older("", session: session, http: "GET"), answer: .stream([changed]))
        #expect(stream.operation?.name == .session)
        #expect(stream.failure == nil)
        #expect(String(decoding: stream.body, as: UTF8.self).contains("list_changed"))
        let end = try fixture.play(
            MCPFixture.older("", session: session, http: "DELETE"), answer: MCPFixture.Answer(status: 200, fields: []))
        #expect(end.sentField("mcp-session-id") == "upstream-session")
        #expect(end.forwarded?.body.isEmpty == true)
        #expect(end.status == 200)
        #expect(try fixture.play(MCPFixture.older("", session: "made-up", http: "DELETE")).status == 404)
    }

    @Test func `Tasks of a server belong to who began them`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let session = try open(fixture)
        let begin = MCPFixture.older(
            "tools/call", ["name": "get_weather", "arguments": ["city": "x"], "task": [:]], session: session)
        let created: JSONValue = ["task": ["taskId": "t1", "status": "working"]]
        #expect(try fixture.play(begin, answer: .result(created)).result?["task"]?["taskId"] == "t1")
        #expect(try fixture.play(MCPFixture.older("tasks/result", ["taskId": "t1"], session: session)).isForwarded)
        let other = try open(fixture, as: "other")
        for method in ["tasks/get", "tasks/result", "tasks/cancel"] {
            let outcome = try fixture.play(MCPFixture.older(method, ["taskId": "t1"], session: other), as: "other")
            #expect(outcome.errorCode == -32602)
        }
        let all: JSONValue = ["tasks": [["taskId": "t1"], ["taskId": "t2"]]]
        let list = try fixture.play(MCPFixture.older("tasks/list", [:], session: session), answer: .result(all))
        #expect(list.result?["tasks"]?.array?.count == 1)
        let none = try fixture.play(
            MCPFixture.older("tasks/list", [:], session: other), as: "other", answer: .result(all))
        #expect(none.result?["tasks"]?.array?.isEmpty == true)
    }

    @Test func `A stream that ended early goes on for its caller`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let session = try open(fixture)
        let call = MCPFixture.older(
            "tools/call", ["name": "get_weather", "arguments": ["city": "x"]], session: session)
        var early = MCPFixture.Answer.stream([])
        early.body = Array("id: e-7\nretry: 10\ndata:\n\n".utf8)
        let first = try fixture.play(call, answer: early)
        #expect(first.failure == nil)
        #expect(String(decoding: first.body, as: UTF8.self).contains("id: e-7"))
        let answer = MCPFixture.Answer.stream([
            ["jsonrpc": "2.0", "id": 1, "result": MCPFixture.text("Sun\u{e0041}ny")]
        ])
        func again(_ event: String, _ session: String, as agent: String = "bot") throws -> MCPFixture.Outcome {
            var request = MCPFixture.older("", session: session, http: "GET")
            request = MediatedRequest(
                method: "GET", path: "/", query: nil, fields: request.fields + [MCPField("last-event-id", event)],
                body: [])
            return try fixture.play(request, as: agent, answer: answer)
        }
        #expect(try again("e-8", session).codes == ["mcp_upstream_wrong_id"])
        #expect(try again("e-7", try open(fixture, as: "other"), as: "other").codes == ["mcp_upstream_wrong_id"])
        let second = try again("e-7", session)
        #expect(second.failure == nil)
        #expect(second.codes == ["mcp_hidden_text"])
        #expect(String(decoding: second.body, as: UTF8.self).contains("io.yett/untrusted"))
        #expect(try again("e-7", session).codes == ["mcp_upstream_wrong_id"])
        let bare = try fixture.play(call, answer: .stream([]))
        #expect(bare.codes == ["mcp_upstream_missing_response"])
    }

    @Test func `Without a session nobody cancels another's request`() throws {
        let fixture = try MCPFixture()
        let cancel: JSONValue = ["requestId": 1]
        let alone = try fixture.play(MCPFixture.older("notifications/cancelled", cancel, id: nil))
        #expect(alone.status == 202)
        #expect(alone.forwarded == nil)
        let session = try open(fixture)
        let own = MCPFixture.older("notifications/cancelled", cancel, id: nil, session: session)
        #expect(try fixture.play(own).isForwarded)
        let newer = MCPFixture.request("notifications/cancelled", cancel, id: nil)
        #expect(try fixture.play(newer).status == 202)
    }

    @Test func `What a revision does not have is not sent on`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let call: JSONValue = [
            "name": "get_weather", "arguments": [:], "requestState": "x", "inputResponses": [:], "task": [:],
        ]
        let june = try fixture.play(MCPFixture.older("tools/call", call, version: "2025-06-18"))
        #expect(june.sent?["params"]?.object?.names == ["arguments", "name"])
        let november = try fixture.play(MCPFixture.older("tools/call", call))
        #expect(november.sent?["params"]?.object?.names == ["arguments", "name", "task"])
    }

    @Test func `A notification that is denied has no answer of the protocol`() throws {
        let fixture = try MCPFixture()
        fixture.allows = { _ in false }
        let outcome = try fixture.play(MCPFixture.older("notifications/initialized", id: nil))
        #expect(outcome.status == 403)
        #expect(outcome.body.isEmpty)
    }
}
