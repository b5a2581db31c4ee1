// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Testing

/// What is open on signed tokens, and what becomes of it when the token, its key or its agent is revoked.
@Suite struct RevokedTokenTests {
    private static let issuer = "https://login.test/realms/corp"
    private static let url = "http://127.0.0.1:18443"

    private static func text(to port: UInt16) -> String {
        ServiceGate.text(
            to: port, service: ", resource: {scopes: [tickets]}",
            attest: "{jwt: {issuer: corp, claims: {client_id: bot-client}}}"
        ).replacing(
            "service_proxy:\n",
            with: """
                service_proxy:
                  url: "\(url)"
                  issuers: [{name: corp, issuer: "\(issuer)", algorithms: [ES256], keys: $DIRECTORY/corp.jwks}]

                """)
    }

    private static func token(_ forge: TokenForge, id: String, issuedAt: Int64 = TokenForge.now) throws -> String {
        try forge.token([
            "iss": .string(issuer), "sub": "service-account-bot", "client_id": "bot-client",
            "aud": .string(url + "/s/tickets"), "scope": "tickets", "iat": .integer(issuedAt),
            "exp": .integer(issuedAt + 300), "jti": .string(id),
        ])
    }

    private static func open(_ gate: RunningGate, _ token: String) throws -> (socket: RawSocket, head: HTTPText) {
        let socket = try RawSocket.connect(port: gate.port)
        try socket.write("GET /s/tickets/stream HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(token)\r\n\r\n")
        return (socket, HTTPText.parseHead(try socket.read(through: "\r\n\r\n")))
    }

    private static func revoke(_ gate: RunningGate, _ kind: String, _ value: String) throws -> Int? {
        let body: JSONValue = .object(JSONObject([(kind, .string(value))]) ?? JSONObject())
        let answer = try gate.ask("POST", "revocations", body: body.text)
        #expect(answer.status == 201, "\(answer.text)")
        return try AdminJSON.decoder.decode(RevocationReport.self, from: Data(answer.body)).cut
    }

    private static func waitForNextSecond() {
        let now = TokenForge.now
        _ = comesTrue { TokenForge.now > now }
    }

    @Test func `Streams on a token of another issuer end with the token, the agent and the key`() async throws {
        let upstream = try StreamingServer()
        defer { upstream.stop() }
        let forge = try TokenForge()
        try await RunningGate.run(
            Self.text(to: upstream.port),
            prepare: { directory in
                try ServiceGate.prepare(directory)
                try ServiceGate.write(forge.keySet, as: "corp.jwks", in: directory)
            }
        ) { gate throws in
            let (one, two) = (try Self.token(forge, id: "a-1"), try Self.token(forge, id: "b-1"))
            let first = try Self.open(gate, one)
            let second = try Self.open(gate, two)
            #expect(first.head.status == 200 && second.head.status == 200, "\(first.head.startLine)")

            #expect(try Self.revoke(gate, "token", "a-1") == 1)
            #expect(first.socket.readToEnd().ending != .stillOpen)
            let refused = try Self.open(gate, one).head
            #expect(refused.status == 401 && refused["yett-reason"] == "token_revoked")
            #expect(refused["www-authenticate"]?.contains("invalid_token") == true)
            #expect(try second.socket.readSome().isEmpty == false)

            #expect(try Self.revoke(gate, "agent", "bot") == 1)
            #expect(second.socket.readToEnd().ending != .stillOpen)
            // Over a new connection, and still the token of before.
            #expect(try Self.open(gate, two).head["yett-reason"] == "token_revoked")
            Self.waitForNextSecond()
            let three = try Self.token(forge, id: "c-1")
            let third = try Self.open(gate, three)
            #expect(third.head.status == 200)

            #expect(try gate.ask("POST", "revocations", body: #"{"key":"not-\#(forge.signer.keyID)"}"#).status == 404)
            #expect(try Self.revoke(gate, "key", forge.signer.keyID) == 1)
            #expect(third.socket.readToEnd().ending != .stillOpen)
            Self.waitForNextSecond()
            #expect(try Self.open(gate, Self.token(forge, id: "d-1")).head["yett-reason"] == "token_revoked")
            let causes = try gate.records("kind=connection_end&limit=100").map { $0.text("cause") }
            #expect(causes == ["token_revoked", "agent_revoked", "key_revoked"])
        }
    }

    @Test func `A client that revokes its token ends what is open on it`() async throws {
        let upstream = try StreamingServer()
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
            service: ", protocol: mcp", listener: "identify: [x509, token], tls: svid", attest: "{x509: true}",
            sections: ServiceGate.identity(("/agent/bot", "agent")))
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let handle = try gate.startTask("bot").handle
            let reply = try JSONValue(parsing: gate.exchange("search", handle: handle).text)
            let token = try #require(reply["access_token"]?.string)
            let stream = try Program(
                "curl",
                [
                    "-sSN", "--max-time", "60", "--cacert", running.directory + "/bundle.pem", "--cert",
                    running.directory + "/agent.pem", "--key", running.directory + "/agent.key", "-H",
                    "Authorization: Bearer \(token)", "-H", "Accept: text/event-stream", "-H",
                    "MCP-Protocol-Version: 2025-06-18", "https://localhost:\(running.port)/s/tickets",
                ], keepsErrors: true)
            let isOpen = try comesTrue { try running.connections().count == 1 }
            #expect(isOpen)
            #expect(try gate.ask("/revoke", as: "agent", ["--data-urlencode", "token=\(token)"]).code == 200)
            #expect(stream.outcome().status != 0)
            #expect(try running.record("kind=connection_end")?.text("cause") == "token_revoked")
        }
    }
}
