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
import Synchronization
import Testing

/// What a running gate signs itself for the services behind it, judged as a service would.
@Suite struct ServiceTokenTests {
    private static let identity = ServiceGate.identity(("/agent/bot", "agent"), ("/tool/tickets", "tool"))

    private static let second = """
          other:
            attest: [{token: {value: "file:$DIRECTORY/other"}}]
            grants: [{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets]}]
        """

    private static func text(to port: UInt16, _ service: String) -> String {
        ServiceGate.text(to: port, service: service, sections: identity)
            .replacing("services:\n", with: second + "\nservices:\n")
    }

    private static func prepare(_ directory: String) throws {
        try ServiceGate.prepare(directory)
        try ServiceGate.write("other-token-77aa12", as: "other", in: directory)
    }

    private static let other = "Authorization: Bearer other-token-77aa12\r\n"

    /// Requests as a service saw them, one after the other.
    private final class Seen: Sendable {
        private let requests = Mutex<[HTTPText]>([])

        func values(_ field: String) -> [String] { requests.withLock { $0 }.flatMap { $0.values(field) } }

        func server() -> UpstreamServer {
            UpstreamServer.http { [self] request in
                requests.withLock { $0.append(request) }
                return UpstreamServer.hello
            }
        }
    }

    private static func keys(_ gate: IdentityGate) throws -> VerificationKeys {
        _ = try gate.fetch()
        let answer = try gate.ask("/token/keys")
        return VerificationKeys(try JSONWebKeySet(parsing: Array(answer.text.utf8)))
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    @Test func `A service is given a token of its own for each agent and task`() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(to: upstream.port, ", credential: {tool_token: true}"), prepare: Self.prepare
        ) { running throws in
            let gate = IdentityGate(gate: running)
            let keys = try Self.keys(gate)
            let (task, handle) = try gate.startTask("bot")
            for fields in ["Authorization: Bearer \(ServiceGate.token)\r\n", Self.other] {
                for _ in 0..<3 {
                    #expect(try running.ask("GET", service: "/s/tickets/tickets", fields: fields).status == 200)
                }
            }
            let inTask = "Authorization: Bearer \(ServiceGate.token)\r\nYett-Task: \(handle)\r\n"
            #expect(try running.ask("GET", service: "/s/tickets/tickets", fields: inTask).status == 200)
            let tokens = seen.values("authorization").map { String($0.dropFirst("Bearer ".utf8.count)) }
            #expect(tokens.count == 7)
            try #require(Set(tokens).count == 3)
            #expect(Set(tokens[0..<3]).count == 1 && Set(tokens[3..<6]).count == 1)
            let demands = ToolTokenDemands(
                issuer: "https://localhost", audience: "https://localhost/http/tickets",
                call: ToolCall(server: "tickets", tool: ":request"), requiresConfirmation: false)
            let claims = try [tokens[0], tokens[3], tokens[6]].map {
                try ToolToken.verify(Array($0.utf8), keys: keys, demands: demands, now: Self.now)
            }
            #expect(claims.map(\.subject) == ["bot", "other", "bot"].map { "spiffe://gate.test/agent/\($0)" })
            #expect(claims.map { $0.actors.map(\.description) } == claims.map { [$0.subject] })
            #expect(claims.allSatisfy { $0.clientID.description == "spiffe://gate.test/yett/gate" })
            #expect(claims.allSatisfy { $0.expiry - $0.issuedAt == 60 && $0.confirmation == nil })
            #expect(claims[2].transaction == task)
            #expect(claims[0].transaction.hasPrefix("x-"))
            let issued = try running.records("kind=token_issue").compactMap { $0.text("detail") }
            for claim in claims { #expect(issued.contains { $0.contains(claim.tokenID) }) }
            let records = try running.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(!records.contains("eyJ"))

            // A stopped task has no further calls, and what its token said is void.
            #expect(try running.ask("DELETE", "tasks/\(task)").status == 200)
            #expect(try running.ask("GET", service: "/s/tickets/tickets", fields: inTask).status == 403)
        }
    }

    @Test func `A service that asks for it is told who is asking, and by nobody else`() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let service = ", assertion: true" + ServiceGate.credential
        try await RunningGate.run(Self.text(to: upstream.port, service), prepare: Self.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            let keys = try Self.keys(gate)
            let answer = try running.ask(
                "POST", "tasks",
                body:
                    #"{"agent":"bot","purpose":"test","person":"https://idp.test#8812","grants":[{"name":"tickets"}]}"#)
            let report = try JSONValue(parsing: answer.body)
            let handle = try #require(report["handle"]?.string, "\(answer.text)")
            let own = "Authorization: Bearer \(ServiceGate.token)\r\n"
            let forged = "Yett-Identity: eyJmb3JnZWQ.e30.\r\nyett_identity: forged\r\nX-Yett-Identity: forged\r\n"
            for fields in [own + forged, own, Self.other, own + "Yett-Task: \(handle)\r\n"] {
                #expect(try running.ask("GET", service: "/s/tickets/tickets", fields: fields).status == 200)
            }
            #expect(!upstream.text.contains("orged"))
            #expect(seen.values("authorization") == Array(repeating: "Bearer \(ServiceGate.key)", count: 4))
            let texts = seen.values("yett-identity")
            try #require(texts.count == 4)
            #expect(texts[0] == texts[1])
            #expect(Set(texts).count == 3)
            let payloads = try texts.map { text -> JSONValue in
                let jws = try CompactJWS(parsing: Array(text.utf8))
                #expect(jws.header.type == "yett-identity+jwt")
                return try JSONValue(parsing: try keys.verify(jws).payload)
            }
            for payload in payloads {
                #expect(payload["iss"]?.string == "https://localhost")
                #expect(payload["aud"]?.string == "https://localhost/http/tickets")
                #expect(payload["strength"]?.integer == 1)
                #expect(payload["proof"]?.string == "token")
                let issued = try #require(payload["iat"]?.integer)
                #expect(payload["exp"]?.integer == issued + 60)
                #expect(payload["decision"] == nil)
            }
            #expect(payloads[0]["sub"]?.string == "spiffe://gate.test/agent/bot")
            #expect(payloads[2]["sub"]?.string == "spiffe://gate.test/agent/other")
            #expect(payloads[0]["person"] == nil && payloads[0]["task"] == nil)
            #expect(payloads[3]["person"]?["sub"]?.string == "8812")
            #expect(payloads[3]["person"]?["iss"]?.string == "https://idp.test")
            #expect(payloads[3]["task"]?.string == report["task"]?["id"]?.string)
            // No verifier of tool tokens takes it for one.
            #expect(throws: (any Error).self) {
                try ToolToken.verify(
                    Array(texts[0].utf8), keys: keys,
                    demands: ToolTokenDemands(
                        issuer: "https://localhost", audience: "https://localhost/http/tickets",
                        requiresConfirmation: false), now: Self.now)
            }
        }
    }

    @Test func `An assertion for each request names the decision, over HTTP/1.1 and HTTP/2`() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let service = ", assertion: per-request, credential: {tool_token: true}"
        try await RunningGate.run(Self.text(to: upstream.port, service), prepare: Self.prepare) { running throws in
            let keys = try Self.keys(IdentityGate(gate: running))
            for version in ["--http1.1", "--http2-prior-knowledge"] {
                let outcome = try Program(
                    "curl",
                    [
                        "-sS", "--max-time", "20", version, "-H", "Authorization: Bearer \(ServiceGate.token)", "-H",
                        "yett-identity: mine", "-w", " %{http_version}",
                        "http://127.0.0.1:\(running.port)/s/tickets/tickets",
                    ], keepsErrors: true
                ).outcome()
                #expect(outcome.text.hasPrefix("hello "), "\(outcome.text)")
            }
            let decisions = try seen.values("yett-identity").map { text in
                try JSONValue(parsing: try keys.verify(try CompactJWS(parsing: Array(text.utf8))).payload)["decision"]?
                    .string ?? ""
            }
            let recorded = try running.records("kind=decision").compactMap { $0.text("decision") }
            #expect(decisions.count == 2)
            #expect(Set(decisions) == Set(recorded))
            #expect(seen.values("authorization").allSatisfy { $0.hasPrefix("Bearer eyJ") })
        }
    }

    @Test func `A reload takes other credentials into use`() async throws {
        let seen = Seen()
        let upstream = seen.server()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, ", credential: {tool_token: true}")
        try await RunningGate.run(text, prepare: Self.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            try gate.rewrite(Self.text(to: upstream.port, ServiceGate.credential))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            try gate.rewrite(Self.text(to: upstream.port, ""))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            let lines = seen.values("authorization")
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("Bearer eyJ") == true)
            #expect(lines.last == "Bearer \(ServiceGate.key)")
        }
    }

    @Test func `Without keys of its own the gate says so, and does not start`() async throws {
        for service in [", credential: {tool_token: true}", ", assertion: true"] {
            let error = try await RunningGate.failure(ServiceGate.text(to: 9, service: service)) {
                try ServiceGate.prepare($0)
            }
            #expect(error?.description.contains("identity.endpoints") == true, "\(String(describing: error))")
        }
    }
}
