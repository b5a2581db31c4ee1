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
import Testing

/// Identities and tokens from a running gate.
@Suite struct GateIdentityTests {
    @Test func `A workload gets its identity from the socket, and a tool token with it`() async throws {
        try await IdentityGate.run { gate throws in
            let state = try gate.fetch()
            #expect(state.svids.map(\.id.path) == ["/agent/coder", "/tool/tickets"])
            let status = try #require(try gate.gate.status().identity)
            #expect(status.source == "embedded" && status.id == "spiffe://gate.test/yett/gate")
            #expect(status.trustDomains == ["gate.test"] && status.socket == gate.socket)
            #expect(status.endpoints == "https://localhost" && status.problem == nil)
            let task = try gate.startTask()
            let answer = try gate.exchange("search", handle: task.handle)
            #expect(answer.code == 200, "\(answer.text)")
            let token = try #require(try JSONValue(parsing: answer.text)["access_token"]?.string)
            let claims = try Self.claims(token)
            #expect(claims["txn"]?.string == task.id)
            #expect(claims["client_id"]?.string == "spiffe://gate.test/agent/coder")
            #expect(claims["aud"]?.string == "https://localhost/mcp/tickets")
            #expect(
                claims["cnf"]?["x5t#S256"]?.string
                    == StrictBase64.url.text(try #require(state.svid.chain.first).thumbprint))
            // The tool server asks about it; the agent may not, and nobody may without a certificate.
            let form = ["--data-urlencode", "token=\(token)"]
            #expect(try gate.ask("/introspect", as: "tool", form).text.contains(#""active":true"#))
            #expect(try gate.ask("/introspect", as: "agent", form).text == #"{"active":false}"#)
            #expect(try gate.ask("/introspect", form).code == 401)
            // What the grant does not have is not given.
            #expect(try gate.exchange("delete", handle: task.handle).text.contains("invalid_scope"))
            // What it stood on ends, and it with that.
            #expect(try gate.gate.ask("DELETE", "tasks/\(task.id)").status == 200)
            #expect(try gate.ask("/introspect", as: "tool", form).text == #"{"active":false}"#)
            #expect(try gate.exchange("search", handle: task.handle).text.contains("invalid_grant"))

            let issued = try gate.gate.records("kind=identity_issue")
            #expect(Set(issued.compactMap { $0.text("agent") }).count == 2)
            #expect(issued.allSatisfy { $0.text("source")?.contains("uid:\(geteuid())") == true })
            let given = try #require(try gate.gate.record("kind=token_issue"))
            #expect(given.text("task") == task.id && given.text("service") == "tickets")
            let denied = try gate.gate.records("kind=decision").last
            #expect(denied?.text("verdict") == "deny" && denied?.text("operation") == "token delete")
            let all = try gate.gate.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(!SecretWatch.isLeak(all))
        }
    }

    @Test func `Whoever has no entry gets nothing, and an entry that is added or removed counts at once`() async throws
    {
        try await IdentityGate.run(IdentityGate.text(entries: "[]")) { gate throws in
            let added = try gate.gate.ask(
                "POST", "entries",
                body: #"{"id":"/agent/coder","selectors":["unix:uid:\#(geteuid())"],"hint":"agent"}"#,
                for: EntryReport.self)
            #expect(try gate.fetch().svid.id.path == "/agent/coder")
            #expect(try gate.gate.ask("GET", "entries", for: EntryList.self).entries.map(\.id) == [added.id])
            let twice = try gate.gate.ask(
                "POST", "entries", body: #"{"id":"/agent/coder","selectors":["unix:uid:\#(geteuid())"]}"#)
            #expect(twice.status == 409)
            #expect(try gate.gate.ask("DELETE", "entries/\(added.id)").status == 204)
            #expect(try gate.gate.ask("DELETE", "entries/\(added.id)").status == 404)
            try gate.gate.rewrite(IdentityGate.text())
            #expect(try gate.gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.fetch().svids.count == 2)
            let configured = try #require(
                try gate.gate.ask("GET", "entries", for: EntryList.self).entries.first { $0.origin == "configuration" })
            let refused = try gate.gate.ask("DELETE", "entries/\(configured.id)")
            #expect(refused.status == 409 && refused.text.contains("yett reload"))
            #expect(
                try gate.gate.records("kind=admin_action").compactMap { $0.text("operation") }.contains("entry add"))
        }
    }

    @Test(arguments: [
        (#"{"id":"/agent/a","selectors":[]}"#, "at least one selector"),
        (#"{"id":"/agent/a","selectors":["unix:path:/bin/sh"]}"#, "whoever may start that program"),
        (#"{"id":"/agent/a","selectors":["unix:uid:-1"]}"#, "no process can have"),
        (#"{"id":"/agent/../a","selectors":["unix:uid:1"]}"#, "SPIFFE ID"),
        (#"{"id":"spiffe://other.test/a","selectors":["unix:uid:1"]}"#, "trust domain"),
        (#"{"id":"/yett/gate","selectors":["unix:uid:1"]}"#, "the gate's own"),
        (#"{"id":"/agent/a","selectors":["unix:uid:1"],"seconds":0}"#, "lasts from 1"),
        (#"{"id":"/agent/a","selectors":["unix:uid:1"],"jwt_lifetime":301}"#, "300 seconds"),
    ])
    func `An entry that cannot be is refused with the reason`(body: String, reason: String) async throws {
        try await IdentityGate.run { gate throws in
            let answer = try gate.gate.ask("POST", "entries", body: body)
            #expect(answer.status == 400 && answer.text.contains(reason), "\(answer.text)")
        }
    }

    @Test(arguments: [
        ("$DIRECTORY/workload.sock", "$DIRECTORY/none/workload.sock", "identity.socket: "),
        ("127.0.0.1:0", "192.0.2.1:18443", "identity.endpoints: 192.0.2.1:18443"),
    ])
    func `A place where the gate cannot listen keeps it from starting, and is named`(
        old: String, new: String, place: String
    ) async throws {
        let error = try #require(
            try await RunningGate.failure(IdentityGate.text().replacing(old, with: new)))
        #expect(error.lines.first?.contains(place) == true && error.remedy?.contains("ss -ltnp") == true, "\(error)")
    }

    @Test func `The state survives a restart`() async throws {
        let directory = "/tmp/yett-identity-" + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text = IdentityGate.text().replacing("$DIRECTORY/identity", with: directory)
        let first = try await IdentityGate.run(text) { gate in try gate.fetch().ownBundle }
        let second = try await IdentityGate.run(text) { gate in try gate.fetch().ownBundle }
        #expect(first?.x509.authorities == second?.x509.authorities && first != nil)
    }

    @Test func `A gate without a source of identities says how to get one`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let answers = [
                try gate.ask("GET", "entries"), try gate.ask("GET", "keys"),
                try gate.ask("POST", "join-tokens", body: #"{"id":"/agent/a"}"#),
            ]
            #expect(answers.allSatisfy { $0.status == 409 && $0.text.contains("identity: {source: embedded}") })
            // Revocation needs no source.
            #expect(try gate.ask("POST", "revocations", body: #"{"task":"t-1"}"#).status == 404)
            #expect(try gate.ask("POST", "revocations", body: #"{"agent":"bot"}"#).status == 201)
        }
    }

    /// What a token says, unverified.
    static func claims(_ token: String) throws -> JSONValue {
        let part = token.split(separator: ".").dropFirst().first ?? ""
        return try JSONValue(parsing: try #require(StrictBase64.url.decode(part.utf8)))
    }
}
