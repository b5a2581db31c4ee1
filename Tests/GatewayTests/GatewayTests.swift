// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing
import Transport

@Suite struct GatewayTests {
    @Test("serves agents and operators from one configuration file")
    func serves() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let tunnel = try gate.tunnel(to: "web.test", upstream.port)
            #expect(try gate.echoes(tunnel))
            let refusal = try gate.connect(try RawSocket.connect(port: gate.port), to: "prod-db-01", 5432)
            #expect(refusal.status == 403)
            #expect(refusal["yett-reason"] == "host_not_granted")

            let status = try gate.status()
            #expect(status.state == .serving)
            #expect(status.agents == ["bot"])
            #expect(status.listeners == gate.listeners)
            #expect(status.connections == 1)
            #expect(status.configuration.revision == 1)
            #expect(status.audit.isAvailable)

            #expect(comesTrue { (try? gate.connections().first?.bytesDown) == 4 })
            let live = try #require(try gate.connections().first)
            #expect(live.agent == "spiffe://gate.test/agent/bot")
            #expect(live.destination == "web.test:\(upstream.port)")
            #expect(live.proof == "source-address")
            #expect(live.grant == "bot/web")
        }
    }

    @Test("records start and stop with the digest of the configuration")
    func startAndStop() async throws {
        let text = Sample.tunnels(to: 1)
        let directory = try await RunningGate.run(text) { gate throws in
            let status = try gate.status()
            let start = try #require(try gate.records("kind=startup").first)
            #expect(start.text("detail") == "yett test, configuration \(status.configuration.digest)")
            let sum = try Program("sha256sum", [gate.configuration]).outcome().text
            #expect(sum.hasPrefix(status.configuration.digest))
            return gate.directory
        }
        #expect(access(directory + "/admin.sock", F_OK) != 0)
    }

    @Test("is no destination itself, not even for an agent that may go anywhere")
    func ownListener() async throws {
        let grants = "[{name: all, hosts: [web.test], ports: any, tls: any}]"
        try await RunningGate.run(Sample.tunnels(to: 1, grants: grants)) { gate throws in
            let refusal = try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", gate.port)
            #expect(refusal.status == 403)
            #expect(refusal.text.contains("where the gate itself listens"))
        }
    }

    @Test("explains a decision step by step and prints the grant that would allow it")
    func explains() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let refusal = try gate.connect(try RawSocket.connect(port: gate.port), to: "prod-db-01", 5432)
            let answer = try JSONSerialization.jsonObject(with: Data(refusal.body)) as? [String: Any]
            let decision = try #require(answer?["decision"] as? String)
            _ = try gate.record("decision=\(decision)")
            let explanation = try gate.ask("GET", "decisions/\(decision)", for: DecisionExplanation.self)
            #expect(explanation.recorded.contains(.init(name: "verdict", value: "deny")))
            #expect(explanation.recorded.contains(.init(name: "reasons", value: "host_not_granted")))
            let now = try #require(explanation.now)
            #expect(now.verdict == "deny")
            #expect(now.reason == "host_not_granted")
            #expect(now.steps.contains { $0.hasPrefix("no  host") })
            let suggestion = try #require(explanation.suggestion)

            // The suggestion is true: with it in the configuration the same facts are allowed.
            let lines = suggestion.split(separator: "\n").dropFirst(3).joined(separator: "\n")
            let grants = "\n" + lines
            try gate.rewrite(Sample.tunnels(to: 1, grants: grants))
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted, "\(report.diagnostics)")
            let again = try gate.ask("GET", "decisions/\(decision)", for: DecisionExplanation.self)
            #expect(again.now?.verdict == "allow")
            #expect(again.suggestion == nil)
        }
    }

    @Test("says what is wrong with a decision id", arguments: ["d-0000000000000000", "d-1", "nonsense", "%2e%2e"])
    func unknownDecision(id: String) async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let answer = try gate.ask("GET", "decisions/\(id)")
            #expect([400, 404].contains(answer.status))
            let problem = try AdminJSON.decoder.decode(Problem.self, from: Data(answer.body))
            #expect(problem.remedy != nil)
        }
    }

    @Test("proves a record to somebody who has nothing but the key")
    func proves() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let proof = try gate.ask("GET", "audit/proofs/1").text
            #expect(proof.hasPrefix("c2sp.org/tlog-proof@v1\n"))
            #expect(try gate.ask("GET", "audit/proofs/99999").status == 404)
        }
    }

    @Test("hands new records to a reader that waits for them")
    func follows() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let size = try gate.status().audit.records
            let reader = try RawSocket.connect(unix: gate.socket)
            try reader.write("GET /v1/audit/tail?from=\(size)&wait=20 HTTP/1.1\r\nHost: g\r\n\r\n")
            _ = try gate.ask("POST", "cut", body: #"{"agent":"bot","why":"to be seen"}"#)
            let first = try HTTPText.readResponse(from: reader).text
            #expect(first.contains(#""index":"#))
            // A record of the gate's own, of its start or of an interval, may come before.
            #expect(
                try comesTrue {
                    try first.contains("to be seen")
                        || gate.ask("GET", "audit/tail?from=\(size)&wait=5").text.contains("to be seen")
                })
        }
    }
}
