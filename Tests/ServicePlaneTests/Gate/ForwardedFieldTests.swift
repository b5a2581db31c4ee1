// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import GateSupport
import Identity
import ServicePlane
import Testing
import Transport

/// Known ways to speak for the gate, or past it, in fields of a request.
@Suite("Fields with which a client speaks for the gate") struct ForwardedFieldTests {
    private static func mirror() -> UpstreamServer {
        UpstreamServer.http { _ in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" }
    }

    /// `_` for `-`, other cases, twice, and as one of a list.
    private static func spellings(_ name: String) -> [String] {
        let value = "spoofed-1"
        let aliases = [
            name, name.uppercased(), name.replacing("-", with: "_"), name.lowercased().replacing("-", with: "_"),
        ]
        return aliases.map { "\($0): \(value)\r\n" } + [
            "\(name): \(value)\r\n\(name): \(value)\r\n", "\(name): a, \(value)\r\n", "\(name):\(value) \r\n",
        ]
    }

    @Test(
        "never reach a service, whoever sends them and however they are spelt",
        arguments: [
            "X-Envoy-Original-Path", "X-Envoy-Internal", "X-Envoy-External-Address", "X-Forwarded-User",
            "X-Forwarded-Email", "X-Forwarded-Groups", "X-Forwarded-Preferred-Username", "X-Forwarded-Access-Token",
            "X-Auth-Request-User", "X-Auth-Request-Email", "Remote-User", "X-Remote-User", "X-Forwarded-Uri",
            "X-Original-Url", "X-Rewrite-Url", "X-Forwarded-Prefix", "X-Forwarded-Host", "X-Forwarded-For",
            "X-Forwarded-Client-Cert", "Client-Cert", "Client-Cert-Chain", "X-SSL-Client-Cert", "X-Agent-Id",
            "Yett-Identity", "X-Yett-Agent", "Yett-Task-Id", "X-HTTP-Method-Override",
        ])
    func spoofed(_ name: String) async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream, ServiceGate.secure)) { gate in
            var answered = 0
            for fields in Self.spellings(name) {
                let answer = try gate.ask("/s/tickets/v1", fields: fields)
                #expect(answer.status == 200 || answer.status == 400, "\(fields)")
                if answer.status == 200 { answered += 1 }
            }
            #expect(answered >= 4)
            #expect(!upstream.text.contains("spoofed-1"), "\(name)")
        }
    }

    @Test(
        "do not choose the path that is judged",
        arguments: [
            "X-Forwarded-Uri", "X-Original-URL", "X-Rewrite-URL", "X-Envoy-Original-Path", "X-Forwarded-Prefix",
        ])
    func path(_ name: String) async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let denied = try gate.ask("/s/tickets/admin", fields: "\(name): /s/tickets/v1\r\n")
            #expect(denied.status == 403)
            let allowed = try gate.ask("/s/tickets/v1", fields: "\(name): /admin\r\n")
            #expect(allowed.status == 200)
            #expect(!upstream.text.contains("/admin"))
        }
    }

    @Test(
        "do not take away what the gate adds",
        arguments: [
            "Connection: close, Authorization, Host\r\n", "Connection: authorization\r\nConnection: content-length\r\n",
            "Connection: Via, AUTHORIZATION\r\nAuthorization: Bearer mine\r\n", "Proxy-Connection: Authorization\r\n",
        ])
    func nominated(_ fields: String) async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream, ServiceGate.secure)) { gate in
            let answer = try gate.ask("/s/tickets/v1", method: "POST", fields: fields, body: "x")
            #expect(answer.status == 200)
            #expect(upstream.text.contains("\r\nAuthorization: Bearer \(ServiceGate.secret)\r\n"))
            #expect(upstream.text.lowercased().contains("\r\ncontent-length: 1\r\n"))
            #expect(upstream.text.contains("Host: tickets.test\r\n"))
            #expect(!upstream.text.contains("mine"))
        }
    }

    @Test("are not two where one decides")
    func twice() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        var options = try ServiceGate.options(upstream)
        options.agents[0].tokens = ["tester-token"]
        options.identification = [.token, .source]
        try await withGate(options) { gate in
            for fields in [
                "Authorization: Bearer tester-token\r\nAuthorization: Bearer other\r\n",
                "Authorization: Bearer other\r\nauthorization: Bearer tester-token\r\n",
                "Yett-Task: th_a\r\nyett-task: th_b\r\n", "Host: gate.test\r\n",
                "Content-Length: 0\r\nContent-Length: 1\r\n",
            ] {
                let answer = try gate.ask("/s/tickets/v1", fields: fields)
                #expect(answer.status == 400, "\(fields)")
            }
            for fields in [
                "Authorization: Bearer other, Bearer tester-token\r\n", "Authorization: Bearer tester-token, other\r\n",
                "Authorization: tester-token\r\n", "Authorization: Digest tester-token\r\n",
            ] {
                let answer = try gate.ask("/s/tickets/v1", fields: fields)
                #expect(answer.status == 401, "\(fields)")
            }
            #expect(upstream.text.isEmpty)
            let alone = try gate.ask("/s/tickets/v1", fields: "Authorization: Bearer tester-token\r\n")
            #expect(alone.status == 200)
            // The token that came in is nowhere in what went on.
            #expect(!upstream.text.contains("tester-token"))
        }
    }

    @Test("carry no token on, whatever field or form it stands in")
    func tokens() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        var options = try ServiceGate.options(upstream, ServiceGate.secure)
        options.agents[0].tokens = ["tester-token"]
        options.identification = [.token]
        try await withGate(options) { gate in
            for fields in [
                "Authorization: Bearer tester-token\r\n", "authorization: bearer tester-token\r\n",
                "AUTHORIZATION:  Basic eDp0ZXN0ZXItdG9rZW4=\r\n",
                "Authorization: Bearer tester-token\r\nProxy-Authorization: Bearer tester-token\r\n",
                "Authorization: Bearer tester-token\r\nX-Forwarded-Access-Token: tester-token\r\n",
            ] {
                let answer = try gate.ask("/s/tickets/v1", fields: fields)
                #expect(answer.status == 200, "\(fields)")
            }
            #expect(!upstream.text.contains("tester-token"))
            #expect(!upstream.text.contains("eDp0ZXN0ZXItdG9rZW4"))
        }
    }
}
