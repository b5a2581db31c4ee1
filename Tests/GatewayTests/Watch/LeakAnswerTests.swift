// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// What comes back to an agent.
@Suite struct LeakAnswerTests {
    private static let secret = LeakTests.registered
    private static let stars = String(repeating: "*", count: secret.utf8.count)

    private static func text(to port: UInt16, leaks: String = "{}", _ service: String = "") -> String {
        ServiceGate.text(
            to: port,
            grants: "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets], leaks: \(leaks)}]",
            service: service, sections: LeakTests.sections())
    }

    private static func answering(_ body: String, _ fields: String = "") -> UpstreamServer {
        UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    @Test("a registered secret comes back as stars, in fields as well, and nothing else changes")
    func redacted() async throws {
        let body =
            #"{"owner":"ann","note":"key \#(Self.secret)","more":["\#(Data(Self.secret.utf8).base64EncodedString())"]}"#
        let upstream = Self.answering(body, "Content-Type: application/json\r\nX-Key: \(Self.secret)\r\n")
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: LeakTests.prepare) { gate throws in
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\nAccept-Encoding: gzip, br\r\n"
            let answer = try gate.ask("GET", service: "/s/tickets/tickets", fields: fields)
            #expect(answer.status == 200 && answer["x-key"] == Self.stars)
            let value = try JSONValue(parsing: answer.body)
            #expect(value["note"]?.string == "key \(Self.stars)" && value["owner"]?.string == "ann")
            #expect(!upstream.text.lowercased().contains("accept-encoding"))
            #expect(try gate.record("kind=observation")?.text("cause") == "leak_redacted")
        }
    }

    @Test("a grant may have such an answer end instead, and say what else is taken out")
    func denied() async throws {
        let upstream = UpstreamServer.http { request in
            let body = request.startLine.contains("card") ? "card 4111 1111 1111 1111." : "key \(Self.secret)"
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, leaks: "{answers: {secrets: deny, numbers: redact}}")
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let card = try gate.ask("GET", service: "/s/tickets/tickets/card")
            #expect(card.status == 200 && !card.text.contains("1111") && card.text.hasSuffix("."), "\(card.text)")
            let broken = try? gate.ask("GET", service: "/s/tickets/tickets/key")
            #expect(broken?.text.contains(Self.secret) != true)
            #expect(try gate.record("kind=end")?.text("reason") != nil || broken == nil)
        }
    }

    @Test("an answer in a content coding that nobody asked for ends", arguments: ["gzip", "br", "zstd"])
    func coded(coding: String) async throws {
        let upstream = Self.answering("abc", "Content-Encoding: \(coding)\r\n")
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: LeakTests.prepare) { gate throws in
            let answer = try gate.ask("GET", service: "/s/tickets/tickets")
            #expect(answer.status == 502 && answer["yett-reason"] == "upstream_invalid", "\(answer.startLine)")
        }
        let open = Self.text(to: upstream.port, leaks: "{answers: {encoded: allow}}")
        try await RunningGate.run(open, prepare: LeakTests.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").text == "abc")
        }
    }

    @Test("a canary in an answer is no touch; sending it back is one")
    func canary() async throws {
        let upstream = Self.answering("the key is \(LeakTests.planted)")
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: LeakTests.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").text.contains(LeakTests.planted))
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            #expect(try gate.record("kind=observation")?.text("cause") == "canary_seen")
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: LeakTests.planted).status == 403)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets")["yett-reason"] == "quarantined")
        }
    }

    @Test("results of tools lose secrets and stay results")
    func results() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        upstream.answer(#"{"content":[{"type":"text","text":"the key: \#(Self.secret)."}]}"#)
        let text = ServiceGate.text(
            to: upstream.server.port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
            service: ", protocol: mcp", sections: LeakTests.sections())
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            _ = try gate.shownTools()
            let call = #"{"name":"search","arguments":{"id":"7"}}"#
            let answer = try gate.message("tools/call", call)
            #expect(answer["result"]?["content"]?[0]?["text"]?.string == "the key: [redacted: crm-key].")
            // What several parts of it form cannot be taken out.
            upstream.answer(
                #"{"content":[{"type":"text","text":"\#(Self.secret.prefix(9))"},{"type":"text","text":"\#(Self.secret.dropFirst(9))"}]}"#
            )
            let refused = try gate.message("tools/call", call)
            #expect(refused["result"] == nil && refused["error"] != nil, "\(refused)")
        }
    }

    @Test("a model's answer that says a secret in pieces ends before its last one")
    func modelStream() async throws {
        let pieces = Array(Self.secret.utf8).map { String(decoding: [$0], as: UTF8.self) }
        let events =
            ["Good day. "] + pieces
        let body =
            events.map {
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\($0)\"},\"finish_reason\":null}]}\n\n"
            }.joined()
            + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        let upstream = Self.answering(body, "Content-Type: text/event-stream\r\n")
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets, tools: {small: {}}}]",
            service: ", protocol: llm", sections: LeakTests.sections())
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            let ask = #"{"model":"small","stream":true,"messages":[{"role":"user","content":"hi"}]}"#
            try socket.write(
                "POST /s/tickets/v1/chat/completions HTTP/1.1\r\nHost: gate.test\r\n"
                    + "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(ask.utf8.count)\r\n\r\n\(ask)")
            let answer = try? HTTPText.readResponse(from: socket)
            #expect(answer?.text.contains("finish_reason\":\"stop") != true)
            let isRecorded = try comesTrue {
                try gate.records("limit=100").contains { $0.text("detail")?.contains("crm-key") == true }
            }
            #expect(isRecorded)
        }
    }

    @Test("the forward proxy looks through answers as well")
    func forwardProxy() async throws {
        let body = "key \(Self.secret) end"
        let upstream = Self.answering(body)
        defer { upstream.stop() }
        let text =
            Sample.tunnels(
                to: upstream.port, grants: "[{name: all, hosts: [web.test], ports: [\(upstream.port)]}]") + "\n"
            + LeakTests.sections()
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write(
                "GET http://web.test:\(upstream.port)/ HTTP/1.1\r\nHost: web.test:\(upstream.port)\r\n"
                    + "Accept-Encoding: gzip\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.text == "key \(Self.stars) end", "\(answer.text)")
            #expect(!upstream.text.lowercased().contains("accept-encoding"))
        }
    }
}
