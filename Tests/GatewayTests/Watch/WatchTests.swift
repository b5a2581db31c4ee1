// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Behavior
import Foundation
import GateSupport
import GatewaySupport
import Storage
import Testing

/// What a running gate does about how an agent behaves.
@Suite struct WatchTests {
    private static let enforced = "watch: {mode: enforce}"

    private static func text(to port: UInt16, sections: String = enforced) -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets]}]",
            sections: sections)
    }

    @Test("three calls outside the grant, and everything is over until a person says otherwise")
    func ladder() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1").status == 200)
            for _ in 0..<3 {
                let refusal = try gate.ask("GET", service: "/s/tickets/salaries")
                #expect(refusal["yett-reason"] == "path_not_granted")
            }
            // The very next call, on a new connection and of what is granted.
            let refusal = try gate.ask("GET", service: "/s/tickets/tickets/1")
            #expect(refusal.status == 403 && refusal["yett-reason"] == "quarantined")
            #expect(try gate.record("kind=alarm")?.text("operation") == "denials")
            let alarms = try gate.records("kind=alarm")
            #expect(
                alarms.map { $0.list("reasons") } == [
                    ["elevated", "alert"], ["high", "alert"], ["critical", "alert"],
                ])
            let evidence = try #require(alarms.last?.list("evidence"))
            #expect(evidence.count == 3, "\(evidence)")
            #expect(try gate.status().quarantined == ["spiffe://gate.test/agent/bot"])

            #expect(try gate.ask("POST", "release", body: #"{"agent":"bot","why":"looked at it"}"#).status == 200)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1").status == 200)
            // It begins anew.
            #expect(try gate.ask("GET", service: "/s/tickets/salaries").status == 403)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1").status == 200)
        }
    }

    @Test("a score that was only observed can be ended, so that it does not bite when the watch is enforced")
    func observedThenEnforced() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, sections: "watch: {mode: observe}")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.ask("POST", "release", body: #"{"agent":"bot"}"#).status == 409)
            for _ in 0..<4 { _ = try gate.ask("GET", service: "/s/tickets/salaries") }
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1").status == 200)
            #expect(try gate.ask("POST", "release", body: #"{"agent":"bot","why":"looked"}"#).status == 200)
            try gate.rewrite(Self.text(to: upstream.port))
            #expect(try gate.ask("POST", "reload").status == 200)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1").status == 200)
            for _ in 0..<3 { _ = try gate.ask("GET", service: "/s/tickets/salaries") }
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1")["yett-reason"] == "quarantined")
        }
    }

    @Test("at a high level reads pass and calls with an effect do not")
    func readsOnly() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.ask("POST", service: "/s/tickets/tickets/1", body: "{}").status == 200)
            for _ in 0..<2 { _ = try gate.ask("GET", service: "/s/tickets/salaries") }
            let refusal = try gate.ask("POST", service: "/s/tickets/tickets/1", body: "{}")
            #expect(refusal.status == 403 && refusal["yett-reason"] == "risk_too_high")
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1").status == 200)
        }
    }

    @Test("what is open is cut with the agent")
    func cut() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let text = Sample.tunnels(to: upstream.port, limits: Self.enforced)
        try await RunningGate.run(text) { gate throws in
            let web = try gate.tunnel(to: "web.test", upstream.port)
            #expect(try gate.echoes(web))
            var refusals = 0
            while refusals < 20 {
                let answer = try gate.connect(
                    try RawSocket.connect(port: gate.port), to: "elsewhere\(refusals).test", upstream.port)
                guard answer["yett-reason"] == "host_not_granted" else { break }
                refusals += 1
            }
            // Eight destinations of two points.
            #expect(refusals == 8)
            #expect(web.readToEnd().ending != .stillOpen)
            // The fifth was enough: a tunnel may change things.
            var causes: [String] = []
            let isRecorded = try comesTrue(within: 5) {
                causes = try gate.records("kind=connection_end&limit=100").compactMap { $0.text("cause") }
                return causes.contains("risk_too_high") || causes.contains("quarantined")
            }
            #expect(isRecorded, "\(causes)")
        }
    }

    @Test("where it only observes, alarms are recorded and nothing follows")
    func observe() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, sections: "watch: {mode: observe}")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            for _ in 0..<5 { _ = try gate.ask("GET", service: "/s/tickets/salaries") }
            #expect(try gate.ask("POST", service: "/s/tickets/tickets/1", body: "{}").status == 200)
            let isThere = try comesTrue { try gate.records("kind=alarm").count >= 3 }
            #expect(isThere)
            // A reload to another mode holds at once.
            try gate.rewrite(Self.text(to: upstream.port))
            #expect(try gate.ask("POST", "reload").status == 200)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/1")["yett-reason"] == "quarantined")
        }
    }

    @Test("the alarms of the tree come again from the tree, to the last point")
    func replay() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(to: upstream.port, sections: "watch: {mode: observe}"), prepare: ServiceGate.prepare
        ) { gate throws in
            for round in 0..<30 {
                _ = try gate.ask("GET", service: round % 3 == 0 ? "/s/tickets/salaries" : "/s/tickets/tickets/\(round)")
            }
            _ = try gate.ask("POST", "quarantine", body: #"{"agent":"bot","why":"a try"}"#)
            _ = try gate.ask("POST", "release", body: #"{"agent":"bot","why":"a try"}"#)
            for _ in 0..<3 { _ = try gate.ask("GET", service: "/s/tickets/salaries") }
            let isThere = try comesTrue { try gate.records("kind=alarm&limit=1000").count >= 13 }
            #expect(isThere)
            let reader = try AuditReader(directory: gate.directory + "/audit")
            var replay = RiskReplay()
            try reader.forEachRecord(in: 0..<reader.size) { index, bytes in
                guard let record = AuditRecord(bytes) else { return }
                replay.take(record, at: index)
            }
            #expect(replay.differences.isEmpty, "\(replay.differences)")
            #expect(replay.alarms >= 13)
        }
    }
}
