// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Testing

@Suite("The official MCP SDK finds the authorization server of a service", .serialized) struct OAuthTests {
    struct Peers: Sendable, CustomTestStringConvertible {
        let client: PythonPeer.Environment
        let mode: String
        let revision: String
        var testDescription: String { "\(client) as \(mode)" }
    }

    private static func text(_ server: UInt16, _ login: UInt16, url: String) -> String {
        """
        trust_domain: gate.test
        agents:
          bot:
            attest: [{jwt: {issuer: login, claims: {client_id: bot-client}}}]
            grants: [{name: tickets, service: tickets, tools: {add: {}, count: {}}}]
        services:
          tickets:
            host: tickets.test
            port: \(server)
            protocol: mcp
            path: /mcp
            resource: {scopes: [tickets], tool_scopes: {count: [tickets.count]}}
        service_proxy:
          url: "\(url)"
          listeners: [{address: "127.0.0.1:0", identify: [token]}]
          issuers:
            - name: login
              issuer: "https://localhost:\(login)"
              keys_url: "https://localhost:\(login)/keys"
              ca: $DIRECTORY/ca.pem
              allow_private: true
        egress:
          resolver: {hosts: {tickets.test: [127.0.0.1], localhost: [127.0.0.1]}}
          exceptions: [{host: tickets.test, port: \(server), cidr: 127.0.0.1/32}]
        """
    }

    @Test(
        "from the first 401 to a token with a further scope",
        arguments: [
            Peers(client: .sdks, mode: "2026-07-28", revision: "2026-07-28"),
            Peers(client: .sdks, mode: "legacy", revision: "2025-11-25"),
            Peers(client: .firstMCP, mode: "-", revision: "2025-11-25"),
        ])
    func discovery(_ peers: Peers) async throws {
        let authority = try TestAuthority()
        let leaf = try authority.issue(dnsNames: ["localhost"])
        let folder = "/tmp/yett-login-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = [("ca.pem", try authority.pem), ("cert.pem", leaf.certificate), ("key.pem", leaf.key)]
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        let server = try await PythonPeer.serve(.sdks, "mcp_server.py")
        defer { server.program.stop() }
        let login = try await PythonPeer.serve(
            .sdks, "authorization_server.py", ["\(folder)/cert.pem", "\(folder)/key.pem"])
        defer { login.program.stop() }
        let (serverPort, loginPort) = (server.port, login.port)
        try await RunningGate.run(
            Self.text(serverPort, loginPort, url: "http://127.0.0.1:1"),
            prepare: { try FileManager.default.copyItem(atPath: "\(folder)/ca.pem", toPath: "\($0)/ca.pem") }
        ) { gate throws in
            let origin = "http://127.0.0.1:\(gate.port)"
            try gate.rewrite(Self.text(serverPort, loginPort, url: origin))
            #expect(try gate.ask("POST", "reload").status == 200)
            let lines = try PythonPeer.run(
                peers.client, "mcp_oauth_client.py",
                ["\(origin)/s/tickets", peers.mode, "https://localhost:\(loginPort)", "\(folder)/ca.pem"])
            #expect(lines == ["revision \(peers.revision)", "tools add count", "sum 3", "counted"])
            let asked = login.program.text.split(separator: "\n").filter { $0.hasPrefix("asked") }
            #expect(asked.first == "asked \(origin)/s/tickets tickets")
            #expect(asked.last == "asked \(origin)/s/tickets tickets tickets.count")
            #expect(asked.count == 2)
        }
    }
}
