// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// A provider of models behind a running gate.
@Suite struct ServiceModelTests {
    private static let stream =
        [
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Good day."},"finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}"#, "[DONE]",
        ].map { "data: \($0)\n\n" }.joined()

    private static func ask(_ gate: RunningGate, model: String) throws -> HTTPText {
        let fields =
            "Authorization: Bearer \(ServiceGate.token)\r\nX-Api-Key: mine\r\nContent-Type: application/json\r\n"
        return try gate.ask(
            "POST", service: "/s/tickets/v1/chat/completions", fields: fields,
            body: #"{"model": "\#(model)", "stream": true, "messages": [{"role": "user", "content": "hi"}]}"#)
    }

    @Test func `An answer streams from the granted model and is counted`() async throws {
        let body = Self.stream
        let upstream = UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets, tools: {small: {}}}]",
            service: ", protocol: llm\(ServiceGate.credential)")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try Self.ask(gate, model: "small")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(String(decoding: answer.body, as: UTF8.self).contains(body), "\(answer.text)")
            #expect(upstream.text.contains("POST /v1/chat/completions HTTP/1.1\r\n"))
            #expect(upstream.text.contains(ServiceGate.key) && !upstream.text.contains("mine"))
            #expect(!upstream.text.contains(ServiceGate.token))

            let denied = try Self.ask(gate, model: "large")
            #expect(denied.status == 403, "\(denied.text)")
            #expect(try JSONValue(parsing: denied.body)["error"]?["type"] == "permission_error")
            #expect(denied.text.contains("tool_not_granted"))
            let record = try #require(try gate.record("verdict=deny"))
            #expect(record.text("operation") == "models/call" && record.text("tool") == "large")
        }
    }

    @Test func `The list has models that may be called, not those that may be listed`() async throws {
        let body = #"{"object":"list","data":[{"id":"small"},{"id":"large"},{"id":"other"}]}"#
        let upstream = UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port,
            grants: """
                [{name: lists, service: tickets, methods: [GET], tools: {large: {}}},
                       {name: calls, service: tickets, methods: [POST], paths: [/v1/chat], tools: {small: {}}}]
                """,
            service: ", protocol: llm, tool_calls: granted")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("GET", service: "/s/tickets/v1/models")
            #expect(answer.status == 200, "\(answer.text)")
            let models = try JSONValue(parsing: answer.body)["data"]?.array?.compactMap { $0["id"]?.string }
            #expect(models == ["small"])
            #expect(try gate.ask("GET", service: "/s/tickets/v1/models/small").status == 200)
            #expect(try gate.ask("GET", service: "/s/tickets/v1/models/large").status == 403)
        }
    }
}
