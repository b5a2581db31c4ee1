// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Testing

/// A gate whose identity comes from somebody else's Workload API, which is here that of another gate.
@Suite struct SpireModeTests {
    private static func text(_ socket: String, upstream: UInt16) -> String {
        """
        agents:
          coder:
            attest: [{x509: true}]
            grants: [{name: web, hosts: [web.test], ports: [\(upstream)], tls: any}]
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [x509], tls: svid}]
          resolver: {hosts: {web.test: [127.0.0.1]}}
          exceptions: [{host: web.test, port: \(upstream), cidr: 127.0.0.1/32}]
        identity: {source: workload-api, workload_api: "unix://\(socket)"}
        """
    }

    /// Fetches a page through the second gate with the identity that the first one gave.
    private static func fetch(_ issuer: IdentityGate, _ gate: RunningGate, _ port: UInt16, as name: String) throws
        -> String
    {
        let base = issuer.gate.directory + "/" + name
        return try Program(
            "curl",
            [
                "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", "--proxy-insecure", "--proxy",
                "https://127.0.0.1:\(gate.port)", "--proxy-cert", base + ".pem", "--proxy-key", base + ".key",
                "http://web.test:\(port)/hello",
            ], keepsErrors: true
        ).outcome(within: 30).text
    }

    @Test(.timeLimit(.minutes(3)))
    func `The configuration alone decides who issues; keys that the issuer changes count at once`() async throws {
        let upstream = UpstreamServer.http { _ in UpstreamServer.hello }
        defer { upstream.stop() }
        let port = upstream.port
        try await IdentityGate.run { issuer throws in
            let state = try issuer.fetch()
            try issuer.write("old", state.svid, state)
            let text = Self.text(issuer.socket, upstream: port)
            try IdentityGate.waiting {
                try await RunningGate.run(text) { gate throws in
                    #expect(try comesTrue { try gate.status().identity?.id != nil })
                    let status = try #require(try gate.status().identity)
                    #expect(status.id == "spiffe://gate.test/agent/coder")
                    #expect(status.source == "unix://" + issuer.socket && status.trustDomains == ["gate.test"])
                    #expect(try Self.fetch(issuer, gate, port, as: "agent") == "200")
                    let refused = try gate.ask("GET", "entries")
                    #expect(refused.status == 409 && refused.text.contains("identity.workload_api"))

                    let active = try Self.key(issuer, "active")
                    _ = try issuer.gate.ask("POST", "keys", body: #"{"action":"prepare","kind":"x509"}"#)
                    for (action, key) in [("activate", try Self.key(issuer, "prepared")), ("taint", active)] {
                        let answer = try issuer.gate.ask(
                            "POST", "keys", body: #"{"action":"\#(action)","kind":"x509","id":"\#(key)"}"#)
                        #expect(answer.status == 200, "\(answer.text)")
                    }
                    _ = try issuer.fetch()
                    #expect(try comesTrue { try Self.fetch(issuer, gate, port, as: "agent") == "200" })
                    #expect(try Self.fetch(issuer, gate, port, as: "old") == "200")
                    let answer = try issuer.gate.ask(
                        "POST", "keys", body: #"{"action":"revoke","kind":"x509","id":"\#(active)"}"#)
                    #expect(answer.status == 200, "\(answer.text)")
                    #expect(try comesTrue { try Self.fetch(issuer, gate, port, as: "old") != "200" })
                    #expect(try Self.fetch(issuer, gate, port, as: "agent") == "200")
                    let agents = try gate.records("kind=decision").compactMap { $0.text("agent") }
                    #expect(!agents.isEmpty && Set(agents) == ["spiffe://gate.test/agent/coder"])
                }
            }
        }
    }

    private static func key(_ gate: IdentityGate, _ stage: String) throws -> String {
        let keys = try gate.gate.ask("GET", "keys", for: KeyList.self).keys
        return try #require(keys.last { $0.kind == "x509" && $0.stage == stage }?.id)
    }

    @Test func `While the issuer is away nobody is known, and the gate says so`() async throws {
        let text = Self.text("/tmp/yett-no-such-agent.sock", upstream: 1)
        try await RunningGate.run(text) { gate throws in
            let status = try #require(try gate.status().identity)
            #expect(status.id == nil && status.problem == "no identity is available yet")
            let outcome = try Program(
                "openssl", ["s_client", "-connect", "127.0.0.1:\(gate.port)"], keepsErrors: true
            ).outcome(within: 20).text
            #expect(outcome.contains("no peer certificate available"))
            #expect(try gate.ask("GET", "trust-bundle").status == 503)
        }
    }
}
