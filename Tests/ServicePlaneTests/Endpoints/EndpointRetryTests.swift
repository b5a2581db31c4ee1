// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Synchronization
import Testing

@Suite("Requests that go to another endpoint") struct EndpointRetryTests {
    typealias Version = EndpointGate.Version

    @Test("are decided on anew, and recorded as such", arguments: Version.allCases)
    func decisions(version: Version) async throws {
        let well = EndpointGate.server("s1", version)
        defer { well.stop() }
        let fixture = try EndpointGate([nil, well], version)
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1", method: "POST", body: "once")
            #expect(answer.text == "s1 e1.test once")
            let hosts = try await EndpointGate.decided(gate)
            #expect(hosts == ["e0.test", "e1.test"])
            let decisions = try await gate.decisions()
            #expect(Set(decisions.compactMap { $0.text("decision") }).count == 2)
            #expect(decisions.allSatisfy { $0.text("verdict") == "allow" })
            let ends = try await gate.ends()
            #expect(ends.map { $0.text("cause") } == ["upstream_unreachable"])
            #expect(ends.first?.text("decision") == decisions.first?.text("decision"))
            let isIdle = await gate.becomesIdle()
            #expect(isIdle)
        }
    }

    @Test("spend a budget once") func budget() async throws {
        let well = EndpointGate.server("s2")
        defer { well.stop() }
        var fixture = try EndpointGate([nil, nil, well])
        fixture.options.agents[0].grants[0].budget = GrantBudget(calls: 2)
        try await withGate(fixture.options) { gate in
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try gate.ask("/s/tickets/v1").status) }
            #expect(statuses == [200, 200, 429])
        }
    }

    @Test("do so when a new connection breaks, if they are idempotent", arguments: ["GET", "PUT", "POST"])
    func broken(method: String) async throws {
        let broken = UpstreamServer { connection in _ = try HTTPText.readRequest(from: connection, within: 60) }
        let well = EndpointGate.server("s1")
        defer { for upstream in [broken, well] { upstream.stop() } }
        let fixture = try EndpointGate([broken, well]) { try ServiceGate.secure(&$0) }
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1", method: method, body: method == "GET" ? nil : "body")
            if method == "POST" {
                #expect(answer.status == 502)
                #expect(well.connectionCount == 0)
            } else {
                #expect(answer.text == "s1 e1.test \(method == "GET" ? "" : "body")")
                #expect(well.text.contains("Host: e1.test\r\n") && !well.text.contains("e0.test"))
                #expect(well.text.split(separator: ServiceGate.secret).count == 2)
            }
        }
    }

    @Test("do so when a service of HTTP/2 does not look at them, whatever the method") func refused() async throws {
        let busy = UpstreamServer.http2 { peer, request in try peer.send(RawFrames.reset(request.stream, 7)) }
        let well = EndpointGate.server("s1", .http2)
        defer { for upstream in [busy, well] { upstream.stop() } }
        let fixture = try EndpointGate([busy, well], .http2)
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1", method: "POST", body: "body")
            #expect(answer.text == "s1 e1.test body")
            #expect(busy.connectionCount == 1)
        }
    }

    @Test("do not when a part of an answer came") func partial() async throws {
        let broken = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection, within: 60)
            try connection.write("HTTP/1.1 2")
        }
        let well = EndpointGate.server("s1")
        defer { for upstream in [broken, well] { upstream.stop() } }
        let fixture = try EndpointGate([broken, well])
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 502)
            #expect(well.connectionCount == 0)
        }
    }

    @Test("are judged there: what is forbidden is not dialled") func forbidden() async throws {
        let fixture = try EndpointGate([nil, nil], records: ["e1.test": [["A 10.0.0.1"]]])
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 403)
            #expect(answer.text.contains("address_forbidden"))
            #expect(gate.dials.dials.map { "\($0.address)" } == [EndpointGate.address(0)])
        }
    }

    @Test("are decided on there: a grant for one endpoint is none for the others") func granted() async throws {
        var fixture = try EndpointGate([nil, nil])
        fixture.options.agents[0].grants = [try Grant.test("e0.test")]
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 403)
            #expect(answer.text.contains("host_not_granted"))
            #expect(gate.dials.dials.count == 1)
        }
    }

    @Test("go on when a name leads nowhere") func unresolved() async throws {
        let well = EndpointGate.server("s1")
        defer { well.stop() }
        let fixture = try EndpointGate([well, well], records: ["e0.test": [["CNAME gone.test"]]])
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.text == "s1 e1.test ")
        }
    }

    @Test("go to so many as the limit says", arguments: [1, 2, 4]) func limit(tried: Int) async throws {
        var fixture = try EndpointGate([nil, nil, nil, nil])
        fixture.options.serviceSettings.endpointsTried = tried
        try await withGate(fixture.options) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 502)
            #expect(gate.dials.dials.count == tried)
        }
    }

    @Test("carry on with a body that is still coming") func streaming() async throws {
        let well = EndpointGate.server("s1")
        defer { well.stop() }
        let fixture = try EndpointGate([nil, well])
        try await withGate(fixture.options) { gate in
            let socket = try gate.connectToServices()
            try socket.write(
                "POST /s/tickets/v1 HTTP/1.1\r\nHost: gate.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            let isThere = await eventually { well.connectionCount == 1 }
            #expect(isThere)
            try socket.write("3\r\ndef\r\n0\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.text == "s1 e1.test abcdef")
        }
    }
}
