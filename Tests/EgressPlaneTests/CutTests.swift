// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import EgressPlane
import Foundation
import GateSupport
import Identity
import Testing

@Suite("Cuts and drains") struct CutTests {
    private static func options(_ upstream: UpstreamServer) throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test").openTunnel])
        options.lead(to: upstream)
        return options
    }

    /// Sends as long as anybody takes it.
    private static func fountain() -> UpstreamServer {
        UpstreamServer { connection in
            let piece = [UInt8](repeating: 7, count: 1 << 14)
            while true { try connection.write(piece, within: 60) }
        }
    }

    @Test("a cut ends tunnel and destination, and is recorded with its reason")
    func cut() async throws {
        let upstream = Self.fountain()
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            _ = try tunnel.readSome()
            #expect(gate.registry.count == 1)
            let live = try #require(gate.registry.all().first)
            #expect(live.facts.identity?.id.description == "spiffe://gate.test/agent/tester")
            #expect(live.facts.destination.host.description == "allowed.test")
            #expect(gate.registry.cut(where: { _ in true }, CutReason(.operatorCut, detail: "by test")) == 1)
            #expect(tunnel.readToEnd().ending != .stillOpen)
            #expect(await gate.becomesIdle())
            let end = try await gate.ends().first
            #expect(end?.text("cause") == "operator_cut")
            #expect(end?.text("detail") == "by test")
            #expect((end?.number("bytes_down") ?? 0) > 0)
        }
    }

    @Test("a cut of a request under way ends it in the middle")
    func cutExchange() async throws {
        let end = Latch()
        defer { end.open() }
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart")
            end.wait(within: 120)
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
            _ = try socket.read(through: "part")
            gate.registry.cut(where: { _ in true }, CutReason(.operatorCut))
            #expect(socket.readToEnd().ending == .reset)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("a cut of many live tunnels ends all of them and nothing else")
    func cutMany() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let tunnels = try (0..<100).map { _ in try gate.openTunnel() }
            #expect(gate.registry.count == 100)
            let kept = try #require(gate.registry.all().first).connection
            #expect(gate.registry.cut(where: { $0.connection != kept }, CutReason(.operatorCut)) == 99)
            #expect(await eventually { gate.registry.count == 1 })
            var open = 0
            for tunnel in tunnels {
                guard (try? tunnel.write("x")) != nil, let bytes = try? tunnel.readSome(), !bytes.isEmpty else {
                    continue
                }
                open += 1
            }
            #expect(open == 1)
        }
    }

    @Test("quarantine refuses the next request")
    func quarantine() async throws {
        let upstream = UpstreamServer.http()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            #expect(try gate.get("http://allowed.test/", on: socket).status == 200)
            let id = try #require(gate.authorizer.snapshot.agents.agents.first?.id)
            gate.authorizer.quarantine(id, why: "test")
            let answer = try gate.get("http://allowed.test/", on: socket)
            #expect(answer.status == 403)
            #expect(answer["yett-reason"] == "quarantined")
        }
    }

    @Test("a drain takes no new connection, refuses new requests, and lets what is open finish")
    func drain() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            let waiting = try gate.connect()
            #expect(await eventually { gate.plane.openConnections == 2 })
            async let drained: Void = gate.plane.drain(grace: .seconds(30))
            #expect(await eventually { (try? gate.connect()) == nil })
            // Who was let in last could not know, and is served a moment longer.
            #expect(await eventually { gate.plane.isDraining })
            let refused = try gate.askForTunnel(to: "allowed.test:443", on: waiting).answer
            #expect(refused.status == 503)
            #expect(refused["yett-reason"] == "draining")
            try tunnel.write("still here")
            #expect(try tunnel.read(exactly: 10) == Array("still here".utf8))
            tunnel.close()
            await drained
            #expect(gate.registry.count == 0)
        }
    }

    @Test("a drain whose grace is over cuts what is still open")
    func drainCuts() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            await gate.plane.drain(grace: .milliseconds(50))
            #expect(tunnel.readToEnd().ending != .stillOpen)
            #expect(await gate.becomesIdle())
            #expect(try await gate.ends().map { $0.text("cause") } == ["draining"])
        }
    }
}
