// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Identity
import Protocols
import Storage
import Synchronization
import Testing

/// Gates that tell one another, and a transmitter that is asked.
@Suite struct SignalExchangeTests {
    private static func freePort() -> UInt16 {
        let server = UpstreamServer.echo()
        defer { server.stop() }
        return server.port
    }

    private static func certificate(_ name: String, of authority: TestAuthority, in directory: String) throws {
        let leaf = try authority.issue(dnsNames: [name], profile: .server)
        try ServiceGate.write(leaf.certificate, as: "signals.pem", in: directory)
        try ServiceGate.write(leaf.key, as: "signals.key", in: directory)
        try ServiceGate.write(try authority.pem, as: "ca.pem", in: directory)
        try ServiceGate.write(SignalGate.bearer, as: "bearer", in: directory)
    }

    private static let tls = #"tls: {certificate: "file:$DIRECTORY/signals.pem", key: "file:$DIRECTORY/signals.key"}"#

    /// The gate that is told.
    private static func receiver(keys port: UInt16) -> String {
        Sample.tunnels(to: 1).replacing("web.test: [127.0.0.1]", with: "web.test: [127.0.0.1], b.test: [127.0.0.1]")
            + """

            signals:
              address: "127.0.0.1:0"
              \(tls)
              receivers:
                - name: b
                  issuer: https://localhost
                  audience: https://a.test/signals
                  keys_url: https://b.test:\(port)/.well-known/jwks.json
                  ca: "file:$DIRECTORY/ca.pem"
                  allow_private: true
                  people: [https://idp.test]
                  trust_domains: [gate.test]
                  push: {path: /signals/b, credential: "file:$DIRECTORY/bearer"}
            """
    }

    /// The gate that tells.
    private static func transmitter(_ port: UInt16, to other: UInt16) -> String {
        Sample.tunnels(to: 1).replacing("web.test: [127.0.0.1]", with: "web.test: [127.0.0.1], a.test: [127.0.0.1]")
            + """

            identity:
              source: embedded
              directory: $DIRECTORY/identity
              socket: $DIRECTORY/workload.sock
              endpoints: {address: "127.0.0.1:0", issuer: "https://localhost"}
              dns_names: [localhost]
            signals:
              address: "127.0.0.1:\(port)"
              \(tls)
              transmitter:
                streams:
                  - name: a
                    url: https://a.test:\(other)/signals/b
                    audience: https://a.test/signals
                    credential: "file:$DIRECTORY/bearer"
                    ca: "file:$DIRECTORY/ca.pem"
                    allow_private: true
            """
    }

    @Test(.timeLimit(.minutes(2)))
    func `What one gate stops, another one that listens to it stops, and does not tell it back`() async throws {
        let (authority, port) = (try TestAuthority(), Self.freePort())
        try await RunningGate.run(
            Self.receiver(keys: port), prepare: { try Self.certificate("a.test", of: authority, in: $0) }
        ) { first throws in
            try IdentityGate.waiting {
                try await RunningGate.run(
                    Self.transmitter(port, to: UInt16(clamping: first.signalPort)),
                    prepare: { directory in
                        try Self.certificate("b.test", of: authority, in: directory)
                        // An event waits that the last run could not deliver.
                        try FileManager.default.createDirectory(
                            atPath: directory + "/audit", withIntermediateDirectories: false,
                            attributes: [.posixPermissions: 0o700])
                        let person = try #require(PersonIdentifier(issuer: "https://idp.test", subject: "alice"))
                        let draft = SecurityEventDraft(.sessionRevoked, .person(person), time: TokenForge.now)
                        let claims = draft.payload(
                            issuer: "https://localhost", audience: "https://a.test/signals", tokenID: "waited",
                            issuedAt: TokenForge.now - 500_000)
                        let database = try StateDatabase(path: directory + "/audit/" + StateDatabase.fileName)
                        _ = try database.keep(
                            event: String(decoding: claims, as: UTF8.self), for: "a", limit: 10)
                    }
                ) { second throws in
                    #expect(
                        try comesTrue {
                            try first.ask("GET", "revocations", for: RevocationList.self).revocations.map(\.value)
                                == ["https://idp.test#alice"]
                        })
                    #expect(try second.ask("POST", "quarantine", body: #"{"agent":"bot","why":"odd"}"#).status == 200)
                    #expect(try comesTrue { try first.status().quarantines?.first?.by == "signal b" })
                    #expect(try second.ask("POST", "release", body: #"{"agent":"bot"}"#).status == 200)
                    let body = #"{"person":"https://idp.test#bob","why":"left"}"#
                    #expect(try second.ask("POST", "revocations", body: body).status == 201)
                    #expect(try comesTrue { try first.records("kind=security_event").count == 4 })
                    let records = try first.records("kind=security_event")
                    #expect(
                        records.map { $0.text("operation") } == [
                            "session-revoked", "risk-level-change", "risk-level-change", "session-revoked",
                        ])
                    #expect(records.allSatisfy { $0.text("cause") == "taken" })
                    // It stays in quarantine here until a person of this gate says otherwise.
                    #expect(try first.status().quarantined.count == 1)
                    let database = try StateDatabase(path: second.directory + "/audit/" + StateDatabase.fileName)
                    #expect(try comesTrue { try database.event(of: "a") == nil })
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `A transmitter that is asked gives its tokens, and is told what became of each`() async throws {
        let (authority, forge) = (try TestAuthority(), try TokenForge())
        let good = try SignalGate.token(forge, .sessionRevoked, SignalGate.person("alice"), id: "good")
        let later = try SignalGate.token(forge, .sessionRevoked, SignalGate.person("bob"), id: "later")
        let renamed = try SignalGate.token(forge, .sessionRevoked, SignalGate.person("carol"), id: "own")
        let round = Atomic<Int>(0)
        let server = try await SecureServer(try authority.issue(dnsNames: ["idp.test"], profile: .server)) { _ in
            switch round.add(1, ordering: .relaxed).oldValue {
            case 0:
                .ok(#"{"sets":{"good":"\#(good)","bad":"x.y.z","other":"\#(renamed)"},"moreAvailable":true}"#)
            case 1: .ok(#"{"sets":{"later":"\#(later)"}}"#)
            case 2: .ok(#"{"sets":{}}"#)
            case 3: SecureServer.Answer("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n")
            default: .ok(#"{"sets":{}}"#)
            }
        }
        let poll =
            #"poll: {url: "https://idp.test:\#(server.port)/poll", credential: "file:$DIRECTORY/bearer", interval: 1s}"#
        let text = Sample.tunnels(
            to: 1,
            limits: SignalGate.section(poll).replacing("address: \"127.0.0.1:0\"", with: "")
                .replacing(#"ca: "file:$DIRECTORY/bearer""#, with: #"ca: "file:$DIRECTORY/ca.pem""#)
        ).replacing("web.test: [127.0.0.1]", with: "web.test: [127.0.0.1], idp.test: [127.0.0.1]")
        try await RunningGate.run(
            text,
            prepare: { directory in
                try ServiceGate.write(SignalGate.bearer, as: "bearer", in: directory)
                try ServiceGate.write(forge.keySet, as: "idp.json", in: directory)
                try ServiceGate.write(try authority.pem, as: "ca.pem", in: directory)
            }
        ) { gate throws in
            #expect(comesTrue { server.requests.count >= 5 })
            let bodies = try server.requests.prefix(3).map { request in
                #expect(request.contains("Bearer \(SignalGate.bearer)"))
                return try JSONValue(parsing: request.components(separatedBy: "\r\n\r\n").last ?? "")
            }
            #expect(bodies[0]["ack"] == nil && bodies[0]["returnImmediately"]?.bool == true)
            #expect(bodies[1]["ack"]?.array?.map(\.string) == ["good"])
            #expect(bodies[1]["setErrs"]?["bad"]?["err"]?.string == "invalid_request")
            #expect(bodies[1]["setErrs"]?["other"]?["err"]?.string == "invalid_request")
            #expect(bodies[2]["ack"]?.array?.map(\.string) == ["later"] && bodies[2]["maxEvents"]?.number?.integer == 0)
            let list = try gate.ask("GET", "revocations", for: RevocationList.self).revocations
            #expect(Set(list.map(\.value)) == ["https://idp.test#alice", "https://idp.test#bob"])
        }
        await server.stop()
    }

    @Test func `Without keys of its own the gate tells nobody, and a short credential is none`() async throws {
        let text = Sample.tunnels(
            to: 1,
            limits: """
                signals:
                  transmitter:
                    streams:
                      - {name: a, url: "https://a.test/x", audience: a, credential: "file:$DIRECTORY/bearer"}
                """)
        let failure = try await RunningGate.failure(text) { try ServiceGate.write("short", as: "bearer", in: $0) }
        let lines = try #require(failure?.lines)
        #expect(lines.contains { $0.contains("identity.endpoints is missing") })
        #expect(lines.contains { $0.contains("16 to 4096 visible characters") })
    }
}
