// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import GateSupport
import Identity
import Protocols
import ServicePlane
import Testing
import Transport

/// An agent and its callers, both made with the official `a2a-sdk`, unmodified, with the gate between them.
@Suite("a2a-sdk") struct AgentTests {
    private static let signer = try? KeySigner(SigningKey.generate())

    private static func run(_ body: (GateHarness) async throws -> Void) async throws {
        let (agent, port) = try await PythonPeer.serve(.a2a, "a2a_agent.py")
        defer { agent.stop() }
        let agents = try ["bot", "other"].map { name in
            var grant = Grant(name: "agent", hosts: [try HostPattern(parsing: "agent.test")])
            grant.ports = PortSet([80...80])
            grant.tools = ["echo", "tasks/get", "tasks/list", "tasks/cancel", "tasks/push/create"].map {
                ToolGrant(name: $0)
            }
            var setup = AgentSetup(name, grants: [grant])
            setup.tokens = ["token-of-\(name)"]
            return setup
        }
        var options = GateOptions(agents: agents)
        options.identification = [.token]
        options.route = { _ in port }
        var service = ServiceDescription(name: "agent", host: try Host(parsing: "agent.test"), port: 80)
        service.language = .agent(AgentServer())
        options.services = [service]
        options.signer = { try? signer?.sign($0, type: "JOSE") }
        try await withGate(options, body)
    }

    private static func call(_ gate: GateHarness, _ arguments: [String]) throws -> [String] {
        let key = signer?.verificationKey.jsonWebKey.json.text ?? ""
        return try PythonPeer.run(
            .a2a, "a2a_caller.py", ["http://127.0.0.1:\(gate.servicePort)/s/agent", key] + arguments)
    }

    @Test("Both bindings and both versions work unmodified", arguments: ["JSONRPC1.0", "HTTP+JSON1.0", "JSONRPC0.3"])
    func works(_ binding: String) async throws {
        try await Self.run { gate in
            var lines = try Self.call(gate, [binding, "token-of-bot"])
            let last = lines.popLast()
            let task = try #require(last)
            var expected = [
                "card /rpc /rest /old echo", "signed", "task", "status_update", "artifact_update", "status_update",
            ]
            expected += ["got echo: hello 3", "task", "got echo: hello 3"]
            if binding != "JSONRPC0.3" { expected.append("list True") }
            expected += ["unknown TaskNotFoundError", "webhook A2AClientError", "pay A2AClientError"]
            #expect(lines == expected)
            #expect(task.hasPrefix("task "))
            let theirs = try Self.call(gate, [binding, "token-of-other", String(task.dropFirst(5))])
            #expect(theirs.dropFirst(2) == ["get TaskNotFoundError", "cancel TaskNotFoundError"])
            #expect(await gate.becomesIdle())
        }
    }
}
