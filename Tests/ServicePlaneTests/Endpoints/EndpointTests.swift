// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Synchronization
import Testing

@Suite("Endpoints of a service") struct EndpointTests {
    typealias Version = EndpointGate.Version

    @Test("take turns, and records name the one that was dialled", arguments: Version.allCases)
    func spread(version: Version) async throws {
        let upstreams = (0..<3).map { EndpointGate.server("s\($0)", version) }
        defer { for upstream in upstreams { upstream.stop() } }
        let fixture = try EndpointGate(upstreams, version, ServiceGate.secure)
        try await withGate(fixture.options) { gate in
            let socket = try gate.connectToServices()
            var answers: [String: Int] = [:]
            for index in 0..<12 {
                answers[
                    try gate.ask("/s/tickets/v1/\(index)", method: "POST", body: "x", on: socket).text, default: 0] += 1
            }
            #expect(answers == ["s0 e0.test x": 4, "s1 e1.test x": 4, "s2 e2.test x": 4])
            let hosts = try await EndpointGate.decided(gate)
            #expect(Set(hosts) == ["e0.test", "e1.test", "e2.test"] && hosts.count == 12)
            for upstream in upstreams {
                #expect(upstream.connectionCount == 1)
                if version == .http1 { #expect(upstream.text.contains("Authorization: Bearer \(ServiceGate.secret)")) }
            }
        }
    }

    @Test("that are slow get fewer requests", arguments: Version.allCases)
    func slow(version: Version) async throws {
        let latch = Latch()
        let upstreams = [
            EndpointGate.server("s0", version) { path in
                if path.hasSuffix("slow") { latch.wait() }
                return 200
            }, EndpointGate.server("s1", version),
        ]
        defer { for upstream in upstreams { upstream.stop() } }
        let fixture = try EndpointGate(upstreams, version)
        try await withGate(fixture.options) { gate in
            let waiting = try gate.connectToServices()
            try waiting.write("GET /s/tickets/v1/slow HTTP/1.1\r\nHost: gate.test\r\n\r\n")
            let isUnderWay = await eventually { gate.registry.count == 1 }
            #expect(isUnderWay)
            for _ in 0..<6 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.text == "s1 e1.test ")
            }
            latch.open()
            let late = try HTTPText.readResponse(from: waiting)
            #expect(late.text == "s0 e0.test ")
            _ = await eventually { gate.registry.count == 0 }
            let next = try gate.ask("/s/tickets/v1")
            #expect(next.text == "s0 e0.test ")
        }
    }

    @Test("that are dead are passed by, ejected, and come back", arguments: Version.allCases)
    func dead(version: Version) async throws {
        let upstreams = (0..<2).map { EndpointGate.server("s\($0)", version) }
        defer { for upstream in upstreams { upstream.stop() } }
        let fixture = try EndpointGate(upstreams, version)
        fixture.servers[0] = nil
        try await withGate(fixture.options) { gate in
            for _ in 0..<14 {
                let answer = try gate.ask("/s/tickets/v1", method: "POST", body: "b")
                #expect(answer.text == "s1 e1.test b")
            }
            // Every second one until the fifth failure, and none after it.
            #expect(gate.dials.dials.count { "\($0.address)" == EndpointGate.address(0) } == 5)
            let report = try await gate.endpoint(0)
            #expect(report.ejections == 1 && report.ejectedFor > 0)
            #expect(report.problem == "e0.test:80 refused the connection; nothing listens there")
            let observations = try await gate.observations()
            #expect(observations == ["endpoint_ejected"])
            // Still dead: out again at the first failure, for twice as long.
            gate.clock.advance(seconds: 31)
            for _ in 0..<4 { _ = try gate.ask("/s/tickets/v1") }
            #expect(gate.dials.dials.count { "\($0.address)" == EndpointGate.address(0) } == 6)
            gate.clock.advance(seconds: 31)
            for _ in 0..<4 { _ = try gate.ask("/s/tickets/v1") }
            #expect(gate.dials.dials.count { "\($0.address)" == EndpointGate.address(0) } == 6)
            fixture.servers[0] = upstreams[0].port
            gate.clock.advance(seconds: 31)
            var answers: Set<String> = []
            for _ in 0..<4 { answers.insert(try gate.ask("/s/tickets/v1").text) }
            #expect(answers == ["s0 e0.test ", "s1 e1.test "])
            let well = try await gate.endpoint(0)
            #expect(well.failures == 0 && well.ejectedFor == 0)
        }
    }

    @Test("are never all ejected") func last() async throws {
        let fixture = try EndpointGate([nil, nil, nil]) { $0.ejection.share = 100 }
        try await withGate(fixture.options) { gate in
            for _ in 0..<12 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.status == 502)
                #expect(answer.text.contains("upstream_unreachable"))
            }
            var ejected = 0
            for index in 0..<3 { ejected += try await gate.endpoint(index).ejectedFor > 0 ? 1 : 0 }
            #expect(ejected == 2)
        }
    }

    @Test("are ejected for what gateways say and for what breaks", arguments: ["502", "503", "504", "reset"])
    func failing(how: String) async throws {
        let broken = UpstreamServer { connection in
            while try HTTPText.readRequest(from: connection, within: 60) != nil {
                guard let status = Int(how) else { return }
                try connection.write("HTTP/1.1 \(status) No\r\nContent-Length: 2\r\n\r\nno")
            }
        }
        let well = EndpointGate.server("s1")
        defer { for upstream in [broken, well] { upstream.stop() } }
        let fixture = try EndpointGate([broken, well]) { $0.ejection.failures = 2 }
        try await withGate(fixture.options) { gate in
            var statuses: [Int] = []
            for _ in 0..<8 { statuses.append(try gate.ask("/s/tickets/v1", method: "POST", body: "b").status) }
            // An answer is the client's to read; what may have had an effect is not sent once more.
            #expect(statuses.count { $0 == Int(how) ?? 502 } == 2)
            #expect(statuses.count { $0 == 200 } == 6)
            let report = try await gate.endpoint(0)
            #expect(report.ejections == 1)
        }
    }

    @Test("that fail now and then are not ejected") func patchy() async throws {
        let count = Mutex(0)
        let patchy = EndpointGate.server("s0") { _ in
            count.withLock { count in
                count += 1
                return count % 3 == 0 ? 200 : 503
            }
        }
        let well = EndpointGate.server("s1")
        defer { for upstream in [patchy, well] { upstream.stop() } }
        let fixture = try EndpointGate([patchy, well]) { $0.ejection.failures = 3 }
        try await withGate(fixture.options) { gate in
            for _ in 0..<24 { _ = try gate.ask("/s/tickets/v1") }
            #expect(count.withLock { $0 } == 12)
        }
    }

    @Test("with an address that is forbidden get nothing, and the denial says why", arguments: Version.allCases)
    func forbidden(version: Version) async throws {
        let upstreams = (0..<2).map { EndpointGate.server("s\($0)", version) }
        defer { for upstream in upstreams { upstream.stop() } }
        // One address of two is enough.
        let fixture = try EndpointGate(
            upstreams, version, records: ["e1.test": [["A \(EndpointGate.address(1))", "A 169.254.169.254"]]])
        try await withGate(fixture.options) { gate in
            var statuses: [Int] = []
            for _ in 0..<6 {
                let answer = try gate.ask("/s/tickets/v1")
                statuses.append(answer.status)
                if answer.status != 200 { #expect(answer.text.contains("address_forbidden")) }
            }
            #expect(statuses == [200, 403, 200, 403, 200, 403])
            #expect(gate.dials.dials.allSatisfy { "\($0.address)" == EndpointGate.address(0) })
            let denials = try await gate.decisions().filter { $0.text("verdict") == "deny" }
            #expect(denials.count == 3 && denials.allSatisfy { $0.text("host") == "e1.test" })
        }
    }

    @Test("change with a reload while requests are under way", arguments: Version.allCases)
    func reload(version: Version) async throws {
        let latch = Latch()
        let old = EndpointGate.server("s0", version) { path in
            if path.hasSuffix("slow") { latch.wait() }
            return 200
        }
        let new = EndpointGate.server("s1", version)
        defer { for upstream in [old, new] { upstream.stop() } }
        let fixture = try EndpointGate([old, new], version) { $0.endpoints.removeLast() }
        try await withGate(fixture.options) { gate in
            let waiting = try gate.connectToServices()
            try waiting.write("GET /s/tickets/v1/slow HTTP/1.1\r\nHost: gate.test\r\n\r\n")
            let isUnderWay = await eventually { gate.registry.count == 1 && !gate.dials.dials.isEmpty }
            #expect(isUnderWay)
            var changed = fixture.service
            let both = try EndpointGate([old, new], version).service.endpoints
            changed.endpoints = [both[1]]
            gate.services?.serve([changed])
            for _ in 0..<3 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.text == "s1 e1.test ")
            }
            latch.open()
            let late = try HTTPText.readResponse(from: waiting)
            #expect(late.text == "s0 e0.test ")
        }
    }

    @Test("keep what is known of them over a reload") func known() async throws {
        let well = EndpointGate.server("s1")
        defer { well.stop() }
        let fixture = try EndpointGate([nil, well])
        try await withGate(fixture.options) { gate in
            for _ in 0..<10 { _ = try gate.ask("/s/tickets/v1") }
            gate.services?.serve([fixture.service])
            let report = try await gate.endpoint(0)
            #expect(report.ejections == 1 && report.ejectedFor > 0)
        }
    }
}
