// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import GateSupport
import Resolver
import Testing

@Suite("CONNECT") struct TunnelTests {
    private static let records = [
        "allowed.test": [["A 203.0.114.10"]],
        "two.test": [["A 203.0.114.10", "A 203.0.114.11"]],
        "mixed.test": [["A 203.0.114.10", "A 10.0.0.5"]],
        "mapped.test": [["A 203.0.114.10", "AAAA ::ffff:10.0.0.5"]],
        "private.test": [["A 10.0.0.5"]],
        "own.test": [["A 127.0.0.1"]],
        "metadata.test": [["A 169.254.169.254"]],
    ]

    private static func options(_ upstream: UpstreamServer) throws -> GateOptions {
        let hosts = try Grant.test(
            "allowed.test", "two.test", "mixed.test", "mapped.test", "private.test", "own.test", "metadata.test",
            "missing.test"
        ).openTunnel
        var options = GateOptions(grants: [hosts], resolver: ScriptedResolver(records: records))
        options.lead(to: upstream)
        return options
    }

    @Test("relays bytes both ways to a granted host, and records the decision and the end")
    func relays() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write("ping")
            #expect(try tunnel.read(exactly: 4) == Array("ping".utf8))
            tunnel.close()
            #expect(await gate.becomesIdle())
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 443"])
            let decisions = try await gate.decisions()
            #expect(decisions.count == 1)
            #expect(decisions.first?.text("verdict") == "allow")
            #expect(decisions.first?.list("reasons") == ["granted"])
            #expect(decisions.first?.text("grant") == "test")
            #expect(decisions.first?.text("address") == "203.0.114.10")
            #expect(decisions.first?.text("agent") == "spiffe://gate.test/agent/tester")
            let ends = try await gate.ends()
            #expect(ends.count == 1)
            #expect(ends.first?.number("bytes_up") == 4)
            #expect(ends.first?.number("bytes_down") == 4)
            #expect(ends.first?.text("cause") == "closed")
            #expect(ends.first?.text("decision") == decisions.first?.text("decision"))
        }
    }

    @Test(
        "refuses what no grant covers with its own reason, asks no name service and dials nothing",
        arguments: [
            ("denied.test:443", "host_not_granted"), ("sub.allowed.test:443", "host_not_granted"),
            ("allowed.test:25", "port_not_granted"), ("8.8.8.8:443", "host_not_granted"),
            ("[2606:4700:4700::1111]:443", "host_not_granted"),
        ])
    func denies(_ target: String, _ reason: String) async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let (_, answer) = try gate.askForTunnel(to: target)
            #expect(answer.status == 403)
            #expect(answer["yett-reason"] == reason)
            #expect(answer["content-type"] == "application/problem+json")
            let problem = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            #expect(problem["type"] as? String == "urn:yett:problem:\(reason)")
            #expect(problem["reason"] as? String == reason)
            #expect((problem["title"] as? String)?.isEmpty == false)
            #expect(problem["decision"] as? String == answer["yett-decision"])
            #expect((problem["grant"] as? String)?.contains("host") == true)
            #expect(try gate.script.queryCount == 0)
            #expect(gate.dials.dials.isEmpty)
            let decisions = try await gate.decisions()
            #expect(decisions.map { $0.list("reasons") } == [[reason]])
            #expect(decisions.first?.text("decision") == answer["yett-decision"])
        }
    }

    @Test(
        "refuses a name when one of its answers may not be dialled",
        arguments: ["mixed.test", "mapped.test", "private.test", "own.test", "metadata.test"])
    func forbiddenAnswer(_ host: String) async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let (_, answer) = try gate.askForTunnel(to: "\(host):443")
            #expect(answer.status == 403)
            #expect(answer["yett-reason"] == "address_forbidden")
            #expect(gate.dials.dials.isEmpty)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["address_forbidden"]])
        }
    }

    @Test("tries the next judged address when one refuses the connection")
    func triesNextAddress() async throws {
        let upstream = UpstreamServer.echo()
        let port = upstream.port
        var options = try Self.options(upstream)
        options.route = { $0.address == IPAddress("203.0.114.11") ? port : nil }
        try await withGate(options) { gate in
            let tunnel = try gate.openTunnel(to: "two.test:443")
            try tunnel.write("x")
            #expect(try tunnel.read(exactly: 1) == Array("x".utf8))
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 443", "203.0.114.11 port 443"])
        }
    }

    @Test("looks a name up once, and never again for the addresses that it dials")
    func resolvesOnce() async throws {
        var options = GateOptions(
            grants: [try Grant.test("allowed.test").openTunnel],
            resolver: ScriptedResolver(records: ["allowed.test": [["A 203.0.114.10 ttl=0"], ["A 169.254.169.254"]]]))
        options.route = { _ in nil }
        try await withGate(options) { gate in
            let first = try gate.askForTunnel(to: "allowed.test:443").answer
            #expect(first["yett-reason"] == "upstream_unreachable")
            let second = try gate.askForTunnel(to: "allowed.test:443").answer
            #expect(second["yett-reason"] == "address_forbidden")
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 443"])
        }
    }

    @Test(
        "an exception holds for its host, its port and its block together",
        arguments: [
            ("private.test:443", "200"), ("private.test:80", "address_forbidden"),
            ("mixed.test:443", "address_forbidden"), ("own.test:443", "address_forbidden"),
        ])
    func exceptions(_ target: String, _ outcome: String) async throws {
        let upstream = UpstreamServer.echo()
        var options = try Self.options(upstream)
        options.exceptions = [try AddressException(host: "private.test", port: "443", block: "10.0.0.0/24")]
        try await withGate(options) { gate in
            let (_, answer) = try gate.askForTunnel(to: target)
            #expect((answer["yett-reason"] ?? "\(answer.status)") == outcome)
        }
    }

    @Test("refuses its own listener even where an exception unlocks loopback")
    func ownListener() async throws {
        var options = GateOptions(agents: [])
        options.exceptions = []
        try await withGate(options) { gate in
            var own = GateOptions(
                grants: [
                    try Grant.test("own.test").openTunnel.with { $0.ports = PortSet([gate.port...gate.port]) }
                ])
            own.exceptions = [
                try AddressException(host: "own.test", port: "\(gate.port)", block: "203.0.114.0/24"),
                try AddressException(host: "127.0.0.1", port: "\(gate.port)", block: "127.0.0.0/8"),
            ]
            own.agents[0].grants.append(
                try Grant.test("127.0.0.1", name: "loop").openTunnel.with {
                    $0.ports = PortSet([gate.port...gate.port])
                })
            try gate.reload(own)
            let (_, answer) = try gate.askForTunnel(to: "127.0.0.1:\(gate.port)")
            #expect(answer["yett-reason"] == "address_forbidden")
            #expect(answer.text.contains("itself listens"))
            #expect(gate.dials.dials.isEmpty)
        }
    }
}
