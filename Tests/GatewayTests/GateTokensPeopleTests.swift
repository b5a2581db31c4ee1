// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import Identity
import Protocols
import Storage
import Synchronization
import Testing
import Transport

@testable import Gateway
@testable import IdentityPlane

/// ID tokens of front ends as subjects of tool tokens.
@Suite struct GateTokensPeopleTests {
    private static let now: Int64 = 1_790_000_000
    private static let issuer = "https://gw.gate.test"
    private static let provider = "https://idp.test"

    /// A provider that has metadata and keys, as long as it is up.
    private struct Keys: ProviderFetcher {
        let signer: KeySigner
        let isUp: Bool

        func fetch(_ request: ProviderFetch) async throws(ProviderFetchFailure) -> ProviderAnswer {
            guard isUp else { throw ProviderFetchFailure("nobody answers") }
            let metadata = """
                {"issuer":"\(provider)","authorization_endpoint":"\(provider)/a","token_endpoint":"\(provider)/t",\
                "jwks_uri":"\(provider)/k","code_challenge_methods_supported":["S256"]}
                """
            return request.url.target == "/k"
                ? ProviderAnswer(status: 200, body: JSONWebKeySet([signer.verificationKey.jsonWebKey]).json.bytes)
                : ProviderAnswer(status: 200, body: Array(metadata.utf8))
        }
    }

    private struct Harness {
        let service: TokenService
        let signer: KeySigner
        let bot: ExchangeClient

        func exchange(_ token: String) async -> TokenAnswer {
            let details = #"[{"type":"mcp_tool_call","server":"tickets","tool":"search"}]"#
            let body = FormText.encode([
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
                ("resource", "\(issuer)/mcp/tickets"), ("authorization_details", details),
            ])
            return await service.answer(
                TokenRequest(
                    method: "POST", path: "/token", contentType: "application/x-www-form-urlencoded",
                    body: Array(body.utf8)), client: bot)
        }

        func token(_ changes: [String: JSONValue?] = [:], signer other: KeySigner? = nil) throws -> String {
            var object = JSONObject()
            object["iss"] = .string(provider)
            object["sub"] = "8812"
            object["aud"] = "chat"
            object["iat"] = .integer(now - 10)
            object["exp"] = .integer(now + 290)
            object["auth_time"] = .integer(now - 100)
            for (name, value) in changes { object[name] = value }
            return String(
                decoding: try (other ?? signer).sign(JSONValue.object(object).bytes, type: "JWT"), as: UTF8.self)
        }
    }

    private func run(
        frontEnds: [String] = ["chat"], isUp: Bool = true, _ body: (Harness) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "yett-people-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let origin = try #require(NoteName("gate.test/audit"))
        let log = try AuditLog.open(AuditLog.Configuration(directory: directory + "/audit", origin: origin))
        defer { log.close() }
        let clock = Clock(monotonic: { 0 }, wall: { Self.now * 1_000_000 })
        let bot = try SPIFFEID(parsing: "spiffe://gate.test/agent/bot")
        var grant = Grant(name: "tickets", hosts: [try HostPattern(parsing: "tickets.test")])
        grant.tools = [ToolGrant(name: "search")]
        grant.requirement.person = true
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: bot.trustDomain,
            agents: AgentDirectory(agents: [.init(id: bot, allowsCertificate: true)]),
            grants: [bot: GrantIndex(agent: "bot", grants: [grant])], addressGuard: AddressGuard())
        let signer = try KeySigner(.generate())
        let registration = OpenIDProvider(
            name: "corp", issuer: try #require(ProviderURL(Self.provider)), clientID: "gate", algorithms: [.es256],
            frontEnds: frontEnds)
        let now: @Sendable () -> Int64 = { Self.now }
        let people = PeopleService(
            PeopleSettings(url: try #require(ProviderURL("https://gate.test"))),
            providers: [ProviderClient(registration, secret: nil, fetcher: Keys(signer: signer, isUp: isUp), now: now)],
            now: now, report: { _ in })
        let server = TokenTarget(
            resource: TokenResource(identifier: "\(Self.issuer)/mcp/tickets", server: "tickets"),
            destination: Destination(host: try Host(parsing: "tickets.test"), port: 443, scheme: .https))
        let tokens = GateTokens(
            keys: try ToolKeyRing(now: Self.now), authorizer: Authorizer(snapshot: snapshot),
            database: try StateDatabase(path: directory + "/state.db"), log: log,
            servers: TokenTargets([server]), identities: nil, issuer: Self.issuer, clock: clock, people: people)
        let service = try TokenService(
            issuer: Self.issuer, gate: try SPIFFEID(parsing: "spiffe://gate.test/gateway"), authority: tokens,
            revocations: [])
        let client = ExchangeClient(
            id: bot, certificateThumbprint: [UInt8](repeating: 7, count: 32), certificateExpiry: Self.now + 3600)
        try await body(Harness(service: service, signer: signer, bot: client))
    }

    @Test("an ID token of a front end of ours makes the person the subject")
    func frontEnd() async throws {
        try await run { harness in
            let answer = await harness.exchange(try harness.token())
            let token = try #require(answer.body?["access_token"]?.string, "\(answer.body?.text ?? "")")
            let part = token.split(separator: ".").dropFirst().first ?? ""
            let payload = try JSONValue(parsing: StrictBase64.url.decode(part.utf8) ?? [])
            #expect(payload["sub"]?.string == PersonSubject.text(issuer: Self.provider, subject: "8812"))
            #expect(payload["auth_time"]?.integer == Self.now - 100)
            #expect(payload["act"]?["sub"]?.string == "spiffe://gate.test/agent/bot")
        }
    }

    @Test(
        "an ID token that is for somebody else, of another time or of another issuer is no subject",
        arguments: [
            ["aud": "gate"], ["aud": "another"], ["aud": ["chat", "another"]], ["azp": "another"],
            ["aud": ["chat", "another"], "azp": "another"], ["iss": "https://idp.test/"],
            ["iss": "https://evil.example"], ["exp": 1_789_999_990], ["iat": 1_789_999_699], ["iat": 1_790_000_061],
            ["iat": nil], ["sub": nil],
        ] as [[String: JSONValue?]])
    func others(_ changes: [String: JSONValue?]) async throws {
        try await run { harness in
            let answer = await harness.exchange(try harness.token(changes))
            #expect(answer.status == 400 && answer.body?["error"]?.string == "invalid_grant")
        }
    }

    @Test("F-24: a tool token, a token of another key, and random text are no subjects")
    func otherKeys() async throws {
        try await run { harness in
            let stranger = try KeySigner(.generate())
            let own = await harness.exchange(try harness.token()).body?["access_token"]?.string ?? ""
            for token in [try harness.token(signer: stranger), own, "x", "a.b.c", own + "x"] {
                let answer = await harness.exchange(token)
                #expect(answer.status == 400)
            }
        }
    }

    @Test("without registered front ends there are none, and a provider that is down is a 503")
    func registrations() async throws {
        try await run(frontEnds: []) { harness in
            let answer = await harness.exchange(try harness.token())
            #expect(answer.status == 400)
        }
        try await run(isUp: false) { harness in
            let answer = await harness.exchange(try harness.token())
            #expect(answer.status == 503)
        }
    }
}
