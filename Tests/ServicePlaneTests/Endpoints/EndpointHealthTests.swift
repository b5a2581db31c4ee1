// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Synchronization
import Testing

@Suite("What the gate asks endpoints by itself") struct EndpointHealthTests {
    private static let rules: HealthRules = {
        var rules = HealthRules(path: "/health?full=1")
        rules.interval = 20_000_000
        rules.timeout = 20_000_000_000
        rules.healthy = 2
        rules.unhealthy = 2
        return rules
    }()

    @Test("takes out who is not well, and lets it back") func health() async throws {
        let isWell = Mutex(false)
        let first = EndpointGate.server("s0") { path in
            guard path == "/health?full=1" else { return 200 }
            return isWell.withLock { $0 } ? 204 : 500
        }
        let second = EndpointGate.server("s1")
        defer { for upstream in [first, second] { upstream.stop() } }
        let fixture = try EndpointGate([first, second]) { $0.health = Self.rules }
        try await withGate(fixture.options) { gate in
            let isOut = await eventually { (try? await gate.endpoint(0).isUnhealthy) ?? false }
            #expect(isOut)
            let report = try await gate.endpoint(0)
            #expect(report.problem == "the answer to /health?full=1 has status 500")
            for _ in 0..<4 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.text == "s1 e1.test ")
            }
            #expect(first.text.contains("Host: e0.test\r\n") || first.text.contains("host: e0.test\r\n"))
            isWell.withLock { $0 = true }
            let isBack = await eventually { (try? await gate.endpoint(0).isUnhealthy) == false }
            #expect(isBack)
            var answers: Set<String> = []
            for _ in 0..<4 { answers.insert(try gate.ask("/s/tickets/v1").text) }
            #expect(answers.count == 2)
            let observations = try await gate.observations()
            #expect(observations == ["endpoint_unhealthy", "endpoint_healthy"])
            // Nothing of that is a decision.
            let decisions = try await gate.decisions()
            #expect(decisions.count == 8)
        }
    }

    @Test("leads to no address that is forbidden") func forbidden() async throws {
        let well = EndpointGate.server("s0")
        defer { well.stop() }
        let fixture = try EndpointGate([well, well], records: ["e1.test": [["A 127.0.0.1"]]]) {
            $0.health = Self.rules
        }
        try await withGate(fixture.options) { gate in
            let isOut = await eventually { (try? await gate.endpoint(1).isUnhealthy) ?? false }
            #expect(isOut)
            let problem = try await gate.endpoint(1).problem
            #expect(problem?.contains("the address is refused") ?? false)
            for _ in 0..<4 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.text == "s0 e0.test ")
            }
            #expect(gate.dials.dials.allSatisfy { "\($0.address)" == EndpointGate.address(0) })
        }
    }

    @Test("does not leave a service without any endpoint") func none() async throws {
        let ill = EndpointGate.server("s0") { $0.hasPrefix("/health") ? 503 : 200 }
        defer { ill.stop() }
        let fixture = try EndpointGate([ill, ill]) { $0.health = Self.rules }
        try await withGate(fixture.options) { gate in
            let areOut = await eventually {
                let states = [try? await gate.endpoint(0), try? await gate.endpoint(1)]
                return states.allSatisfy { $0?.isUnhealthy ?? false }
            }
            #expect(areOut)
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 200)
        }
    }

    @Test("ends with a reload that leaves it out") func ends() async throws {
        let ill = EndpointGate.server("s0") { $0.hasPrefix("/health") ? 503 : 200 }
        defer { ill.stop() }
        let fixture = try EndpointGate([ill, ill]) { $0.health = Self.rules }
        try await withGate(fixture.options) { gate in
            let isOut = await eventually { (try? await gate.endpoint(0).isUnhealthy) ?? false }
            #expect(isOut)
            var plain = fixture.service
            plain.health = nil
            gate.services?.serve([plain])
            let report = try await gate.endpoint(0)
            #expect(!report.isUnhealthy)
        }
    }
}
