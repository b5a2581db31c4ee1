// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Protocols
import Testing

/// An MCP server behind a running gate: what the configuration says of it, from the grant to the record.
@Suite struct ServiceMCPTests {
    /// A server with two tools that answers each request as the specification says.
    private static func server() -> UpstreamServer {
        UpstreamServer.http { request in
            let message = try? JSONValue(parsing: request.body)
            let tool = #"{"name":"%","inputSchema":{"type":"object","properties":{"id":{"type":"string"}}}}"#
            let result: String
            switch message?["method"]?.string {
            case "initialize":
                result =
                    #"{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}"#
            case "tools/list":
                let tools = ["search", "delete"].map { tool.replacing("%", with: $0) }.joined(separator: ",")
                result = #"{"tools":[\#(tools)]}"#
            default: result = #"{"content":[{"type":"text","text":"found"}]}"#
            }
            guard let id = message?["id"]?.text else {
                return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
            }
            let body = #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
            return
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    private static func ask(_ gate: RunningGate, _ method: String, _ params: String = "{}") throws -> JSONValue {
        let fields =
            "Authorization: Bearer \(ServiceGate.token)\r\nX-Api-Key: mine\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
        let answer = try gate.ask(
            "POST", service: "/s/tickets", fields: fields,
            body: #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#)
        #expect(answer.status == 200, "\(answer.text)")
        return try JSONValue(parsing: answer.body)
    }

    @Test func `Tools without a grant are neither listed nor called`() async throws {
        let upstream = Self.server()
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
            service: ", protocol: mcp, path: /mcp, credential: {secret: \"file:$DIRECTORY/key\", header: X-Api-Key}")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let start = try Self.ask(
                gate, "initialize",
                #"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}"#)
            #expect(start["result"]?["protocolVersion"]?.string == "2025-06-18", "\(start.text)")
            let list = try Self.ask(gate, "tools/list")
            guard case .array(let tools)? = list["result"]?["tools"] else {
                Issue.record("no tools: \(list.text)")
                return
            }
            #expect(tools.compactMap { $0["name"]?.string } == ["search"])

            let found = try Self.ask(gate, "tools/call", #"{"name":"search","arguments":{"id":"7"}}"#)
            #expect(found["result"] != nil, "\(found.text)")
            let refused = try Self.ask(gate, "tools/call", #"{"name":"delete","arguments":{"id":"7"}}"#)
            #expect(refused["error"]?["data"]?["reason"]?.string == "tool_not_granted", "\(refused.text)")
            #expect(!upstream.text.contains(#""delete""#))
            #expect(upstream.text.contains("POST /mcp HTTP/1.1\r\n"))
            // One key, and it is the gate's.
            #expect(upstream.text.contains("X-Api-Key: \(ServiceGate.key)\r\n"))
            #expect(!upstream.text.contains("mine"))

            let denied = try #require(try gate.record("verdict=deny"))
            #expect(denied.text("operation") == "tools/call" && denied.text("tool") == "delete")
            let id = try #require(denied.text("decision"))
            let explanation = try gate.ask("GET", "decisions/\(id)", for: DecisionExplanation.self)
            #expect(explanation.now?.reason == "tool_not_granted")
            #expect(explanation.suggestion?.contains("delete") == true, "\(explanation.suggestion ?? "")")
        }
    }

    @Test func `What the configuration says of an MCP server counts with the next reload`() async throws {
        let upstream = Self.server()
        defer { upstream.stop() }
        let grants = "[{name: tickets, service: tickets, tools: {search: {}}}]"
        let first = ServiceGate.text(to: upstream.port, grants: grants, service: ", protocol: mcp")
        let approved = ServiceGate.text(
            to: upstream.port, grants: grants, service: ", protocol: mcp, pin_tools: approved")
        try await RunningGate.run(first, prepare: ServiceGate.prepare) { gate throws in
            _ = try Self.ask(gate, "tools/list")
            #expect(try Self.ask(gate, "tools/call", #"{"name":"search"}"#)["result"] != nil)
            try gate.rewrite(approved)
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted, "\(report.diagnostics)")
            let held = try Self.ask(gate, "tools/call", #"{"name":"search"}"#)
            #expect(held["error"]?["data"]?["reason"]?.string == "tool_not_approved", "\(held.text)")
        }
    }
}
