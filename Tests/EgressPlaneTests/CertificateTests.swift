// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import EgressPlane
import Foundation
import GateSupport
import Identity
import PKI
import Testing
import Transport

@Suite("Client certificates") struct CertificateTests {
    private static let agent = "spiffe://gate.test/agent/certified"

    private static func options(_ authority: TestAuthority, _ upstream: UpstreamServer) throws -> GateOptions {
        var agent = AgentSetup(
            "certified", grants: [try Grant.test("allowed.test").with { $0.requirement.strength = 4 }.openTunnel])
        agent.allowsCertificate = true
        var options = GateOptions(agents: [agent])
        options.identification = .certificate
        options.tls = SVIDServerTLS(try material(authority, trusting: authority))
        options.lead(to: upstream)
        return options
    }

    private static func material(_ authority: TestAuthority, trusting other: TestAuthority) throws -> TLSMaterial {
        let server = try authority.issue(dnsNames: ["gate.test"], addresses: [[127, 0, 0, 1]])
        return try .files(
            certificate: Array(server.certificate.utf8), key: Array(server.key.utf8),
            clientAuthorities: Array(try other.pem.utf8), trustDomain: TrustDomain(parsing: "gate.test"))
    }

    /// Runs `openssl s_client` against the gate.
    private static func client(
        _ gate: GateHarness, _ authority: TestAuthority, _ leaf: TestAuthority.Leaf?, arguments: [String] = [],
        request: String
    ) throws -> String {
        try program(gate, authority, leaf, arguments: arguments, request: request)
            .output(until: { $0.contains("\r\n\r\n") }).text
    }

    private static func program(
        _ gate: GateHarness, _ authority: TestAuthority, _ leaf: TestAuthority.Leaf?, arguments: [String] = [],
        request: String
    ) throws -> Program {
        let folder = gate.directory
        try authority.pem.write(toFile: folder + "/ca.pem", atomically: true, encoding: .utf8)
        var all = ["s_client", "-quiet", "-connect", "127.0.0.1:\(gate.port)", "-CAfile", folder + "/ca.pem"]
        if let leaf {
            let name = folder + "/leaf-\(leaf.key.hashValue)"
            try leaf.certificate.write(toFile: name + ".pem", atomically: true, encoding: .utf8)
            try leaf.key.write(toFile: name + ".key", atomically: true, encoding: .utf8)
            all += ["-cert", name + ".pem", "-key", name + ".key"]
        }
        let program = try Program("openssl", all + arguments)
        try program.write(request)
        return program
    }

    private static let tunnel = "CONNECT allowed.test:443 HTTP/1.1\r\nHost: allowed.test:443\r\n\r\n"

    @Test("identify the agent whose SPIFFE ID they carry, with strength 4")
    func identifies() async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        try await withGate(Self.options(authority, upstream)) { gate in
            let leaf = try authority.issue(uris: [Self.agent])
            let answer = try Self.client(gate, authority, leaf, request: Self.tunnel)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            let decision = try await gate.decisions().first
            #expect(decision?.text("agent") == Self.agent)
            #expect(decision?.text("proof") == "x509-svid")
            #expect(decision?.number("strength") == 4)
        }
    }

    @Test(
        "that name no agent identify nobody",
        arguments: [["spiffe://gate.test/agent/other"], ["spiffe://gate.test/agent/certified/more"]])
    func otherNames(_ uris: [String]) async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        try await withGate(Self.options(authority, upstream)) { gate in
            let leaf = try authority.issue(uris: uris, dnsNames: ["certified.gate.test"])
            let answer = try Self.client(gate, authority, leaf, request: Self.tunnel)
            #expect(answer.hasPrefix("HTTP/1.1 403 "))
            #expect(answer.contains("Yett-Reason: identity_missing"))
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test(
        "that are of another trust domain, or name no or more than one identity, do not get as far as a request",
        arguments: [
            ["spiffe://other.test/agent/certified"], [], [agent, "spiffe://gate.test/agent/other"], [agent, agent],
            ["https://gate.test/agent/certified"], ["spiffe://gate.test/agent/certified/"],
            ["SPIFFE://gate.test/agent/certified"],
        ])
    func noIdentity(_ uris: [String]) async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        try await withGate(Self.options(authority, upstream)) { gate in
            let leaf = try authority.issue(uris: uris, dnsNames: ["certified.gate.test"])
            #expect(!(try Self.client(gate, authority, leaf, request: Self.tunnel)).contains("HTTP/1.1"))
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("that are expired, not yet valid, from another authority or absent do not get as far as a request")
    func refusedHandshakes() async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        let stranger = try TestAuthority()
        let leaves: [TestAuthority.Leaf?] = [
            try authority.issue(uris: [Self.agent], validity: -7200 ... -3600),
            try authority.issue(uris: [Self.agent], validity: 3600...7200), try stranger.issue(uris: [Self.agent]), nil,
        ]
        try await withGate(Self.options(authority, upstream)) { gate in
            for leaf in leaves {
                let answer = try Self.client(gate, authority, leaf, request: Self.tunnel)
                #expect(!answer.contains("HTTP/1.1"))
            }
            #expect(gate.dials.dials.isEmpty)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("are verified again when a client brings a session back, and count no longer once they or the agent are gone")
    func resumption() async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        let options = try Self.options(authority, upstream)
        try await withGate(options) { gate in
            let leaf = try authority.issue(uris: [Self.agent], validity: -3600...600)
            let session = gate.directory + "/session"
            let first = try Self.client(
                gate, authority, leaf, arguments: ["-sess_out", session], request: Self.tunnel)
            #expect(first.hasPrefix("HTTP/1.1 200 "))
            let isKept = FileManager.default.fileExists(atPath: session)
            let resume = isKept ? ["-sess_in", session] : []
            let second = try Self.client(gate, authority, leaf, arguments: resume, request: Self.tunnel)
            #expect(second.hasPrefix("HTTP/1.1 200 "))
            var without = options
            without.agents = [AgentSetup("other", grants: [])]
            try gate.reload(without)
            let deleted = try Self.client(gate, authority, leaf, arguments: resume, request: Self.tunnel)
            #expect(deleted.hasPrefix("HTTP/1.1 403 ") && deleted.contains("Yett-Reason: identity_missing"))
            try gate.reload(options, revision: 3)
            // A certificate's dates are whole seconds, and the last one belongs to it.
            try await gate.advance(seconds: 610)
            let third = try Self.client(gate, authority, leaf, arguments: resume, request: Self.tunnel)
            #expect(!third.hasPrefix("HTTP/1.1 200 "))
            let agents = try await gate.decisions().map { $0.text("agent") ?? "-" }
            #expect(agents == [Self.agent, Self.agent, "-", "-"])
        }
    }

    /// What makes a certificate worthless while its bearer is connected.
    enum Loss: CaseIterable, Sendable {
        case expiry, otherAuthority
    }

    @Test(
        "no longer carry a tunnel once they have expired or their authority is trusted no more",
        arguments: Loss.allCases)
    func tunnelEnds(_ loss: Loss) async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        let options = try Self.options(authority, upstream)
        try await withGate(options) { gate in
            let leaf = try authority.issue(uris: [Self.agent], validity: -3600...600)
            let program = try Self.program(gate, authority, leaf, request: Self.tunnel)
            #expect(await eventually { gate.registry.count == 1 })
            try await gate.advance(seconds: 3)
            try await gate.passSweep()
            #expect(gate.registry.count == 1)
            switch loss {
            case .expiry: try await gate.advance(seconds: 610)
            case .otherAuthority:
                options.tls?.replace(try Self.material(try TestAuthority("next"), trusting: TestAuthority("other")))
                try await gate.advance(seconds: 3)
            }
            #expect(await gate.becomesIdle())
            program.stop()
            let end = try await gate.ends().first
            #expect(end?.text("cause") == "identity_missing")
            #expect(!(try Self.client(gate, authority, leaf, request: Self.tunnel)).contains("HTTP/1.1 200"))
        }
    }

    @Test("are verified with other files as soon as these are in place, and the gate presents its other one")
    func otherFiles() async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        let next = try TestAuthority("next")
        let options = try Self.options(authority, upstream)
        try await withGate(options) { gate in
            let old = try authority.issue(uris: [Self.agent])
            let new = try next.issue(uris: [Self.agent])
            #expect(try Self.client(gate, authority, old, request: Self.tunnel).hasPrefix("HTTP/1.1 200 "))
            #expect(!(try Self.client(gate, authority, new, request: Self.tunnel)).contains("HTTP/1.1"))
            options.tls?.replace(try Self.material(next, trusting: next))
            #expect(!(try Self.client(gate, next, old, request: Self.tunnel)).contains("HTTP/1.1"))
            let verified = ["-verify_return_error", "-verify", "3"]
            #expect(
                try Self.client(gate, next, new, arguments: verified, request: Self.tunnel)
                    .hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("a client that speaks plainly to the TLS listener is dropped")
    func plain() async throws {
        let upstream = UpstreamServer.echo()
        let authority = try TestAuthority()
        try await withGate(Self.options(authority, upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(Self.tunnel)
            #expect(socket.readToEnd().ending != .stillOpen)
            #expect(await gate.becomesIdle())
        }
    }
}
