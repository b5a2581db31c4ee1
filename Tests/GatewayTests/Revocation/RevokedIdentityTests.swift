// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Testing
import WorkloadClient

/// What operators revoke of agents with certificates and tokens.
@Suite struct RevokedIdentityTests {
    private static let coder = #"{"agent":"coder"}"#
    private static let grants = "[{name: tickets, service: tickets, methods: [GET], paths: [/tickets, /stream]}]"

    private static func text(to port: UInt16) -> String {
        ServiceGate.text(
            to: port, grants: grants, listener: "identify: [x509], tls: svid", attest: "{x509: true}",
            sections: ServiceGate.identity(("/agent/bot", "agent")))
    }

    /// Asks with the certificate that was written as `name`.
    private static func arguments(_ gate: RunningGate, _ path: String, as name: String, _ more: [String]) -> [String] {
        [
            "-sSN", "--max-time", "60", "--cacert", gate.directory + "/bundle.pem", "--cert",
            "\(gate.directory)/\(name).pem", "--key", "\(gate.directory)/\(name).key", "-w", "\n%{http_code}",
        ] + more + ["https://localhost:\(gate.port)/s/tickets\(path)"]
    }

    private static func ask(_ gate: RunningGate, as name: String) throws -> String {
        try Program("curl", arguments(gate, "/tickets", as: name, []), keepsErrors: true).outcome().text
    }

    @Test(arguments: ["--http1.1", "--http2"])
    func `A certificate of before is refused and its streams end; one that is issued afterwards counts`(
        version: String
    ) async throws {
        let upstream = try StreamingServer()
        let plain = UpstreamServer.http()
        defer {
            upstream.stop()
            plain.stop()
        }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            let before = try gate.fetch().svid
            let stream = try Program(
                "curl", Self.arguments(running, "/stream", as: "agent", [version]), keepsErrors: true)
            let isOpen = try comesTrue { try running.connections().count == 1 }
            #expect(isOpen)
            let answer = try running.ask("POST", "revocations", body: #"{"agent":"bot","why":"stolen"}"#)
            let report = try AdminJSON.decoder.decode(RevocationReport.self, from: Data(answer.body))
            #expect(report.cut == 1 && report.rememberedUntil != nil)
            let ended = stream.outcome()
            #expect(ended.status != 0, "\(ended.text)")
            let refused = try Self.ask(running, as: "agent")
            #expect(refused.contains("agent_revoked") && refused.hasSuffix("403"), "\(refused)")
            // A stolen certificate does not become a new one.
            let body: JSONValue = ["csr": .string(try Self.signingRequest(running))]
            let request = body.text
            let renewed = try gate.ask("/renew", as: "agent", ["-d", request])
            #expect(renewed.code == 403 && renewed.text.contains("revoked"), "\(renewed.text)")
            let isNew = try comesTrue { try Self.countsAnew(gate, before, version) }
            #expect(isNew)
            #expect(try gate.ask("/renew", as: "agent", ["-d", request]).code == 200)
        }
    }

    /// A request for a certificate of the agent's key.
    private static func signingRequest(_ gate: RunningGate) throws -> String {
        try Program("openssl", ["req", "-new", "-key", gate.directory + "/agent.key", "-subj", "/CN=x"]).outcome().text
    }

    /// Whether what the Workload API gives now is another certificate, and counts.
    private static func countsAnew(_ gate: IdentityGate, _ before: X509SVID, _ version: String) throws -> Bool {
        let state = try gate.state()
        guard state.svid.chain.first?.thumbprint != before.chain.first?.thumbprint else { return false }
        try gate.write("agent", state.svid, state)
        let stream = try Program(
            "curl", arguments(gate.gate, "/stream", as: "agent", [version, "--max-time", "1"]), keepsErrors: true)
        return stream.outcome().text.hasSuffix("200")
    }

    @Test(.timeLimit(.minutes(1)))
    func `An open stream of the Workload API brings a new certificate`() async throws {
        try await IdentityGate.run { gate throws in
            let source = try gate.source()
            let id = try IdentityGate.waiting { () -> String in
                let follower = Task { await source.run { _ in } }
                defer {
                    source.shutDown()
                    follower.cancel()
                }
                var before: [UInt8]?
                for await state in source.updates() {
                    let thumbprint = state.svid.chain.first?.thumbprint
                    if before == nil {
                        before = thumbprint
                        _ = try gate.gate.ask("POST", "revocations", body: Self.coder)
                    } else if thumbprint != before {
                        return state.svid.id.description
                    }
                }
                return "nobody"
            }
            #expect(id == "spiffe://gate.test/agent/coder")
        }
    }

    @Test func `Tokens end with their agent, person and key, and those that are exchanged later count`() async throws {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            func start(_ person: String) throws -> String {
                let body =
                    #"{"agent":"coder","purpose":"t","person":"\#(person)","grants":[{"name":"tickets"}]}"#
                let report = try JSONValue(parsing: try gate.gate.ask("POST", "tasks", body: body).body)
                return try #require(report["handle"]?.string)
            }
            func token(_ handle: String) throws -> String? {
                try JSONValue(parsing: gate.exchange("search", handle: handle).text)["access_token"]?.string
            }
            func isActive(_ token: String) throws -> Bool {
                try gate.ask("/introspect", as: "tool", ["--data-urlencode", "token=\(token)"]).text
                    .contains(#""active":true"#)
            }
            let (first, second) = (try start("https://idp.test#1"), try start("https://idp.test#2"))
            let (one, two) = (try #require(try token(first)), try #require(try token(second)))
            #expect(try gate.gate.ask("POST", "revocations", body: #"{"person":"https://idp.test#1"}"#).status == 201)
            #expect(try !isActive(one) && isActive(two))
            #expect(try token(first) == nil)
            #expect(try token(second) != nil)
            let now = time(nil)
            #expect(comesTrue { time(nil) > now })
            #expect(try token(try start("https://idp.test#1")) != nil)
            // The agent: its certificate, its tasks and its tokens are void; its new ones are not.
            #expect(try gate.gate.ask("POST", "revocations", body: #"{"agent":"coder"}"#).status == 201)
            #expect(try !isActive(two))
            #expect(try token(second) == nil)
            let later = time(nil)
            #expect(comesTrue { time(nil) > later })
            #expect(try token(try start("https://idp.test#2")) == nil, "the certificate is the old one")
            let isNew = try comesTrue {
                _ = try gate.fetch()
                return try token(try start("https://idp.test#2")) != nil
            }
            #expect(isNew)
        }
    }
}
