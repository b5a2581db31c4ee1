// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Calls of MCP that wait for a person at a running gate.
@Suite struct ApprovalMCPTests {
    /// A server with two tools; each call says which one it was.
    private static func server() -> UpstreamServer {
        UpstreamServer.http { request in
            let message = try? JSONValue(parsing: request.body)
            let tool =
                #"{"name":"%","inputSchema":{"type":"object","properties":{"amount":{"type":"number"},"pin":{"type":"string"}}}}"#
            let result: String
            switch message?["method"]?.string {
            case "tools/list":
                let tools = ["look", "pay"].map { tool.replacing("%", with: $0) }.joined(separator: ",")
                result = #"{"tools":[\#(tools)]}"#
            default:
                let name = message?["params"]?["name"]?.string ?? "-"
                result = #"{"content":[{"type":"text","text":"did \#(name)"}]}"#
            }
            let id = message?["id"]?.text ?? "null"
            let body = #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
            return
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    private static func run(
        _ tools: String = "{pay: {approval: required}}",
        _ body: @escaping @Sendable (RunningGate, UpstreamServer) throws -> Void
    ) async throws {
        let upstream = server()
        defer { upstream.stop() }
        let text = ApprovalGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets}]",
            service: ", protocol: mcp, tools: \(tools)")
        try await RunningGate.run(text, prepare: ApprovalGate.prepare) { gate throws in try body(gate, upstream) }
    }

    private struct Call {
        var arguments = #"{"amount":5}"#
        var tool = "pay"
        var revision = "2026-07-28"
        var capabilities = "{}"
        var extra = ""
        var meta = ""
        var token = ServiceGate.token
        var fields = ""

        var head: String {
            var fields =
                "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: \(revision)\r\n\(self.fields)"
            if revision == "2026-07-28" { fields += "Mcp-Method: tools/call\r\nMcp-Name: \(tool)\r\n" }
            return fields
        }

        var body: String {
            let own =
                revision == "2026-07-28"
                ? #""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":\#(capabilities)"#
                : ""
            return
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)\#(extra),"_meta":{\#(own)\#(meta)}}}"#
        }

        func send(_ gate: RunningGate) throws -> JSONValue {
            try JSONValue(parsing: try gate.ask("POST", service: "/s/tickets", fields: head, body: body).body)
        }

        /// Sends without waiting for the answer.
        func begin(_ gate: RunningGate) throws -> RawSocket {
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write(
                "POST /s/tickets HTTP/1.1\r\nHost: gate.test\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return socket
        }
    }

    private static let elicits = #"{"elicitation":{}}"#

    @Test(arguments: ["2026-07-28", "2025-11-25", "2025-06-18"])
    func `A client that cannot ask its user waits`(_ revision: String) async throws {
        try await Self.run { gate, upstream throws in
            let looked = try Call(tool: "look", revision: revision).send(gate)
            #expect(looked["result"] != nil, "\(looked.text)")
            let socket = try Call(revision: revision).begin(gate)
            let question = try gate.question()
            #expect(question.tool == "pay" && question.operation == "tools/call")
            let shown = try gate.ask("GET", "approvals/\(question.id)", for: ApprovalReport.self)
            #expect(shown.arguments == #"{"amount":5}"#)
            #expect(!upstream.text.contains(#""pay""#))
            try gate.answer(question.id)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 200 && answer.text.contains("did pay"), "\(answer.text)")
        }
    }

    @Test func `A refusal is an error that a model can read`() async throws {
        try await Self.run { gate, upstream throws in
            let socket = try Call(revision: "2025-06-18").begin(gate)
            try gate.answer(try gate.question().id, agrees: false, why: "too much")
            let answer = try HTTPText.readResponse(from: socket)
            let error = try JSONValue(parsing: answer.body)["error"]
            #expect(answer.status == 200 && error?["data"]?["reason"]?.string == "approval_refused", "\(answer.text)")
            #expect(error?["data"]?["detail"]?.string == "too much")
        }
    }

    @Test func `A client that can ask its user comes back with a sealed state`() async throws {
        try await Self.run { gate, upstream throws in
            let asked = try Call(capabilities: Self.elicits).send(gate)
            #expect(asked["result"]?["resultType"]?.string == "input_required", "\(asked.text)")
            let state = try #require(asked["result"]?["requestState"]?.string)
            let id = try gate.question().id
            #expect(asked["result"]?["inputRequests"]?["approval"]?["params"]?["message"]?.string?.contains(id) == true)
            // The state says nothing by itself, and the id is no state.
            #expect(!state.contains(id))
            try gate.answer(id)
            let back = #","requestState":"\#(state)","inputResponses":{"approval":{"action":"accept","content":{}}}"#

            for (name, other) in [
                ("arguments", Call(arguments: #"{"amount":6}"#, capabilities: Self.elicits, extra: back)),
                ("digits", Call(arguments: #"{"amount":5.0}"#, capabilities: Self.elicits, extra: back)),
                ("agent", Call(capabilities: Self.elicits, extra: back, token: ApprovalGate.otherToken)),
                ("tool", Call(tool: "look", capabilities: Self.elicits, extra: back)),
                ("meta", Call(capabilities: Self.elicits, extra: back, meta: #","com.example/override":true"#)),
            ] {
                let answer = try other.send(gate)
                #expect(answer["error"] != nil, "\(name): \(answer.text)")
            }
            #expect(!upstream.text.contains("amount"))

            let done = try Call(capabilities: Self.elicits, extra: back, meta: #","progressToken":7"#).send(gate)
            #expect(done["result"]?["content"]?[0]?["text"]?.string == "did pay", "\(done.text)")
            // Nothing of the gate's own reaches the server.
            #expect(!upstream.text.contains("inputResponses") && !upstream.text.contains("requestState"))
            let replay = try Call(capabilities: Self.elicits, extra: back).send(gate)
            #expect(replay["error"]?["data"]?["reason"]?.string == "approval_used", "\(replay.text)")
        }
    }

    @Test func `Who comes back too early is held, and may be answered meanwhile`() async throws {
        try await Self.run { gate, upstream throws in
            let asked = try Call(capabilities: Self.elicits).send(gate)
            let state = try #require(asked["result"]?["requestState"]?.string)
            let question = try gate.question()
            let back = #","requestState":"\#(state)","inputResponses":{"approval":{"action":"accept"}}"#
            let socket = try Call(capabilities: Self.elicits, extra: back).begin(gate)
            #expect(try comesTrue { try gate.question().waiting == 1 })
            try gate.answer(question.id)
            #expect(try HTTPText.readResponse(from: socket).text.contains("did pay"))
        }
    }

    @Test func `A tool that waits for a person is listed`() async throws {
        try await Self.run { gate, upstream throws in
            let fields =
                "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
            let answer = try gate.ask(
                "POST", service: "/s/tickets", fields: fields,
                body: #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#)
            #expect(answer.text.contains(#""pay""#) && answer.text.contains(#""look""#), "\(answer.text)")
        }
    }

    @Test func `An argument that is a secret is not shown`() async throws {
        let tools =
            "{pay: {effect: external, arguments: {pin: secret, amount: value}, approval: required}}, "
            + "provenance: {outside_tasks: false}"
        try await Self.run(tools) { gate, upstream throws in
            let socket = try Call(arguments: #"{"amount":5,"pin":"4711-secret"}"#, revision: "2025-06-18").begin(gate)
            let question = try gate.question()
            let shown = try gate.ask("GET", "approvals/\(question.id)", for: ApprovalReport.self)
            #expect(shown.arguments == #"{"amount":5,"pin":"[a secret]"}"#, "\(shown.arguments ?? "")")
            socket.close()
        }
    }

    @Test func `Nobody is asked about a call whose values nobody named`() async throws {
        try await Self.run("{pay: {effect: external, arguments: {to: destination}, approval: required}}") {
            gate, upstream throws in
            let answer = try Call(arguments: #"{"to":"mallory@evil.example"}"#, revision: "2025-06-18").send(gate)
            #expect(answer["error"]?["data"]?["reason"]?.string == "provenance_refused", "\(answer.text)")
            #expect(try gate.approvals().isEmpty)
        }
    }

    @Test func `An answer of a duplicated argument does not come to a question`() async throws {
        try await Self.run { gate, upstream throws in
            let answer = try Call(arguments: #"{"amount":5,"amount":500}"#, revision: "2025-06-18").send(gate)
            #expect(answer["error"] != nil)
            #expect(try gate.approvals().isEmpty)
        }
    }
}
