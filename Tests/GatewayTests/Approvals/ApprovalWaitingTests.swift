// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// What clients of MCP hear while a person is waited for.
@Suite struct ApprovalWaitingTests {
    /// A server whose answers are JSON, or events with a notification in front.
    private static func server(events: Bool) -> UpstreamServer {
        UpstreamServer.http { request in
            let message = try? JSONValue(parsing: request.body)
            let isList = message?["method"]?.string == "tools/list"
            let result =
                isList
                ? #"{"tools":[{"name":"pay","inputSchema":{"type":"object"}}]}"#
                : #"{"content":[{"type":"text","text":"paid"}]}"#
            let answer = #"{"jsonrpc":"2.0","id":\#(message?["id"]?.text ?? "null"),"result":\#(result)}"#
            var body = answer
            if events, !isList {
                let progress =
                    #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}"#
                body = "data: \(progress)\n\ndata: \(answer)\n\n"
            }
            let type = events && !isList ? "text/event-stream" : "application/json"
            return "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    private static func run(
        events: Bool = false, approvals: String = "{keep_alive: 500ms}",
        _ body: @escaping @Sendable (RunningGate, UpstreamServer) throws -> Void
    ) async throws {
        let upstream = server(events: events)
        defer { upstream.stop() }
        let text = ApprovalGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets}]",
            service: ", protocol: mcp, tools: {pay: {approval: required}}", sections: "approvals: \(approvals)")
        try await RunningGate.run(text, prepare: ApprovalGate.prepare) { gate throws in try body(gate, upstream) }
    }

    private static let head =
        "POST /s/tickets HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(ServiceGate.token)\r\n"
        + "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
        + "MCP-Protocol-Version: 2025-11-25\r\n"

    private static func begin(_ gate: RunningGate, meta: String = "") throws -> RawSocket {
        let socket = try RawSocket.connect(port: gate.port)
        let body =
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"pay","arguments":{}\#(meta)}}"#
        try socket.write("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return socket
    }

    private static let token = #","_meta":{"progressToken":"p"}"#

    @Test(arguments: [false, true])
    func `A client that named a token is told of progress, and answered on the same stream`(_ events: Bool) async throws
    {
        try await Self.run(events: events) { gate, upstream throws in
            let socket = try Self.begin(gate, meta: Self.token)
            let seen = try socket.read(through: "A person has to agree")
            #expect(String(decoding: seen, as: UTF8.self).contains("text/event-stream"))
            #expect(!upstream.text.contains("tools/call"))
            try gate.answer(try gate.question().id)
            let rest = try socket.read(through: "0\r\n\r\n")
            let text = String(decoding: seen + rest, as: UTF8.self)
            let start = try #require(text.range(of: "\r\n\r\n"))
            var parser = EventStreamParser()
            let plain = Self.unchunked(String(text[start.upperBound...]))
            let found = try parser.feed(Array(plain.utf8)).map { try JSONValue(parsing: $0.data) }
            let progress = found.filter { $0["method"]?.string == "notifications/progress" }
            #expect(progress.count >= (events ? 2 : 1))
            let values = progress.compactMap { $0["params"]?["progress"]?.number?.double }
            #expect(values == values.sorted() && Set(values).count == values.count, "\(values)")
            #expect(progress.allSatisfy { $0["params"]?["progressToken"]?.string == "p" })
            #expect(found.last?["id"]?.integer == 7)
            #expect(found.last?["result"]?["content"]?[0]?["text"]?.string == "paid", "\(text)")
        }
    }

    /// The pieces of a chunked body put together.
    private static func unchunked(_ text: String) -> String {
        var whole = ""
        var rest = text[...]
        while let end = rest.range(of: "\r\n"), let size = Int(rest[..<end.lowerBound], radix: 16), size > 0 {
            let bytes = rest[end.upperBound...].utf8.prefix(size)
            whole += String(Substring(bytes))
            rest = rest[bytes.endIndex...].dropFirst(1)
        }
        return whole
    }

    @Test func `A client without a token gets comments, and a refusal as the last event`() async throws {
        try await Self.run { gate, upstream throws in
            let socket = try Self.begin(gate)
            let seen = try socket.read(through: ": a person has to agree\n\n")
            #expect(!String(decoding: seen, as: UTF8.self).contains("progress"))
            try gate.answer(try gate.question().id, agrees: false, why: "too much")
            let rest = String(decoding: try socket.read(through: "0\r\n\r\n"), as: UTF8.self)
            #expect(rest.contains(#""reason":"approval_refused""#) && rest.contains(#""id":7"#), "\(rest)")
            #expect(!upstream.text.contains("tools/call"))
        }
    }

    @Test func `The end of the patience is told on the stream, and a cut too`() async throws {
        try await Self.run(approvals: "{keep_alive: 500ms, wait: 1500ms}") { gate, upstream throws in
            let socket = try Self.begin(gate)
            let text = String(decoding: try socket.read(through: "0\r\n\r\n", within: 20), as: UTF8.self)
            #expect(text.contains("approval_expired") && text.contains(": a person has to agree"), "\(text)")
            let second = try Self.begin(gate)
            _ = try second.read(through: ": a person has to agree")
            #expect(try gate.ask("POST", "cut", body: #"{"agent":"bot","why":"enough"}"#).status == 200)
            let cut = String(decoding: try second.read(through: "0\r\n\r\n", within: 20), as: UTF8.self)
            #expect(cut.contains(#""id":7"#) && cut.contains("error"), "\(cut)")
        }
    }

    @Test func `An answer before the first sign is no stream`() async throws {
        try await Self.run(approvals: "{keep_alive: 1h}") { gate, upstream throws in
            let socket = try Self.begin(gate, meta: Self.token)
            try gate.answer(try gate.question().id)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer["content-type"] == "application/json" && answer.text.contains("paid"))
        }
    }
}
