// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Identity
import Protocols
import Testing

/// Services as OAuth resources: what clients are told, and which tokens of authorization servers count.
@Suite struct IssuedTokenTests {
    private static let issuer = "https://login.test/realms/corp"
    private static let url = "http://127.0.0.1:18443"
    private static let resource = url + "/s/tickets"

    private static func text(
        to port: UInt16, attest: String = "{jwt: {issuer: corp, claims: {client_id: bot-client}}}",
        keys: String = "keys: $DIRECTORY/corp.jwks", more: String = "", service: String = resourceKeys
    ) -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, tools: {search: {}, delete: {}}}]",
            service: ", protocol: mcp\(service)", attest: attest
        ).replacing(
            "service_proxy:\n",
            with: """
                service_proxy:
                  url: "\(url)"
                  issuers: [{name: corp, issuer: "\(issuer)", algorithms: [ES256], \(keys)\(more)}]

                """)
    }

    private static let resourceKeys = ", resource: {scopes: [tickets], tool_scopes: {delete: [tickets.write]}}"

    /// The claims of a good token.
    private static func claims(_ changes: [String: JSONValue?] = [:]) -> [String: JSONValue?] {
        let now = TokenForge.now
        let base: [String: JSONValue?] = [
            "iss": .string(issuer), "sub": "service-account-bot", "client_id": "bot-client", "aud": .string(resource),
            "scope": "openid tickets", "iat": .integer(now), "exp": .integer(now + 300), "jti": "a1",
        ]
        return base.merging(changes) { $1 }
    }

    private static func call(
        _ gate: RunningGate, _ tool: String, token: String?, scheme: String = "Bearer", on socket: RawSocket? = nil,
        fields: String = ""
    ) throws -> HTTPText {
        let authorization = token.map { "Authorization: \(scheme) \($0)\r\n" } ?? ""
        return try gate.ask(
            "POST", service: "/s/tickets",
            fields: authorization + fields + "Content-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n",
            body:
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":{"id":"7"}}}"#,
            on: socket)
    }

    private static func tools() -> ToolUpstream {
        ToolUpstream([ToolUpstream.tool("search"), ToolUpstream.tool("delete")])
    }

    private static func prepare(_ forge: TokenForge) -> (String) throws -> Void {
        { directory in
            try ServiceGate.prepare(directory)
            try ServiceGate.write(forge.keySet, as: "corp.jwks", in: directory)
        }
    }

    private static func reason(_ answer: HTTPText) -> String? {
        (try? JSONValue(parsing: answer.body))?["reason"]?.string
    }

    // MARK: What clients are told

    @Test func `Who comes without a token is told where to get one, and the document is for everybody`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let forge = try TokenForge()
        try await RunningGate.run(Self.text(to: upstream.server.port), prepare: Self.prepare(forge)) { gate throws in
            let place = "\(Self.url)/.well-known/oauth-protected-resource/s/tickets"
            let refused = try Self.call(gate, "search", token: nil)
            #expect(refused.status == 401)
            #expect(Self.reason(refused) == "identity_missing")
            #expect(
                refused.values("www-authenticate") == [
                    "Bearer realm=\"yett\", scope=\"tickets\", resource_metadata=\"\(place)\""
                ])
            let path = "/.well-known/oauth-protected-resource/s/tickets"
            let answer = try gate.ask("GET", service: path, fields: "")
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            #expect(answer["cache-control"] == "public, max-age=300")
            let document = try JSONValue(parsing: answer.body)
            #expect(document["resource"]?.string == Self.resource)
            #expect(document["authorization_servers"]?.array?.map(\.string) == [Self.issuer])
            #expect(document["bearer_methods_supported"]?.array?.map(\.string) == ["header"])
            #expect(document["scopes_supported"]?.array?.map(\.string) == ["tickets", "tickets.write"])
            #expect(document["resource_name"]?.string == "tickets")
            // It names nobody and nothing behind the gate.
            #expect(!answer.text.contains("\(upstream.server.port)") && !answer.text.contains("bot"))
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write("HEAD \(path) HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
            #expect(try HTTPText.parseHead(socket.read(through: "\r\n\r\n")).status == 200)
            for (method, path) in [
                ("GET", path + "x"), ("GET", path + "/mcp"), ("GET", path + ";a"), ("GET", path + "?a=b"),
                ("POST", path), ("GET", "/.well-known/oauth-protected-resource"),
            ] {
                #expect(try gate.ask(method, service: path, fields: "").status == 404, "\(method) \(path)")
            }
            #expect(upstream.server.connectionCount == 0)
        }
    }

    @Test func `A service that is no resource is not described`() async throws {
        let forge = try TokenForge()
        let text = Self.text(to: 9, service: "").replacing("protocol: mcp", with: "protocol: http")
            .replacing(", tools: {search: {}, delete: {}}", with: "")
        try await RunningGate.run(text, prepare: Self.prepare(forge)) { gate throws in
            let answer = try gate.ask("GET", service: "/s/tickets/x", fields: "")
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"] == "Bearer realm=\"yett\"")
            let path = "/.well-known/oauth-protected-resource/s/tickets"
            #expect(try gate.ask("GET", service: path, fields: "").status == 404)
        }
    }

    // MARK: Tokens

    @Test func `A token says which agent asks, and goes no further`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let forge = try TokenForge()
        try await RunningGate.run(Self.text(to: upstream.server.port), prepare: Self.prepare(forge)) { gate throws in
            let token = try forge.token(Self.claims())
            let answer = try Self.call(gate, "search", token: token)
            #expect(answer.status == 200 && answer.text.contains("found"), "\(answer.text)")
            let seen = upstream.server.text
            #expect(!seen.contains(token.prefix(40)) && !seen.lowercased().contains("authorization"))
            let decision = try #require(try gate.record("kind=decision"))
            #expect(decision.text("agent") == "spiffe://gate.test/agent/bot")
            #expect(decision.number("strength") == 1)
            // What else a service could take for a credential of the caller's.
            _ = try Self.call(gate, "search", token: token, fields: "DPoP: eyJ.e30.a\r\ndpop: b\r\n")
            #expect(!upstream.server.text.lowercased().contains("dpop"))

            let more = try Self.call(gate, "delete", token: token)
            #expect(more.status == 403)
            #expect(Self.reason(more) == "token_scope")
            let challenge = try #require(more["www-authenticate"])
            #expect(challenge.contains("error=\"insufficient_scope\", scope=\"tickets tickets.write\""))
            #expect(challenge.contains("resource_metadata="))
            #expect(!upstream.server.text.contains(#""delete""#))
            let wide = try forge.token(Self.claims(["scope": "tickets.write tickets"]))
            #expect(try Self.call(gate, "delete", token: wide).status == 200)
            // A list of one recipient is that recipient.
            let listed = try forge.token(Self.claims(["aud": [.string(Self.resource)]]))
            #expect(try Self.call(gate, "search", token: listed).status == 200)
            let records = try gate.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(!records.contains(token.prefix(40)))
        }
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: String
        var status = 401
        var claims: [String: JSONValue?] = [:]
        var header: [String: JSONValue?] = [:]
        var scheme = "Bearer"
        var change: @Sendable (String) -> String = { $0 }
    }

    private static let bad: [Bad] = [
        Bad(testDescription: "no signature", reason: "token_algorithm", header: ["alg": "none"]) {
            "\($0.split(separator: ".")[0]).\($0.split(separator: ".")[1])."
        },
        Bad(testDescription: "none with a signature", reason: "token_algorithm", header: ["alg": "none"]),
        Bad(testDescription: "a secret for a key", reason: "token_algorithm", header: ["alg": "HS256"]),
        Bad(testDescription: "another algorithm than registered", reason: "token_algorithm", header: ["alg": "RS256"]),
        Bad(testDescription: "no kid", reason: "token_malformed", header: ["kid": .none]),
        Bad(testDescription: "an unknown kid", reason: "token_key_unknown", header: ["kid": "other"]),
        Bad(testDescription: "a critical extension", reason: "token_malformed", header: ["crit": ["exp"]]),
        Bad(testDescription: "the type of an ID token", reason: "token_malformed", header: ["typ": "JWT"]),
        Bad(testDescription: "no type", reason: "token_malformed", header: ["typ": .none]),
        Bad(testDescription: "another issuer", reason: "token_issuer", claims: ["iss": "https://login.test/realms/x"]),
        Bad(
            testDescription: "an issuer with a slash", reason: "token_issuer",
            claims: ["iss": "https://login.test/realms/corp/"]),
        Bad(testDescription: "no issuer", reason: "token_malformed", claims: ["iss": .none]),
        Bad(
            testDescription: "another service", reason: "token_audience",
            claims: ["aud": .string(url + "/s/books")]),
        Bad(testDescription: "the gate as a whole", reason: "token_audience", claims: ["aud": .string(url)]),
        Bad(
            testDescription: "a service below this one", reason: "token_audience",
            claims: ["aud": .string(resource + "/x")]),
        Bad(
            testDescription: "two recipients", reason: "token_audience",
            claims: ["aud": [.string(resource), .string(url + "/s/books")]]),
        Bad(
            testDescription: "the recipient twice", reason: "token_audience",
            claims: ["aud": [.string(resource), .string(resource)]]),
        Bad(testDescription: "no recipient", reason: "token_malformed", claims: ["aud": .none]),
        Bad(testDescription: "an empty list of recipients", reason: "token_malformed", claims: ["aud": []]),
        Bad(testDescription: "expired", reason: "token_expired", claims: ["exp": .integer(TokenForge.now - 60)]),
        Bad(testDescription: "never expires", reason: "token_malformed", claims: ["exp": .none]),
        Bad(
            testDescription: "an expiry in words", reason: "token_malformed",
            claims: ["exp": .string("\(TokenForge.now + 60)")]),
        Bad(
            testDescription: "good for years", reason: "token_malformed",
            claims: ["exp": .integer(TokenForge.now + 100_000_000)]),
        Bad(
            testDescription: "not yet valid", reason: "token_not_yet_valid",
            claims: ["nbf": .integer(TokenForge.now + 120)]),
        Bad(
            testDescription: "issued in the future", reason: "token_not_yet_valid",
            claims: ["iat": .integer(TokenForge.now + 120), "exp": .integer(TokenForge.now + 200)]),
        Bad(
            testDescription: "issued before what counts", reason: "token_revoked",
            claims: ["iat": 1_700_000_000, "exp": .integer(1_700_000_000 + 80_000)]),
        Bad(
            testDescription: "bound to a certificate that is not shown", reason: "token_binding",
            claims: ["cnf": ["x5t#S256": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]]),
        Bad(
            testDescription: "bound to a key, without a proof", reason: "token_binding",
            claims: ["cnf": ["jkt": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]]),
        Bad(testDescription: "bound to nothing known", reason: "token_binding", claims: ["cnf": ["x": "y"]]),
        Bad(testDescription: "unbound, with the scheme of proofs", reason: "token_binding", scheme: "DPoP"),
        Bad(
            testDescription: "another client", reason: "identity_unknown", status: 403,
            claims: ["client_id": "other"]),
        Bad(
            testDescription: "a list of clients", reason: "identity_unknown", status: 403,
            claims: ["client_id": ["bot-client"]]),
        Bad(testDescription: "without the scope", reason: "token_scope", status: 403, claims: ["scope": "openid"]),
        Bad(testDescription: "without any scope", reason: "token_scope", status: 403, claims: ["scope": .none]),
        Bad(testDescription: "an empty scope", reason: "token_scope", status: 403, claims: ["scope": ""]),
        Bad(
            testDescription: "too long", reason: "token_too_long",
            claims: ["pad": .string(String(repeating: "a", count: 5400))]),
        Bad(testDescription: "a changed signature", reason: "token_signature") {
            String($0.dropLast(12)) + "AAAAAAAAAAAA"
        },
        Bad(testDescription: "another payload", reason: "token_signature") {
            let parts = $0.split(separator: ".")
            return "\(parts[0]).\(StrictBase64.url.text(Array(#"{"iss":"\#(issuer)"}"#.utf8))).\(parts[2])"
        },
        Bad(testDescription: "a second spelling", reason: "identity_token_unknown") { $0 + "=" },
        Bad(testDescription: "four parts", reason: "identity_token_unknown") { $0 + ".a" },
        Bad(testDescription: "no JSON", reason: "token_malformed") { _ in "YQ.YQ.YQ" },
        Bad(testDescription: "nothing at all", reason: "token_malformed", scheme: "DPoP") { _ in "x" },
    ]

    @Test func `Every other token is refused, with a reason of its own`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let forge = try TokenForge()
        let text = Self.text(to: upstream.server.port, more: ", issued_after: 2025-01-01T00:00:00Z")
        try await RunningGate.run(text, prepare: Self.prepare(forge)) { gate throws in
            for bad in Self.bad {
                // A clock that has gone on says less of a token that was issued long ago than the rule about it.
                let token = bad.change(try forge.token(Self.claims(bad.claims), header: bad.header))
                let answer = try Self.call(gate, "search", token: token, scheme: bad.scheme)
                let expected = bad.testDescription == "issued before what counts" ? "token_expired" : bad.reason
                #expect(answer.status == bad.status, "\(bad.testDescription): \(answer.text)")
                #expect(Self.reason(answer) == expected, "\(bad.testDescription): \(answer.text)")
                let challenge = answer["www-authenticate"] ?? ""
                if bad.status == 401 { #expect(challenge.contains("error=\"invalid_"), "\(bad.testDescription)") }
                if token.utf8.count > 60 { #expect(!answer.text.contains(token.prefix(60)), "\(bad.testDescription)") }
            }
            #expect(upstream.server.connectionCount == 0)
            // A good one passes on, and a second field beside it is one too many.
            let token = try forge.token(Self.claims())
            #expect(try Self.call(gate, "search", token: token).status == 200)
            let twice = try Self.call(gate, "search", token: token, fields: "authorization: Bearer x\r\n")
            #expect(twice.status == 400)
        }
    }

    @Test func `Tokens that were issued too early count no more after a reload`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let forge = try TokenForge()
        try await RunningGate.run(Self.text(to: upstream.server.port), prepare: Self.prepare(forge)) { gate throws in
            let token = try forge.token(Self.claims())
            #expect(try Self.call(gate, "search", token: token).status == 200)
            try gate.rewrite(Self.text(to: upstream.server.port, more: ", issued_after: 2099-01-01T00:00:00Z"))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(Self.reason(try Self.call(gate, "search", token: token)) == "token_revoked")
            // Other keys of the same server.
            let other = try TokenForge()
            try ServiceGate.write(other.keySet, as: "corp.jwks", in: gate.directory)
            try gate.rewrite(Self.text(to: upstream.server.port))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(Self.reason(try Self.call(gate, "search", token: token)) == "token_key_unknown")
            #expect(try Self.call(gate, "search", token: other.token(Self.claims())).status == 200)
            // And the agent that is known by them no more.
            try gate.rewrite(Self.text(to: upstream.server.port, attest: ServiceGate.tokenAttestation))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(Self.reason(try Self.call(gate, "search", token: other.token(Self.claims()))) == "identity_unknown")
            #expect(try Self.call(gate, "search", token: ServiceGate.token).status == 200)
        }
    }

    // MARK: Keys that are fetched

    private static func withKeys(
        _ answer: @escaping @Sendable () -> SecureServer.Answer,
        _ body: @escaping @Sendable (RunningGate, SecureServer, ToolUpstream) throws -> Void
    ) async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let authority = try TestAuthority()
        let keys = try await SecureServer(try authority.issue(dnsNames: ["login.test"])) { _ in answer() }
        let text = Self.text(
            to: upstream.server.port,
            keys: "keys_url: \"https://login.test:\(keys.port)/keys\", ca: $DIRECTORY/ca.pem, allow_private: true"
        ).replacing(
            "hosts: {tickets.test: [127.0.0.1]}", with: "hosts: {tickets.test: [127.0.0.1], login.test: [127.0.0.1]}")
        try await RunningGate.run(
            text,
            prepare: {
                try ServiceGate.prepare($0)
                try ServiceGate.write(try authority.pem, as: "ca.pem", in: $0)
            }
        ) { gate throws in try body(gate, keys, upstream) }
        await keys.stop()
    }

    @Test func `Keys are fetched once for all that wait, whose requests go on then`() async throws {
        let forge = try TokenForge()
        let set = forge.keySet
        try await Self.withKeys({ .ok(set) }) { gate, keys, upstream in
            let token = try forge.token(Self.claims())
            let body = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#
            let head =
                "POST /s/tickets HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                + "MCP-Protocol-Version: 2025-06-18\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let sockets = try (0..<20).map { _ in try RawSocket.connect(port: gate.port) }
            for (number, socket) in sockets.enumerated() {
                // Some send their bodies at once, some later.
                try socket.write(number % 2 == 0 ? head + body : head)
            }
            for (number, socket) in sockets.enumerated() where number % 2 == 1 { try socket.write(body) }
            for socket in sockets {
                let answer = try HTTPText.readResponse(from: socket)
                #expect(answer.status == 200 && answer.text.contains(#""search""#), "\(answer.text)")
            }
            #expect(keys.requests.count == 1)
            // Made-up names of keys make nobody ask again and again.
            for name in ["a", "b", "c"] {
                let answer = try Self.call(
                    gate, "search", token: forge.token(Self.claims(), header: ["kid": .string(name)]))
                #expect(answer.status == 401 || answer.status == 503)
            }
            #expect(keys.requests.count <= 2)
            #expect(try Self.call(gate, "search", token: token).status == 200)
            _ = upstream
        }
    }

    @Test(
        "Keys that cannot be had are nobody's fault but their server's",
        arguments: ["500", "no JSON", "too long", "a secret"])
    func unavailable(_ kind: String) async throws {
        let forge = try TokenForge()
        try await Self.withKeys({
            switch kind {
            case "500": SecureServer.Answer("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")
            case "no JSON": .ok("[]")
            case "a secret": .ok(#"{"keys":[{"kty":"oct","k":"AAAA","kid":"a"}]}"#)
            default: .ok(String(repeating: " ", count: 600_000))
            }
        }) { gate, keys, upstream in
            let token = try forge.token(Self.claims())
            for _ in 0..<3 {
                let answer = try Self.call(gate, "search", token: token)
                #expect(answer.status == 503, "\(answer.text)")
                #expect(Self.reason(answer) == "token_keys_unavailable")
                #expect(answer["www-authenticate"] == nil)
            }
            #expect(keys.requests.count == 1)
            #expect(upstream.server.connectionCount == 0)
        }
    }

    // MARK: Configuration

    @Test(
        "What could not work is said at the start",
        arguments: [
            ("corp.jwks", "{\"keys\":[]}", "no key with a kid"), ("corp.jwks", "x", "keys"),
        ])
    func unusable(_ file: String, _ content: String, _ expected: String) async throws {
        let error = try await RunningGate.failure(Self.text(to: 9)) {
            try ServiceGate.prepare($0)
            try ServiceGate.write(content, as: file, in: $0)
        }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
}
