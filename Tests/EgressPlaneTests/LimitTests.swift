// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import EgressPlane
import GateSupport
import NIOCore
import Protocols
import Resolver
import Testing

@Suite("Limits of the egress plane") struct LimitTests {
    private static func options(
        _ upstream: UpstreamServer? = nil, _ change: (inout EgressSettings) -> Void
    ) throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test").openTunnel])
        change(&options.settings)
        options.workers = 1
        if let upstream { options.lead(to: upstream) }
        return options
    }

    @Test(
        "of a request head are refused with the status that tells which",
        arguments: [
            ("GET http://allowed.test/" + String(repeating: "a", count: 9000) + " HTTP/1.1\r\n", 414),
            ("GET http://allowed.test/ HTTP/1.1\r\nX: " + String(repeating: "a", count: 9000) + "\r\n", 431),
            ("GET http://allowed.test/ HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 101), 431),
            (
                "GET http://allowed.test/ HTTP/1.1\r\n"
                    + String(repeating: "X: " + String(repeating: "a", count: 4000) + "\r\n", count: 9), 431
            ),
            (String(repeating: "A", count: 40) + " http://allowed.test/ HTTP/1.1\r\n", 501),
        ])
    func heads(_ head: String, _ status: Int) async throws {
        try await withGate(Self.options { _ in }) { gate in
            let socket = try gate.connect()
            try socket.write(head + "Host: allowed.test\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect((400..<600).contains(answer.status))
            if status != 501 { #expect(answer.status == status) }
            #expect(answer["yett-reason"] == "protocol_violation")
            #expect(try await gate.decisions().count == 1)
        }
    }

    @Test("tunnels: a connection beyond the limit is closed at once")
    func connections() async throws {
        try await withGate(Self.options { $0.connections = 2 }) { gate in
            let first = try gate.connect()
            let second = try gate.connect()
            #expect(await eventually { gate.plane.openConnections == 2 })
            #expect(try gate.connect().readToEnd().ending != .stillOpen)
            first.close()
            second.close()
            #expect(await gate.becomesIdle())
            #expect(try gate.askForTunnel(to: "denied.test:443").answer.status == 403)
        }
    }

    @Test("tunnels_per_agent: one more is refused, and room comes back")
    func connectionsPerAgent() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream) { $0.connectionsPerAgent = 1 }) { gate in
            let first = try gate.openTunnel()
            let refused = try gate.askForTunnel(to: "allowed.test:443").answer
            #expect(refused.status == 429)
            #expect(refused["yett-reason"] == "limit_reached")
            #expect(refused.text.contains("tunnels_per_agent"))
            first.close()
            #expect(await gate.becomesIdle())
            #expect(try gate.askForTunnel(to: "allowed.test:443").answer.status == 200)
        }
    }

    @Test("pending_dials: look-ups beyond the limit are refused")
    func pendingLookups() async throws {
        var options = try Self.options { $0.pendingDials = 1 }
        let resolver = ScriptedResolver(records: ["*": [["A 203.0.114.10"]]], holdsAnswers: true)
        options.resolver = resolver
        try await withGate(options) { gate in
            let waiting = try gate.connect()
            try waiting.write("CONNECT allowed.test:443 HTTP/1.1\r\nHost: allowed.test:443\r\n\r\n")
            #expect(await eventually { resolver.queryCount == 1 })
            let refused = try gate.askForTunnel(to: "allowed.test:443").answer
            #expect(refused["yett-reason"] == "limit_reached")
            #expect(refused.text.contains("pending_dials"))
            resolver.releaseAnswers()
            #expect(HTTPText.parseHead(try waiting.read(through: "\r\n\r\n")).status == 502)
        }
    }

    @Test("handshake_time: a head that does not come ends the connection, an incomplete one is told why")
    func handshakeTime() async throws {
        try await withGate(Self.options { _ in }) { gate in
            let silent = try gate.connect()
            let slow = try gate.connect()
            try slow.write("GET http://allowed.test/ HTTP/1.1\r\nHo")
            #expect(await eventually { gate.plane.openConnections == 2 })
            try await gate.advance(seconds: 11)
            #expect(silent.readToEnd().bytes.isEmpty)
            let answer = try HTTPText.readResponse(from: slow)
            #expect(answer.status == 408)
            #expect(answer["yett-reason"] == "timeout")
            try await gate.advance(seconds: 11)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("handshake_time: a ClientHello that does not come is refused")
    func helloTime() async throws {
        let options = GateOptions(grants: [try Grant.test("allowed.test")])
        try await withGate(options) { gate in
            let tunnel = try gate.openTunnel()
            try await gate.advance(seconds: 11)
            #expect(GateHarness.alert(in: tunnel.readToEnd().bytes) != nil)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["timeout"]])
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("dial_time: a name that is not answered in time is refused, and a late answer changes nothing")
    func lookupTime() async throws {
        var options = try Self.options { _ in }
        let resolver = ScriptedResolver(records: ["*": [["A 203.0.114.10"]]], holdsAnswers: true)
        options.resolver = resolver
        try await withGate(options) { gate in
            let socket = try gate.connect()
            try socket.write("CONNECT allowed.test:443 HTTP/1.1\r\nHost: allowed.test:443\r\n\r\n")
            #expect(await eventually { resolver.queryCount == 1 })
            try await gate.advance(seconds: 11)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 504)
            #expect(answer["yett-reason"] == "name_service_failed")
            resolver.releaseAnswers()
            try await gate.advance(seconds: 11)
            #expect(await gate.becomesIdle())
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("idle_time: a tunnel without a byte ends, one with bytes goes on")
    func idleTime() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream) { _ in }) { gate in
            let idle = try gate.openTunnel()
            let busy = try gate.openTunnel()
            try await gate.advance(seconds: 200)
            try busy.write("x")
            _ = try busy.read(exactly: 1)
            try await gate.advance(seconds: 150)
            #expect(idle.readToEnd().ending != .stillOpen)
            try busy.write("y")
            #expect(try busy.read(exactly: 1) == Array("y".utf8))
            #expect(try await gate.ends().map { $0.text("cause") } == ["timeout"])
        }
    }

    @Test("idle_time: a destination that does not answer is given up")
    func exchangeIdleTime() async throws {
        let end = Latch()
        defer { end.open() }
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            end.wait(within: 120)
        }
        try await withGate(Self.options(upstream) { _ in }) { gate in
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
            #expect(await eventually { upstream.text.contains("\r\n\r\n") })
            try await gate.advance(seconds: 301)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 504)
            #expect(answer["yett-reason"] == "upstream_timeout")
            #expect(answer.text.contains("idle_time"))
        }
    }

    @Test("total_time: a tunnel ends although bytes flow")
    func totalTime() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream) { $0.totalTime = 60 * EgressSettings.second }) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write("x")
            _ = try tunnel.read(exactly: 1)
            try await gate.advance(seconds: 61)
            #expect(tunnel.readToEnd().ending != .stillOpen)
            let end = try await gate.ends().first
            #expect(end?.text("cause") == "timeout")
            #expect(end?.text("detail")?.contains("total_time") == true)
        }
    }

    @Test("bytes_per_tunnel: both directions together, and not one byte more")
    func bytesPerTunnel() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream) { $0.bytesPerTunnel = 1000 }) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write([UInt8](repeating: 1, count: 400))
            #expect(try tunnel.read(exactly: 400).count == 400)
            try tunnel.write([UInt8](repeating: 1, count: 150))
            #expect(tunnel.readToEnd().bytes.isEmpty)
            #expect(await gate.becomesIdle())
            #expect(try await gate.ends().map { $0.text("cause") } == ["limit_reached"])
        }
    }

    @Test("request_body: a longer one is refused, framed either way", arguments: [true, false])
    func requestBody(_ isChunked: Bool) async throws {
        let upstream = UpstreamServer.http()
        try await withGate(Self.options(upstream) { $0.requestBody = 10 }) { gate in
            #expect(try gate.send("POST", "http://allowed.test/", body: "0123456789").status == 200)
            let socket = try gate.connect()
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 11"
            let body = isChunked ? "b\r\n01234567890\r\n0\r\n\r\n" : "01234567890"
            try socket.write("POST http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\(framing)\r\n\r\n\(body)")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 413)
            #expect(answer["yett-reason"] == "request_too_large")
            #expect(!upstream.text.contains("01234567890"))
        }
    }

    @Test("dns_answers: no more addresses are tried")
    func addressesTried() async throws {
        var options = try Self.options { $0.addressesTried = 2 }
        options.resolver = ScriptedResolver(records: [
            "allowed.test": [["A 203.0.114.10", "A 203.0.114.11", "A 203.0.114.12"]]
        ])
        try await withGate(options) { gate in
            let answer = try gate.askForTunnel(to: "allowed.test:443").answer
            #expect(answer["yett-reason"] == "upstream_unreachable")
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 443", "203.0.114.11 port 443"])
        }
    }

    @Test("idle_upstreams and idle_upstream_time: unused connections are given up")
    func idleUpstreams() async throws {
        let upstream = UpstreamServer.http()
        try await withGate(Self.options(upstream) { $0.idleUpstreams = 0 }) { gate in
            let socket = try gate.connect()
            for _ in 0..<3 { #expect(try gate.get("http://allowed.test/", on: socket).status == 200) }
            #expect(upstream.connectionCount == 3)
        }
        let second = UpstreamServer.http()
        try await withGate(Self.options(second) { _ in }) { gate in
            let status = try gate.get("http://allowed.test/").status
            #expect(status == 200)
            try await gate.advance(seconds: 31)
            try await gate.passSweep()
            let later = try gate.get("http://allowed.test/").status
            #expect(later == 200)
            #expect(second.connectionCount == 2)
        }
    }
}
