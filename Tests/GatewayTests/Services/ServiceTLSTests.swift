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
import Testing

/// TLS on both sides of the service proxy: agents with certificates in front, services with names or identities behind.
@Suite struct ServiceTLSTests {
    private static let identity = """
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          dns_names: [localhost]
          entries:
            - {id: /agent/bot, selectors: ["unix:uid:\(geteuid())"], hint: agent}
            - {id: /tool/tickets, selectors: ["unix:uid:\(geteuid())"], hint: tool}
        """

    private static func text(to port: UInt16, service: String, scheme: String = "https") -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, methods: [GET], schemes: [\(scheme)]}]",
            service: service + ServiceGate.credential, listener: "identify: [x509], tls: svid",
            attest: "{x509: true}", sections: identity)
    }

    /// Asks for a ticket with the certificate that was written as `agent`.
    private static func ask(
        _ gate: RunningGate, as name: String? = "agent", _ arguments: [String] = []
    ) throws -> String {
        var all = [
            "-sS", "--max-time", "20", "--cacert", gate.directory + "/bundle.pem", "-w",
            " %{http_code} %{http_version}",
        ]
        if let name {
            all += ["--cert", "\(gate.directory)/\(name).pem", "--key", "\(gate.directory)/\(name).key"]
        }
        all += arguments + ["https://localhost:\(gate.port)/s/tickets/tickets"]
        return try Program("curl", all, keepsErrors: true).outcome().text
    }

    @Test func `Agents are known by their certificates, over HTTP/2 and HTTP/1.1`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(to: upstream.port, service: "", scheme: "http"), prepare: ServiceGate.prepare
        ) {
            gate throws in
            _ = try IdentityGate(gate: gate).fetch()
            #expect(try Self.ask(gate) == "hello 200 2")
            #expect(try Self.ask(gate, ["--http1.1"]) == "hello 200 1.1")
            #expect(upstream.text.contains("\r\nAuthorization: Bearer \(ServiceGate.key)\r\n"))
            let decision = try #require(try gate.record("kind=decision"))
            #expect(decision.text("agent") == "spiffe://gate.test/agent/bot")
            #expect(decision.number("strength") == 4)
            // The tool is no agent, and without a certificate there is no handshake.
            #expect(try Self.ask(gate, as: "tool").hasSuffix(" 403 2"))
            #expect(try !Self.ask(gate, as: nil).contains("hello"))
            #expect(upstream.text.components(separatedBy: "GET /tickets").count == 3)
        }
    }

    @Test func `A service is who its certificate says, and nobody else is given the key`() async throws {
        let authority = try TestAuthority()
        let upstream = try await SecureServer(try authority.issue(dnsNames: ["tickets.test"])) { _ in .ok("hello") }
        let stranger = try await SecureServer(try TestAuthority("next").issue(dnsNames: ["tickets.test"])) { _ in
            .ok("hello")
        }
        try await RunningGate.run(
            Self.text(to: upstream.port, service: ", tls: web, ca: $DIRECTORY/ca.pem"),
            prepare: {
                try ServiceGate.prepare($0)
                try ServiceGate.write(try authority.pem, as: "ca.pem", in: $0)
            }
        ) { gate throws in
            _ = try IdentityGate(gate: gate).fetch()
            #expect(try Self.ask(gate) == "hello 200 2")
            #expect(upstream.requests.count == 1)
            #expect(upstream.requests.first?.contains("Authorization: Bearer \(ServiceGate.key)\r\n") == true)
            let decision = try #require(try gate.record("kind=decision")?.text("decision"))
            let explanation = try gate.ask("GET", "decisions/\(decision)", for: DecisionExplanation.self)
            #expect(explanation.now?.verdict == "allow", "\(explanation)")
            func reload(_ port: UInt16, _ service: String) throws {
                try gate.rewrite(Self.text(to: port, service: service))
                let report = try gate.ask("POST", "reload", for: ReloadReport.self)
                #expect(report.isAccepted, "\(report.diagnostics)")
            }
            try reload(upstream.port, ", tls: web, ca: $DIRECTORY/ca.pem, server_name: books.test")
            #expect(try Self.ask(gate).hasSuffix(" 502 2"))
            try reload(stranger.port, ", tls: web, ca: $DIRECTORY/ca.pem")
            #expect(try Self.ask(gate).hasSuffix(" 502 2"))
            try reload(upstream.port, ", tls: web")
            #expect(try Self.ask(gate).hasSuffix(" 502 2"))
            try reload(upstream.port, ", tls: svid, spiffe_id: \"spiffe://gate.test/tool/tickets\"")
            #expect(try Self.ask(gate).hasSuffix(" 502 2"))
            #expect(upstream.requests.count == 1)
            #expect(stranger.requests.isEmpty)
        }
    }

    @Test func `A service with an identity is known by it`() async throws {
        try await RunningGate.run(Self.text(to: 9, service: ""), prepare: ServiceGate.prepare) { gate throws in
            _ = try IdentityGate(gate: gate).fetch()
            let free = UpstreamServer.http()
            let port = free.port
            free.stop()
            let base = gate.directory + "/tool"
            let server = try Program(
                "openssl",
                [
                    "s_server", "-quiet", "-www", "-accept", "127.0.0.1:\(port)", "-cert", base + ".pem", "-cert_chain",
                    base + ".pem", "-key", base + ".key", "-tls1_3", "-alpn", "http/1.1",
                ])
            defer { server.stop() }
            #expect(comesTrue { (try? RawSocket.connect(port: port)) != nil })
            func reload(_ id: String) throws {
                try gate.rewrite(Self.text(to: port, service: ", tls: svid, spiffe_id: \"\(id)\""))
                let report = try gate.ask("POST", "reload", for: ReloadReport.self)
                #expect(report.isAccepted, "\(report.diagnostics)")
            }
            try reload("spiffe://gate.test/tool/tickets")
            #expect(try Self.ask(gate).hasSuffix(" 200 2"))
            try reload("spiffe://gate.test/tool/books")
            #expect(try Self.ask(gate).hasSuffix(" 502 2"))
        }
    }
}
