// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import EgressPlane
import GateSupport
import Resolver
import Testing
import Transport

@Suite("SOCKS5") struct SOCKSTests {
    private static func options(_ upstream: UpstreamServer, _ grants: [Grant]? = nil) throws -> GateOptions {
        let grants = try grants ?? [Grant.test("allowed.test", "203.0.114.10").openTunnel]
        var options = GateOptions(grants: grants)
        options.lead(to: upstream)
        return options
    }

    private static func request(_ command: UInt8 = 1, name: String, port: UInt16) -> [UInt8] {
        [5, command, 0, 3, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(port >> 8), UInt8(port & 255)]
    }

    private static func greet(_ gate: GateHarness) throws -> RawSocket {
        let socket = try gate.connect()
        try socket.write([5, 1, 0])
        #expect(try socket.read(exactly: 2) == [5, 0])
        return socket
    }

    @Test("opens a tunnel to a granted name that the client did not resolve")
    func opens() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try Self.greet(gate)
            try socket.write(Self.request(name: "Allowed.test", port: 443))
            #expect(try socket.read(exactly: 10)[1] == 0)
            try socket.write("hello")
            #expect(try socket.read(exactly: 5) == Array("hello".utf8))
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 443"])
            #expect(try await gate.decisions().map { $0.text("host") } == ["allowed.test"])
        }
    }

    @Test("takes everything in one write and byte by byte", arguments: [1, 1000])
    func pieces(_ size: Int) async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            var rest = ([5, 1, 0] + Self.request(name: "allowed.test", port: 443) + Array("hello".utf8))[...]
            while !rest.isEmpty {
                try socket.write(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(try socket.read(exactly: 17).suffix(5) == Array("hello".utf8))
        }
    }

    @Test(
        "refuses with the reply that says why",
        arguments: [
            (request(name: "denied.test", port: 443), UInt8(2), "host_not_granted"),
            (request(name: "allowed.test", port: 25), 2, "port_not_granted"),
            ([5, 1, 0, 1, 10, 0, 0, 5, 1, 187], 2, "host_not_granted"),
            ([5, 1, 0, 4] + [UInt8](repeating: 0, count: 15) + [1, 1, 187], 2, "host_not_granted"),
            (request(2, name: "allowed.test", port: 443), 7, "protocol_violation"),
            (request(3, name: "allowed.test", port: 443), 7, "protocol_violation"),
            ([5, 1, 0, 9, 1, 1], 8, "protocol_violation"),
            (request(name: "allowed.test\0x", port: 443), 1, "protocol_violation"),
        ])
    func refuses(_ request: [UInt8], _ reply: UInt8, _ reason: String) async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try Self.greet(gate)
            try socket.write(request)
            let answer = try socket.read(exactly: 10)
            if reply != 1 { #expect(answer[1] == reply) } else { #expect(answer[1] != 0) }
            #expect(socket.readToEnd().ending != .stillOpen)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [[reason]])
            #expect(try gate.script.queryCount == 0)
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("judges a literal address like any other")
    func literal() async throws {
        let upstream = UpstreamServer.echo()
        let grants = [try Grant.test("203.0.114.10", "10.0.0.5").openTunnel]
        try await withGate(Self.options(upstream, grants)) { gate in
            let socket = try Self.greet(gate)
            try socket.write([5, 1, 0, 1, 203, 0, 114, 10, 1, 187])
            #expect(try socket.read(exactly: 10)[1] == 0)
            let other = try Self.greet(gate)
            try other.write([5, 1, 0, 1, 10, 0, 0, 5, 1, 187])
            #expect(try other.read(exactly: 10)[1] == 2)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["granted"], ["address_forbidden"]])
        }
    }

    @Test("compares the server name in its tunnels, too")
    func serverName() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream, [try Grant.test("allowed.test")])) { gate in
            let socket = try Self.greet(gate)
            try socket.write(Self.request(name: "allowed.test", port: 443))
            #expect(try socket.read(exactly: 10)[1] == 0)
            try socket.write(ClientHelloBytes(name: "denied.test").bytes)
            #expect(GateHarness.alert(in: socket.readToEnd().bytes) == 112)
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("takes an agent's token as the password")
    func password() async throws {
        let upstream = UpstreamServer.echo()
        var agent = AgentSetup("token-agent", grants: [try Grant.test("allowed.test").openTunnel])
        agent.tokens = ["secret-token"]
        var options = GateOptions(agents: [agent])
        options.identification = .token
        options.lead(to: upstream)
        try await withGate(options) { gate in
            for (token, isGood) in [("secret-token", true), ("wrong", false)] {
                let socket = try gate.connect()
                try socket.write([5, 2, 0, 2])
                #expect(try socket.read(exactly: 2) == [5, 2])
                try socket.write([1, 1, 120, UInt8(token.utf8.count)] + Array(token.utf8))
                #expect(try socket.read(exactly: 2) == [1, 0])
                try socket.write(Self.request(name: "allowed.test", port: 443))
                #expect(try socket.read(exactly: 10)[1] == (isGood ? 0 : 2))
            }
            #expect(
                try await gate.decisions().map { $0.list("reasons") } == [["granted"], ["identity_token_unknown"]])
        }
    }

    @Test("refuses a greeting without a method that it takes")
    func noMethod() async throws {
        try await withGate(GateOptions(grants: [try Grant.test("allowed.test")])) { gate in
            let socket = try gate.connect()
            try socket.write([5, 1, 1])
            #expect(try socket.read(exactly: 2) == [5, 0xff])
            #expect(socket.readToEnd().ending != .stillOpen)
        }
    }

    @Test("is refused on a listener for HTTP, and HTTP on a listener for SOCKS5")
    func protocols() async throws {
        var options = GateOptions(grants: [try Grant.test("allowed.test")])
        options.protocols = .http
        try await withGate(options) { gate in
            let socket = try gate.connect()
            try socket.write([5, 1, 0])
            socket.finishWriting()
            #expect(!socket.readToEnd().bytes.starts(with: [5]))
        }
        options.protocols = .socks5
        try await withGate(options) { gate in
            let (_, answer) = try gate.askForTunnel(to: "allowed.test:443")
            #expect(answer.status == 400)
            #expect(answer["yett-reason"] == "protocol_violation")
        }
    }
}
