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

@Suite("curl") struct CurlTests {
    private static func curl(_ server: NginxServer, _ arguments: [String]) throws -> Program.Outcome {
        let always = ["-sS", "--max-time", "100", "--noproxy", "", "--cacert", server.authorityFile]
        return try Program("curl", always + arguments, keepsErrors: true).outcome()
    }

    @Test(
        "reaches a granted host by CONNECT, absolute-form and SOCKS5",
        arguments: [
            ("http", "https://allowed.test/text"), ("http", "http://allowed.test/text"),
            ("socks5h", "https://allowed.test/text"), ("socks5h", "https://other.test/text"),
        ])
    func reaches(_ scheme: String, _ url: String) async throws {
        try await PeerGate.run { gate, server in
            let outcome = try Self.curl(server, ["--proxy", "\(scheme)://127.0.0.1:\(gate.port)", url])
            #expect(outcome.text == "hello from nginx")
            #expect(outcome.status == 0)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["granted"]])
        }
    }

    @Test("is told why a host is denied, and nothing is looked up")
    func denied() async throws {
        try await PeerGate.run { gate, server in
            let proxy = ["--proxy", "http://127.0.0.1:\(gate.port)"]
            let tunnel = try Self.curl(server, proxy + ["-v", "https://denied.test/"])
            #expect(tunnel.status == 56)
            #expect(tunnel.text.contains("Yett-Reason: host_not_granted"))
            let plain = try Self.curl(server, proxy + ["-i", "http://denied.test/"])
            #expect(plain.text.hasPrefix("HTTP/1.1 403 "))
            #expect(plain.text.contains("urn:yett:problem:host_not_granted"))
            let socks = try Self.curl(server, ["--proxy", "socks5h://127.0.0.1:\(gate.port)", "https://denied.test/"])
            #expect(socks.status == 97)
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("brings a large file down and up unharmed, on all ways", arguments: ["http://", "https://"])
    func large(_ scheme: String) async throws {
        let bytes = PeerGate.noise(20 << 20)
        try await PeerGate.run { gate, server in
            try server.offer(bytes, as: "large")
            for proxy in ["http", "socks5h"] where !(proxy == "socks5h" && scheme == "http://") {
                let outcome = try Self.curl(
                    server, ["--proxy", "\(proxy)://127.0.0.1:\(gate.port)", "\(scheme)allowed.test/large"])
                #expect(outcome.bytes == bytes)
            }
            #expect(await gate.becomesIdle())
            #expect(try await gate.ends().allSatisfy { ($0.number("bytes_down") ?? 0) > 20 << 20 })
        }
    }

    @Test("keeps its connection for many requests, and reads chunked answers")
    func keepAlive() async throws {
        try await PeerGate.run { gate, server in
            try server.offer(Array("compressed by nginx, hence chunked".utf8), as: "page.txt")
            let urls = (0..<20).map { "http://allowed.test/mirror?\($0)" } + ["http://allowed.test/chunked/page.txt"]
            let outcome = try Self.curl(server, ["--proxy", "http://127.0.0.1:\(gate.port)", "--compressed"] + urls)
            #expect(outcome.text.contains("GET /mirror?19 HTTP/1.1|allowed.test|"))
            #expect(outcome.text.hasSuffix("compressed by nginx, hence chunked"))
            #expect(gate.dials.dials.count == 1)
            #expect(try await gate.decisions().count == 21)
        }
    }

    @Test("that follows redirects is stopped at the private address")
    func redirect() async throws {
        try await PeerGate.run { options in
            options.agents[0].grants[0] = try Grant.test("*")
        } _: { gate, server in
            let outcome = try Self.curl(
                server, ["--proxy", "http://127.0.0.1:\(gate.port)", "-L", "-i", "http://allowed.test/moved"])
            #expect(outcome.text.contains("HTTP/1.1 302 "))
            #expect(outcome.text.contains("Yett-Reason: address_forbidden"))
            #expect(gate.dials.dials.map(\.description) == ["203.0.114.10 port 80"])
        }
    }

    @Test("that sends another server name than the tunnel's host gets no connection")
    func fronting() async throws {
        try await PeerGate.run { gate, server in
            let outcome = try Self.curl(
                server,
                [
                    "--proxy", "http://127.0.0.1:\(gate.port)", "--connect-to", "other.test:443:allowed.test:443",
                    "https://other.test/text",
                ])
            #expect(outcome.status == 35)
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["tls_sni_mismatch"]])
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("shows its token only when it has one, and the destination never sees it")
    func token() async throws {
        try await PeerGate.run { options in
            options.identification = .token
            options.agents[0].tokens = ["secret-token"]
        } _: { gate, server in
            let proxy = ["--proxy", "http://127.0.0.1:\(gate.port)"]
            for url in ["http://allowed.test/text", "https://allowed.test/text"] {
                let good = try Self.curl(server, proxy + ["--proxy-user", "agent:secret-token", url])
                #expect(good.text == "hello from nginx")
                let none = try Self.curl(
                    server, proxy + ["-o", "/dev/null", "-w", "%{http_connect} %{http_code}", url])
                #expect(none.text.contains("407"))
            }
            let socks = try Self.curl(
                server, ["--proxy", "socks5h://x:secret-token@127.0.0.1:\(gate.port)", "https://allowed.test/text"])
            #expect(socks.text == "hello from nginx")
            for record in try await gate.records() {
                #expect(!String(decoding: record.bytes, as: UTF8.self).contains("secret-token"))
            }
        }
    }

    @Test("with a client certificate speaks TLS to the gate and inside the tunnel")
    func certificate() async throws {
        let authority = try TestAuthority("Agents CA")
        try await PeerGate.run { options in
            options.identification = .certificate
            options.agents[0].allowsCertificate = true
            let leaf = try authority.issue(dnsNames: ["gate.test"], addresses: [[127, 0, 0, 1]])
            options.tls = SVIDServerTLS(
                try .files(
                    certificate: Array(leaf.certificate.utf8), key: Array(leaf.key.utf8),
                    clientAuthorities: Array(try authority.pem.utf8), trustDomain: TrustDomain(parsing: "gate.test")))
        } _: { gate, server in
            let leaf = try authority.issue(uris: ["spiffe://gate.test/agent/tester"])
            let files = ["agent.pem": leaf.certificate, "agent.key": leaf.key, "agents-ca.pem": try authority.pem]
            for (name, text) in files {
                try text.write(toFile: gate.directory + "/" + name, atomically: true, encoding: .utf8)
            }
            let proxy = [
                "--proxy", "https://127.0.0.1:\(gate.port)", "--proxy-cacert", gate.directory + "/agents-ca.pem",
                "--proxy-cert", gate.directory + "/agent.pem", "--proxy-key", gate.directory + "/agent.key",
            ]
            for url in ["https://allowed.test/text", "http://allowed.test/text"] {
                #expect(try Self.curl(server, proxy + [url]).text == "hello from nginx")
            }
            #expect(try await gate.decisions().allSatisfy { $0.text("proof") == "x509-svid" })
            let anonymous = try Self.curl(server, Array(proxy.prefix(4)) + ["https://allowed.test/text"])
            #expect(anonymous.status != 0)
        }
    }
}
