// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import GateSupport
import ServicePlane
import Testing
import Transport

/// MCP servers behind a running gate, where the connection matters.
@Suite("MCP servers behind a gate") struct MCPGateTests {
    private static let message = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#

    private static func request(_ fields: String) -> String {
        "POST /s/tools/mcp HTTP/1.1\r\nHost: gate.test\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n"
            + "\(fields)Content-Length: \(message.utf8.count)\r\n\r\n\(message)"
    }

    private static func ask(
        _ fields: String, of upstream: UpstreamServer, _ body: (HTTPText, [AuditRecord]) -> Void
    ) async throws {
        var grant = Grant(name: "tools", hosts: [try HostPattern(parsing: "tools.test")])
        grant.ports = PortSet([80...80])
        var agent = AgentSetup("bot", grants: [grant])
        agent.tokens = ["token-of-bot"]
        var options = GateOptions(agents: [agent])
        options.identification = [.token]
        options.lead(to: upstream)
        var service = ServiceDescription(name: "tools", host: try Host(parsing: "tools.test"), port: 80)
        service.language = .mcp(ToolServer())
        options.services = [service]
        try await withGate(options) { gate in
            let socket = try gate.connectToServices()
            defer { socket.close() }
            try socket.write(request(fields))
            body(try HTTPText.readResponse(from: socket), try await gate.records())
        }
    }

    @Test func `A stream that breaks the protocol ends in order, with an event that says so`() async throws {
        let upstream = UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                + "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"of\":\"another\"}}\n\n"
        }
        defer { upstream.stop() }
        try await Self.ask("Authorization: Bearer token-of-bot\r\n", of: upstream) { answer, records in
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix("data: {\"error\":{\"code\":-32603"), "\(answer.text)")
            #expect(!answer.text.contains("another"))
            #expect(records.contains { $0.text("kind") == "connection_end" && $0.text("cause") == "upstream_invalid" })
        }
    }

    @Test(arguments: [
        "Authorization: Bearer token-of-bot\r\nAuthorization: Bearer token-of-bot\r\n",
        "Authorization: Bearer token-of-bot\r\nauthorization: Bearer another\r\n",
        "aUTHORIZATION: Bearer another\r\nAuthorization: Bearer token-of-bot\r\n",
    ])
    func `Who shows two tokens is refused`(_ fields: String) async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await Self.ask(fields, of: upstream) { answer, _ in
            #expect(answer.status == 400)
            #expect(answer["yett-reason"] == "protocol_violation")
        }
        #expect(upstream.connectionCount == 0)
    }
}
