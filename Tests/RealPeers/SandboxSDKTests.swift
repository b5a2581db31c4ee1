// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Testing

@Suite("The official MCP SDK has code run", .serialized) struct SandboxSDKTests {
    struct Peers: Sendable, CustomTestStringConvertible {
        let client: PythonPeer.Environment
        let mode: String
        let revision: String
        var testDescription: String { "\(client) as \(mode)" }
    }

    private static let text = """
        trust_domain: gate.test
        agents:
          bot:
            attest: [{source: [127.0.0.1]}]
            grants: [{name: code, service: sandbox, tools: {execute: {}}}]
        sandbox: {drivers: [namespace]}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
        """

    @Test(
        "by the tool execute",
        arguments: [
            Peers(client: .sdks, mode: "2026-07-28", revision: "2026-07-28"),
            Peers(client: .sdks, mode: "legacy", revision: "2025-11-25"),
            Peers(client: .firstMCP, mode: "-", revision: "2025-11-25"),
        ])
    func execute(_ peers: Peers) async throws {
        try await RunningGate.run(Self.text) { gate throws in
            let lines = try PythonPeer.run(
                peers.client, "mcp_sandbox_client.py", ["http://127.0.0.1:\(gate.port)/s/sandbox", peers.mode])
            #expect(
                lines == [
                    "revision \(peers.revision)", "tools execute", "exited 42 42", "sha256: namespace", "timeout",
                    "demand: No sandbox here meets what is demanded",
                    "unknown: The client's request is refused: the arguments do not fit the tool's input schema (extra: nothing is allowed here)",
                ], "\(lines)")
        }
    }
}
