// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Identity
import Protocols
import Testing
import WorkloadClient

/// Mistakes that others made, tried against the running gate.
@Suite struct PitfallTests {
    private static let clients = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Clients").path

    /// A TLS client that keeps tickets, and brings them back, as openssl has it.
    private static func handshake(_ gate: IdentityGate, _ arguments: [String]) throws -> String {
        let base = gate.gate.directory
        let program = try Program(
            "openssl",
            [
                "s_client", "-nocommands", "-tls1_3", "-connect", "localhost:\(gate.gate.tokenPort)", "-CAfile",
                base + "/bundle.pem",
                "-cert", base + "/agent.pem", "-cert_chain", base + "/agent.pem", "-key", base + "/agent.key",
            ] + arguments, keepsErrors: true)
        try program.write("GET /keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return try program.output(until: { $0.contains("200 OK") || $0.contains("alert") }, within: 20).text
    }

    @Test func `A ticket from before does not get past a bundle that has changed`() async throws {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            let session = gate.gate.directory + "/session"
            let first = try Self.handshake(gate, ["-sess_out", session])
            #expect(first.contains("200 OK"), "\(first)")
            // A gate that hands out no ticket leaves no file, and then there is nothing to bring back.
            let ticket = FileManager.default.fileExists(atPath: session) ? ["-sess_in", session] : []
            let again = try Self.handshake(gate, ticket)
            #expect(again.contains("New, TLSv1.3") && !again.contains("Reused") && again.contains("200 OK"))
            let active = try #require(
                try gate.gate.ask("GET", "keys", for: KeyList.self).keys.first {
                    $0.kind == "x509" && $0.stage == "active"
                }?.id)
            let prepared = try #require(
                try Self.change(gate, #"{"action":"prepare","kind":"x509"}"#).last { $0.stage == "prepared" }?.id)
            for (action, key) in [("activate", prepared), ("taint", active), ("revoke", active)] {
                _ = try Self.change(gate, #"{"action":"\#(action)","kind":"x509","id":"\#(key)"}"#)
            }
            let late = try Self.handshake(gate, ticket)
            #expect(!late.contains("Reused") && !late.contains("200 OK"))
        }
    }

    private static func change(_ gate: IdentityGate, _ body: String) throws -> [KeyReport] {
        let answer = try gate.gate.ask("POST", "keys", body: body)
        try #require(answer.status == 200, "\(answer.text)")
        return try AdminJSON.decoder.decode(KeyList.self, from: Data(answer.body)).keys
    }

    @Test func `A workload that asks for another one's token gets none, and nothing is signed`() async throws {
        try await IdentityGate.run { gate throws in
            let error = #expect(throws: IdentitySourceError.self) {
                try IdentityGate.waiting {
                    let source = try gate.source()
                    let follower = Task { await source.run { _ in } }
                    defer {
                        source.shutDown()
                        follower.cancel()
                    }
                    for await _ in source.updates() { break }
                    let planner = try SPIFFEID(parsing: "spiffe://gate.test/agent/planner")
                    return try await source.jwtSVID(audience: ["https://tool.test"], id: planner)
                }
            }
            #expect(error == .denied)
            let tokens = try gate.gate.records("kind=identity_issue").filter { $0.text("operation") == "jwt-svid" }
            #expect(tokens.isEmpty)
        }
    }

    @Test func `Where a certificate is optional, a bad one is refused and not taken for none`() async throws {
        try await IdentityGate.run { gate throws in
            let state = try gate.fetch()
            #expect(try gate.ask("/keys").code == 200 && gate.ask("/keys", as: "agent").code == 200)
            // The same names, signed by somebody else.
            let stranger = try TestAuthority("stranger")
            let leaf = try stranger.issue(uris: [state.svid.id.description])
            try leaf.certificate.write(
                toFile: gate.gate.directory + "/stranger.pem", atomically: true, encoding: .utf8)
            try leaf.key.write(toFile: gate.gate.directory + "/stranger.key", atomically: true, encoding: .utf8)
            #expect(try gate.ask("/keys", as: "stranger").code == 0)
        }
    }

    @Test func `A tool token opens nothing but its tool`() async throws {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            let task = try gate.startTask()
            let answer = try gate.exchange("search", handle: task.handle)
            let token = try #require(try JSONValue(parsing: answer.text)["access_token"]?.string)
            let bearer = ["-H", "Authorization: Bearer \(token)"]
            #expect(try gate.ask("/introspect", bearer + ["--data-urlencode", "token=\(token)"]).code == 401)
            #expect(try gate.ask("/token", bearer + ["-d", "grant_type=x"]).code == 401)
            #expect(try gate.ask("/revoke", bearer + ["--data-urlencode", "token=\(token)"]).code == 401)
            #expect(try gate.ask("/renew", bearer + ["-d", #"{"csr":"x"}"#]).code == 400)
            // It is no JWT-SVID either.
            #expect(throws: IdentitySourceError.self) {
                try IdentityGate.waiting {
                    let source = try gate.source()
                    let follower = Task { await source.run { _ in } }
                    defer {
                        source.shutDown()
                        follower.cancel()
                    }
                    for await _ in source.updates() { break }
                    return try await source.verify(
                        jwtSVID: Array(token.utf8), audience: "https://localhost/mcp/tickets",
                        now: Int64(Date().timeIntervalSince1970))
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `A connection is of no use to whoever is left with it when its process is gone`() async throws {
        try await IdentityGate.run { gate throws in
            let outcome = try Program(
                "python3", [Self.clients + "/borrowed_connection.py", gate.socket, "12"], keepsErrors: true
            ).outcome(within: 60)
            #expect(outcome.text == "done\n")
            #expect(try gate.fetch().svids.count == 2)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `Control characters, odd heads and floods over HTTP/2 get nothing, and others are served`() async throws {
        try await IdentityGate.run { gate throws in
            let outcome = try Program(
                "python3", [Self.clients + "/hostile_http2.py", gate.socket], keepsErrors: true
            ).outcome(within: 120)
            #expect(outcome.text == "done\n")
            #expect(try gate.fetch().svids.count == 2)
        }
    }

    @Test func `Revoking by agent, person, token and key ends tokens that were given`() async throws {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            let task = try gate.startTask()
            func token() throws -> String {
                let answer = try gate.exchange("search", handle: task.handle)
                return try #require(try JSONValue(parsing: answer.text)["access_token"]?.string, "\(answer.text)")
            }
            func isActive(_ token: String) throws -> Bool {
                try gate.ask("/introspect", as: "tool", ["--data-urlencode", "token=\(token)"]).text
                    .contains(#""active":true"#)
            }
            func revoke(_ body: String) throws -> Int { try gate.gate.ask("POST", "revocations", body: body).status }
            let (first, second) = (try token(), try token())
            let id = try #require(try GateIdentityTests.claims(first)["jti"]?.string)
            #expect(try revoke(#"{"token":"\#(id)"}"#) == 201)
            #expect(try !isActive(first) && isActive(second))
            let head = try #require(StrictBase64.url.decode((second.split(separator: ".").first ?? "").utf8))
            let key = try #require(try JSONValue(parsing: head)["kid"]?.string)
            #expect(try revoke(#"{"key":"\#(key)"}"#) == 201)
            #expect(try !isActive(second) && isActive(try token()))
            #expect(try revoke(#"{"key":"nobody"}"#) == 404)
            #expect(try revoke(#"{"agent":"coder","task":"t-1"}"#) == 400)
            #expect(try revoke("{}") == 400)
            #expect(try revoke(#"{"agent":"coder","why":"lost"}"#) == 201)
            #expect(try gate.exchange("search", handle: task.handle).text.contains("invalid_grant"))
            #expect(try gate.gate.records("kind=revocation").count == 3)
        }
    }
}
