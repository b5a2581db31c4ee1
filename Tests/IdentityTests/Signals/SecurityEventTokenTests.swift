// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

/// Security event tokens of transmitters, good ones and others.
@Suite struct SecurityEventTokenTests {
    typealias Fixture = TokenFixture

    private static let revoked = SecurityEventType.sessionRevoked.uri
    private let signer: KeySigner
    private let transmitter: SecurityEventTransmitter

    init() throws {
        signer = try KeySigner(.generate())
        transmitter = SecurityEventTransmitter(
            issuer: try #require(ProviderURL("https://idp.test/realms/a")), audience: "https://gate.test/signals",
            trustDomains: [try TrustDomain(parsing: "gate.test")])
    }

    private static let claims: JSONValue = [
        "iss": "https://idp.test/realms/a", "aud": "https://gate.test/signals", "jti": "24c63fb5", "iat": 1_800_000_000,
        "sub_id": ["format": "iss_sub", "iss": "https://idp.test/realms/a", "sub": "alice"],
        "events": [
            "https://schemas.openid.net/secevent/caep/event-type/session-revoked": ["event_timestamp": 1_799_999_990]
        ],
    ]

    private func verify(
        _ changes: [String: JSONValue?] = [:], header: String? = nil, now: Int64 = Fixture.now
    ) throws(SecurityEventError) -> SecurityEventToken {
        let header = header ?? Fixture.header(signer, type: SecurityEventToken.type)
        let token =
            (try? Fixture.token(header: header, payload: Fixture.object(Self.claims, changes), signer: signer)) ?? []
        return try SecurityEventToken.verify(
            try SecurityEventToken.parse(token).jws, of: transmitter, key: signer.verificationKey, now: now)
    }

    private func code(_ changes: [String: JSONValue?], now: Int64 = Fixture.now) -> SecurityEventError.Code? {
        do throws(SecurityEventError) {
            _ = try verify(changes, now: now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `A session that was revoked is somebody's, from a moment on`() throws {
        let token = try verify()
        #expect(token.tokenID == "24c63fb5" && token.events.map(\.name) == ["session-revoked"])
        let event = try #require(token.events.first)
        #expect(event.effect == .revoke && token.moment(of: event) == 1_799_999_990)
        let person = try #require(PersonIdentifier(issuer: "https://idp.test/realms/a", subject: "alice"))
        #expect(token.subject?.subjects(for: transmitter) == [.person(person)])
        #expect(transmitter.speaks(about: .person(person)))
        #expect("\(token)" == "[redacted]")
    }

    @Test(arguments: [
        #"{"alg":"none","kid":"k","typ":"secevent+jwt"}"#, #"{"alg":"HS256","kid":"k","typ":"secevent+jwt"}"#,
        #"{"alg":"es256","kid":"k","typ":"secevent+jwt"}"#, #"{"alg":"ES256","kid":"","typ":"secevent+jwt"}"#,
        #"{"alg":"ES256","typ":"secevent+jwt"}"#, #"{"alg":"ES256","kid":"k","typ":"JWT"}"#,
        #"{"alg":"ES256","kid":"k","typ":"at+jwt"}"#, #"{"alg":"ES256","kid":"k"}"#,
        #"{"alg":"ES256","kid":"k","typ":"secevent+jwt","crit":["exp"]}"#,
        #"{"alg":"ES256","kid":"k","typ":"secevent+jwt","b64":false}"#,
        #"{"alg":"ES256","kid":"k","typ":"secevent+jwt","jwk":{}}"#,
        #"{"alg":"ES256","kid":"k","typ":"secevent+jwt","jku":"https://evil.test"}"#,
        #"{"alg":"ES256","kid":"k","typ":"secevent+jwt","x5c":[]}"#,
        #"{"alg":"ES256","alg":"none","kid":"k","typ":"secevent+jwt"}"#,
    ])
    func `A head that could be talked into something is refused before any key is looked for`(header: String) throws {
        let token = try Fixture.token(header: header, payload: Self.claims.text, signer: signer)
        #expect(throws: SecurityEventError.self) { try SecurityEventToken.parse(token) }
    }

    @Test func `Algorithms that the operator did not register do not count, nor do signatures of others`() throws {
        var other = transmitter
        other.algorithms = [.rs256]
        let token = try Fixture.token(
            header: Fixture.header(signer, type: SecurityEventToken.type), payload: Self.claims.text, signer: signer)
        let jws = try SecurityEventToken.parse(token).jws
        #expect(throws: SecurityEventError(.invalidKey, JWSError.otherAlgorithm.description)) {
            try SecurityEventToken.verify(jws, of: other, key: signer.verificationKey, now: Fixture.now)
        }
        let stranger = try KeySigner(.generate())
        #expect(throws: SecurityEventError(.invalidKey, JWSError.signature.description)) {
            try SecurityEventToken.verify(jws, of: transmitter, key: stranger.verificationKey, now: Fixture.now)
        }
    }

    @Test(
        arguments: [
            (["iss": "https://idp.test/realms/b"], SecurityEventError.Code.invalidIssuer),
            (["iss": nil], .invalidRequest),
            (["iss": "https://idp.test/realms/a/"], .invalidIssuer), (["aud": "https://other.test"], .invalidAudience),
            (["aud": []], .invalidRequest), (["aud": nil], .invalidRequest), (["aud": ["x", 1]], .invalidRequest),
            (["jti": nil], .invalidRequest), (["jti": ""], .invalidRequest), (["jti": "a b"], .invalidRequest),
            (["jti": "\u{e9}"], .invalidRequest), (["jti": 7], .invalidRequest),
            (["jti": .string(String(repeating: "j", count: 257))], .invalidRequest),
            (["iat": nil], .invalidRequest), (["iat": 1_800_000_061], .invalidRequest),
            (["iat": 1_799_913_600], .invalidRequest), (["iat": "1800000000"], .invalidRequest),
            (["iat": -1], .invalidRequest), (["exp": 1_900_000_000], .invalidRequest),
            (["sub": "alice"], .invalidRequest),
            (["nonce": "n"], .invalidRequest), (["nbf": 1], .invalidRequest), (["toe": 1_800_000_061], .invalidRequest),
            (["events": nil], .invalidRequest), (["events": [:]], .invalidRequest), (["events": []], .invalidRequest),
            (["events": ["x": 1]], .invalidRequest), (["sub_id": []], .invalidRequest),
            (["sub_id": ["format": "iss_sub", "iss": "https://idp.test/realms/a"]], .invalidRequest),
            (["sub_id": ["format": "iss_sub", "iss": "", "sub": "a"]], .invalidRequest),
            (["sub_id": ["format": "iss_sub", "iss": "https://idp.test", "sub": "a b"]], .invalidRequest),
            (["sub_id": ["format": "aliases", "identifiers": []]], .invalidRequest),
        ] as [([String: JSONValue?], SecurityEventError.Code)])
    func `Claims that do not fit are refused with the code for it`(
        changes: [String: JSONValue?], expected: SecurityEventError.Code
    ) {
        #expect(code(changes) == expected)
    }

    @Test func `One of several audiences is enough, and clocks may differ by a minute`() throws {
        #expect(code(["aud": ["https://other.test", "https://gate.test/signals"]]) == nil)
        #expect(code(["iat": 1_800_000_060]) == nil && code(["iat": 1_799_913_601]) == nil)
    }

    @Test func `No subject hides in another one, and none stands at two places`() throws {
        var nested: JSONValue = ["format": "iss_sub", "iss": "https://idp.test/realms/a", "sub": "alice"]
        for _ in 0..<2 { nested = ["format": "complex", "user": nested] }
        #expect(code(["sub_id": nested]) == nil)
        #expect(code(["sub_id": ["format": "complex", "user": nested]]) == .invalidRequest)
        let parts = (0..<9).map { ("p\($0)", JSONValue.object(JSONObject([("format", "email")]) ?? JSONObject())) }
        #expect(code(["sub_id": .object(try #require(JSONObject(parts)))]) == .invalidRequest)
        let within: JSONValue = ["subject": ["format": "opaque", "id": "bob"]]
        #expect(code(["events": .object(try #require(JSONObject([(Self.revoked, within)])))]) == .invalidRequest)
        let draft = try verify(["sub_id": nil, "events": .object(try #require(JSONObject([(Self.revoked, within)])))])
        #expect(draft.subject == .opaque("bob"))
        let many = (0..<9).map { ("https://e.test/\($0)", JSONValue.object(JSONObject())) }
        #expect(code(["events": .object(try #require(JSONObject(many)))]) == .invalidRequest)
    }

    @Test func `Names that change hands are nobody's`() throws {
        for subject: JSONValue in [
            ["format": "email", "email": "alice@idp.test"], ["format": "account", "uri": "acct:alice@idp.test"],
            ["format": "phone_number", "phone_number": "+1"], ["format": "uri", "uri": "https://idp.test/alice"],
            ["format": "did", "url": "did:example:1"], ["format": "opaque", "id": "alice"],
            ["format": "complex", "tenant": ["format": "opaque", "id": "t"]],
            ["format": "made-up"],
        ] {
            #expect(try SubjectIdentifier(subject).subjects(for: transmitter).isEmpty, "\(subject.text)")
        }
        var other = transmitter
        other.hasOpaqueSubjects = true
        let alice = try #require(PersonIdentifier(issuer: "https://idp.test/realms/a", subject: "alice"))
        #expect(try SubjectIdentifier(["format": "opaque", "id": "alice"]).subjects(for: other) == [.person(alice)])
    }

    @Test func `Of a subject in parts the user is meant, and a workload by its SPIFFE ID`() throws {
        let alice = try #require(PersonIdentifier(issuer: "https://idp.test/realms/a", subject: "alice"))
        let subject = try SubjectIdentifier([
            "format": "complex", "user": ["format": "iss_sub", "iss": "https://idp.test/realms/a", "sub": "alice"],
            "session": ["format": "opaque", "id": "s"], "tenant": ["format": "opaque", "id": "t"],
        ])
        #expect(subject.subjects(for: transmitter) == [.person(alice)])
        let bot = try SPIFFEID(parsing: "spiffe://gate.test/agent/bot")
        let workload = try SubjectIdentifier(["format": "uri", "uri": .string(bot.description)])
        #expect(workload.subjects(for: transmitter) == [.workload(bot)])
        #expect(transmitter.speaks(about: .workload(bot)))
        #expect(!transmitter.speaks(about: .workload(try SPIFFEID(parsing: "spiffe://other.test/agent/bot"))))
        let stranger = try #require(PersonIdentifier(issuer: "https://idp.test/realms/b", subject: "alice"))
        #expect(!transmitter.speaks(about: .person(stranger)))
        #expect(try SubjectIdentifier(workload.json) == workload && SubjectIdentifier(subject.json) == subject)
    }

    private func effect(_ type: SecurityEventType, _ payload: JSONValue) throws -> SecurityEvent.Effect {
        let events = JSONValue.object(try #require(JSONObject([(type.uri, payload)])))
        return try #require(try verify(["events": events]).events.first).effect
    }

    @Test func `Each event calls for what it says, and less assurance is a loss`() throws {
        #expect(try effect(.tokenClaimsChange, ["claims": ["role": "x"]]) == .renew)
        #expect(try effect(.credentialChange, ["change_type": "revoke"]) == .revoke)
        #expect(try effect(.credentialChange, ["change_type": "update"]) == .renew)
        #expect(try effect(.assuranceLevelChange, ["change_direction": "decrease"]) == .revoke)
        #expect(try effect(.assuranceLevelChange, ["current_level": "nist-aal1"]) == .revoke)
        #expect(try effect(.assuranceLevelChange, ["change_direction": "increase"]) == .renew)
        #expect(try effect(.deviceComplianceChange, ["current_status": "not-compliant"]) == .revoke)
        #expect(try effect(.riskLevelChange, ["current_level": "HIGH"]) == .risk(.high))
        #expect(try effect(.verification, ["state": "VGhpcw"]) == .verification(state: "VGhpcw"))
        #expect(try effect(.accountDisabled, [:]) == .revoke)
        guard case .nothing = try effect(.sessionEstablished, [:]) else {
            throw SecurityEventError(.invalidRequest, "")
        }
        for (type, payload): (SecurityEventType, JSONValue) in [
            (.credentialChange, [:]), (.credentialChange, ["change_type": "REVOKE"]),
            (.riskLevelChange, ["current_level": "high"]), (.riskLevelChange, ["current_level": 3]),
            (.assuranceLevelChange, ["change_direction": "sideways"]), (.deviceComplianceChange, [:]),
            (.sessionRevoked, ["event_timestamp": "now"]), (.sessionRevoked, ["event_timestamp": -1]),
            (.sessionRevoked, ["event_timestamp": 1_800_000_061]),
            (.sessionRevoked, try JSONValue(parsing: #"{"event_timestamp":1.5}"#)),
        ] {
            #expect(throws: SecurityEventError.self, "\(type) \(payload.text)") { try effect(type, payload) }
        }
    }

    @Test func `A time in milliseconds is the same time, and without one the token's own counts`() throws {
        func moment(_ payload: JSONValue, _ changes: [String: JSONValue?] = [:]) throws -> Int64 {
            var changes = changes
            changes["events"] = .object(try #require(JSONObject([(Self.revoked, payload)])))
            let token = try verify(changes)
            return token.moment(of: try #require(token.events.first))
        }
        #expect(try moment(["event_timestamp": 1_799_999_990_123]) == 1_799_999_990)
        #expect(try moment([:]) == 1_800_000_000)
        #expect(try moment([:], ["toe": 1_799_999_000]) == 1_799_999_000)
    }

    @Test func `An unknown event is understood as one that nobody knows`() throws {
        let events: JSONValue = ["https://events.test/unheard-of": ["x": ["y": [1, 2]]]]
        let event = try #require(try verify(["events": events]).events.first)
        #expect(event.name == "unknown")
        guard case .nothing = event.effect else { throw SecurityEventError(.invalidRequest, "") }
        // Canonically equal is not equal.
        #expect(SecurityEventType(Self.revoked + "\u{301}") == nil)
    }

    @Test func `What the gate writes, a receiver reads`() throws {
        let bot = try SPIFFEID(parsing: "spiffe://gate.test/agent/bot")
        var draft = SecurityEventDraft(.riskLevelChange, .workload(bot), time: 1_799_999_999, why: "canary \"x\"")
        draft.risk = SecurityEventDraft.RiskChange(from: .low, to: .high)
        let payload = draft.payload(
            issuer: transmitter.issuer.description, audience: transmitter.audience, tokenID: "a", issuedAt: Fixture.now)
        let token = try signer.sign(payload, type: SecurityEventToken.type)
        let read = try SecurityEventToken.verify(
            try SecurityEventToken.parse(token).jws, of: transmitter, key: signer.verificationKey, now: Fixture.now)
        #expect(read.subject == .workload(bot) && read.events.first?.effect == .risk(.high))
        #expect(read.events.first?.time == 1_799_999_999)
    }

    // MARK: Polling

    @Test func `A poll says what became of tokens, and an answer is read strictly`() throws {
        var poll = SignalPoll(maximum: 5)
        #expect(String(decoding: poll.body, as: UTF8.self) == #"{"maxEvents":5,"returnImmediately":true}"#)
        poll.acknowledged = ["a"]
        poll.refused = [SignalPoll.Refusal(tokenID: "b", error: SecurityEventError(.invalidKey, "why"))]
        let body = try JSONValue(parsing: poll.body)
        #expect(body["ack"]?[0]?.string == "a" && body["setErrs"]?["b"]?["err"]?.string == "invalid_key")
        let answer = try SignalPollAnswer(
            parsing: Fixture.bytes(#"{"sets":{"x":"t1","y":"t2"},"moreAvailable":true}"#), maximum: 2)
        #expect(answer.tokens.map(\.name) == ["x", "y"] && answer.hasMore)
        for text in [
            "", "[]", "{}", #"{"sets":[]}"#, #"{"sets":{"x":1}}"#, #"{"sets":{"":"t"}}"#,
            #"{"sets":{"x":"t","x":"u"}}"#, #"{"sets":{"a":"","b":"","c":""}}"#, #"{"sets":{},"moreAvailable":1}"#,
        ] {
            #expect(throws: ClaimsError.self, "\(text)") {
                try SignalPollAnswer(parsing: Fixture.bytes(text), maximum: 2)
            }
        }
    }
}
