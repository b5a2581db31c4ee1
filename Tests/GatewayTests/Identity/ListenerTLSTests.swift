// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Identity
import Testing
import Transport

/// TLS of egress listeners in a running gate: whose certificate it presents, and when a client's counts no longer.
@Suite struct ListenerTLSTests {
    private static func text(
        _ tls: String, to port: UInt16, identity: String = "", besides: String = ""
    ) -> String {
        """
        agents:
          coder:
            attest: [{x509: true}]
            grants: [{name: web, hosts: [web.test], ports: [\(port)], tls: any, require: {strength: 4}}]
        \(identity)
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [x509], tls: \(tls)}\(besides)]
          resolver: {hosts: {web.test: [127.0.0.1]}}
          exceptions: [{host: web.test, port: \(port), cidr: 127.0.0.1/32}]
        """
    }

    private static let identity = """
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          dns_names: [localhost]
          entries: [{id: /agent/coder, selectors: ["unix:uid:\(geteuid())"], hint: agent}]
        """

    private static let files =
        "{certificate: file:$DIRECTORY/gate.pem, key: file:$DIRECTORY/gate.key, client_ca: file:$DIRECTORY/ca.pem}"

    /// Asks for a tunnel with the certificate that was written as `name`, and goes on holding the connection.
    private static func tunnel(
        _ gate: RunningGate, as name: String, trusting authority: String, to port: UInt16, listener: UInt16? = nil
    ) throws -> Program {
        let base = gate.directory + "/" + name
        let program = try Program(
            "openssl",
            [
                "s_client", "-quiet", "-connect", "127.0.0.1:\(listener ?? gate.port)", "-verify_return_error",
                "-CAfile",
                gate.directory + "/" + authority, "-cert", base + ".pem", "-cert_chain", base + ".pem", "-key",
                base + ".key",
            ])
        try program.write("CONNECT web.test:\(port) HTTP/1.1\r\nHost: web.test:\(port)\r\n\r\n")
        return program
    }

    private static func answer(
        _ gate: RunningGate, as name: String, trusting authority: String, to port: UInt16, listener: UInt16? = nil
    ) throws -> String {
        try tunnel(gate, as: name, trusting: authority, to: port, listener: listener)
            .output(until: { $0.contains("\r\n\r\n") }, within: 30).text
    }

    private static func write(_ leaf: TestAuthority.Leaf, as name: String, in directory: String) throws {
        for (suffix, text) in [(".pem", leaf.certificate), (".key", leaf.key)] {
            guard
                FileManager.default.createFile(
                    atPath: directory + "/" + name + suffix, contents: Data(text.utf8),
                    attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    /// Writes what a listener presents and whom it trusts.
    private static func write(_ authority: TestAuthority, in directory: String) throws {
        try write(try authority.issue(dnsNames: ["gate.test"]), as: "gate", in: directory)
        try authority.pem.write(toFile: directory + "/ca.pem", atomically: true, encoding: .utf8)
    }

    @Test func `With svid the gate presents its own identity, and a revoked root ends what stands on it`() async throws
    {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        try await RunningGate.run(Self.text("svid", to: port, identity: Self.identity)) { gate throws in
            let identities = IdentityGate(gate: gate)
            let first = try identities.state()
            try identities.write("old", first.svid, first)
            #expect(try Self.answer(gate, as: "old", trusting: "bundle.pem", to: port).hasPrefix("HTTP/1.1 200 "))
            let decision = try #require(try gate.record("kind=decision"))
            #expect(decision.text("agent") == "spiffe://gate.test/agent/coder")
            #expect(decision.number("strength") == 4)

            let held = try Self.tunnel(gate, as: "old", trusting: "bundle.pem", to: port)
            #expect(try comesTrue { try gate.connections().count == 1 })
            let keys = try gate.ask("GET", "keys", for: KeyList.self).keys.filter { $0.kind == "x509" }
            let revoked = try #require(keys.first { $0.stage == "active" }?.id)
            func move(_ action: String, _ id: String) throws {
                let key = id.isEmpty ? "" : #","id":"\#(id)""#
                let answer = try gate.ask("POST", "keys", body: #"{"action":"\#(action)","kind":"x509"\#(key)}"#)
                #expect(answer.status == 200, "\(answer.text)")
            }
            try move("prepare", "")
            let all = try gate.ask("GET", "keys", for: KeyList.self).keys
            try move("activate", try #require(all.first { $0.kind == "x509" && $0.stage == "prepared" }?.id))
            let next = try identities.state()
            try identities.write("new", next.svid, next)
            try move("taint", revoked)
            #expect(try gate.connections().count == 1)
            #expect(try Self.answer(gate, as: "new", trusting: "bundle.pem", to: port).hasPrefix("HTTP/1.1 200 "))
            try move("revoke", revoked)
            #expect(try comesTrue(within: 20) { try gate.connections().isEmpty })
            held.stop()
            #expect(try gate.records("kind=connection_end").contains { $0.text("cause") == "identity_missing" })
            #expect(try !Self.answer(gate, as: "old", trusting: "bundle.pem", to: port).contains("HTTP/1.1"))
            #expect(try Self.answer(gate, as: "new", trusting: "bundle.pem", to: port).hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `Files that are replaced count without a restart, for open connections too`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let authority = try TestAuthority()
        let next = try TestAuthority("next")
        try await RunningGate.run(
            Self.text(Self.files, to: port), watchesFiles: true, prepare: { try Self.write(authority, in: $0) }
        ) { gate throws in
            let agent = ["spiffe://gate.test/agent/coder"]
            try Self.write(try authority.issue(uris: agent), as: "old", in: gate.directory)
            try Self.write(try next.issue(uris: agent), as: "new", in: gate.directory)
            #expect(try Self.answer(gate, as: "old", trusting: "ca.pem", to: port).hasPrefix("HTTP/1.1 200 "))
            #expect(try !Self.answer(gate, as: "new", trusting: "ca.pem", to: port).contains("HTTP/1.1"))
            let held = try Self.tunnel(gate, as: "old", trusting: "ca.pem", to: port)
            #expect(try comesTrue { try gate.connections().count == 1 })
            // The gate looks at its files itself.
            try Self.write(next, in: gate.directory)
            #expect(
                try comesTrue(within: 30) {
                    try Self.answer(gate, as: "new", trusting: "ca.pem", to: port).hasPrefix("HTTP/1.1 200 ")
                })
            #expect(try gate.status().lastReload?.needsRestart == [])
            #expect(try comesTrue(within: 20) { try gate.connections().isEmpty })
            held.stop()
            #expect(try !Self.answer(gate, as: "old", trusting: "ca.pem", to: port).contains("HTTP/1.1"))
            // A file that cannot be used leaves everything as it is.
            try "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".write(
                toFile: gate.directory + "/ca.pem", atomically: true, encoding: .utf8)
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!report.isAccepted)
            #expect(report.diagnostics.contains { $0.contains("tls: client_ca holds no PEM certificate") })
            try next.pem.write(toFile: gate.directory + "/ca2.pem", atomically: true, encoding: .utf8)
            #expect(try Self.answer(gate, as: "new", trusting: "ca2.pem", to: port).hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `Listeners whose ports the system chooses keep their own material, also after a reload`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let one = try TestAuthority("one")
        let two = try TestAuthority("two")
        let second = Self.files.replacing("gate.", with: "gate2.").replacing("ca.pem", with: "ca2.pem")
        let text = Self.text(
            Self.files, to: port, besides: #", {address: "127.0.0.1:0", identify: [x509], tls: \#(second)}"#)
        try await RunningGate.run(text) { directory in
            try Self.write(one, in: directory)
            try Self.write(try two.issue(dnsNames: ["gate.test"]), as: "gate2", in: directory)
            try two.pem.write(toFile: directory + "/ca2.pem", atomically: true, encoding: .utf8)
        } _: { gate throws in
            let agent = ["spiffe://gate.test/agent/coder"]
            try Self.write(try one.issue(uris: agent), as: "one", in: gate.directory)
            try Self.write(try two.issue(uris: agent), as: "two", in: gate.directory)
            let ports = gate.listeners.compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } }
            #expect(ports.count == 2)
            for _ in 0..<2 {
                for (name, authority, place) in [("one", "ca.pem", ports[0]), ("two", "ca2.pem", ports[1])] {
                    let good = try Self.answer(gate, as: name, trusting: authority, to: port, listener: place)
                    #expect(good.hasPrefix("HTTP/1.1 200 "))
                    let other = name == "one" ? "two" : "one"
                    #expect(
                        try !Self.answer(gate, as: other, trusting: authority, to: port, listener: place)
                            .contains("HTTP/1.1"))
                }
                #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            }
        }
    }

    @Test func `Files that do not belong together are found before the start, and by a check`() async throws {
        let authority = try TestAuthority()
        let text = Self.text(Self.files, to: 443)
        let failure = try await RunningGate.failure(text) { directory in
            try Self.write(authority, in: directory)
            try Self.write(try authority.issue(dnsNames: ["other.test"]), as: "other", in: directory)
            try FileManager.default.removeItem(atPath: directory + "/gate.key")
            try FileManager.default.moveItem(atPath: directory + "/other.key", toPath: directory + "/gate.key")
            let check = ConfigurationCheck.run(path: directory + "/yett.yaml")
            #expect(!check.isUsable)
            #expect(check.diagnostics.contains { $0.hasSuffix("tls: key does not belong to the certificate") })
        }
        #expect(failure?.lines.contains { $0.hasSuffix("tls: key does not belong to the certificate") } == true)
        let leaf = try authority.issue(dnsNames: ["gate.test"])
        let other = try await RunningGate.failure(text) { directory in
            try Self.write(authority, in: directory)
            try leaf.certificate.write(toFile: directory + "/ca.pem", atomically: true, encoding: .utf8)
        }
        #expect(other?.lines.contains { $0.contains("client_ca holds a certificate that vouches for nobody") } == true)
    }
}
