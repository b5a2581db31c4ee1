// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras
import Identity
import Protocols
import Testing

@Suite struct IDTokenTests {
    private static let now: Int64 = 1_800_000_000
    private let signer: KeySigner
    private let fixture: PeopleFixture

    init() throws {
        signer = try KeySigner(.generate())
        fixture = try PeopleFixture()
    }

    private var base: JSONValue {
        [
            "iss": "https://idp.example.org", "sub": "248289761001", "aud": "gate", "exp": .integer(Self.now + 300),
            "iat": .integer(Self.now), "nonce": .string(fixture.request.nonce),
            "auth_time": .integer(Self.now - 60), "acr": "urn:mace:incommon:iap:silver",
            "groups": ["staff", "on-call"], "email": "alice@example.org",
        ]
    }

    private func verify(
        _ changes: [String: JSONValue?] = [:], header: String? = nil, provider: OpenIDProvider? = nil,
        key: VerificationKey? = nil, edit: (inout IDTokenDemands) -> Void = { _ in }
    ) throws -> PersonClaims {
        let provider = provider ?? fixture.provider
        let token = try TokenFixture.token(
            header: header ?? TokenFixture.header(signer, type: "JWT"), payload: TokenFixture.object(base, changes),
            signer: signer)
        var demands = IDTokenDemands(fixture.request)
        edit(&demands)
        return try IDToken.verify(
            IDToken.parse(token, of: provider), of: provider, key: key ?? signer.verificationKey, demands: demands,
            now: Self.now
        ).claims
    }

    @Test("takes the person from issuer and subject, and never the e-mail address")
    func person() throws {
        let claims = try verify()
        #expect(claims.person.description == "https://idp.example.org#248289761001")
        #expect(claims.groups == ["staff", "on-call"])
        #expect(claims.authenticationTime == Self.now - 60)
        #expect(claims.authenticationContext == "urn:mace:incommon:iap:silver")
        let other = try verify(["email": "eve@example.org"])
        #expect(other.person == claims.person)
    }

    @Test(
        "F-28: refuses tokens that are another's, of another time or of another sign-in",
        arguments: [
            (["iss": "https://idp.example.org/"], .issuer), (["iss": "https://IDP.example.org"], .issuer),
            (["iss": nil], .missing("iss")), (["aud": "another"], .audience), (["aud": []], .malformed("aud")),
            (["aud": ["gate", "another"]], .missing("azp")),
            (["aud": ["gate", "another"], "azp": "another"], .mismatch("azp")),
            (["azp": "another"], .mismatch("azp")), (["azp": 1], .malformed("azp")),
            (["nonce": "other"], .mismatch("nonce")), (["nonce": nil], .missing("nonce")),
            (["exp": .integer(now - 5)], .expired), (["exp": nil], .missing("exp")),
            (["exp": "1900000000"], .malformed("exp")), (["iat": nil], .missing("iat")),
            (["iat": .integer(now + 61)], .notYetValid), (["iat": .integer(now - 601)], .expired),
            (["nbf": .integer(now + 61)], .notYetValid), (["auth_time": .integer(now + 61)], .notYetValid),
            (["sub": nil], .missing("sub")), (["sub": ""], .malformed("sub")), (["sub": "a b"], .malformed("sub")),
            (["sub": "\u{e9}"], .malformed("sub")),
            (["sub": .string(String(repeating: "a", count: 256))], .malformed("sub")),
            (["groups": ["a", 1]], .malformed("groups")), (["groups": ["a\u{1b}[2J"]], .malformed("groups")),
            (["groups": [""]], .malformed("groups")),
            (["groups": .array([JSONValue](repeating: "g", count: 513))], .malformed("groups")),
        ] as [([String: JSONValue?], ClaimsError)])
    func claims(_ changes: [String: JSONValue?], _ error: ClaimsError) {
        #expect(throws: IDTokenError.claims(error)) { try verify(changes) }
    }

    @Test("takes a token for several audiences when the gate is the one that asked for it")
    func severalAudiences() throws {
        #expect(throws: Never.self) { try verify(["aud": ["another", "gate"], "azp": "gate"]) }
    }

    @Test(
        "F-21: refuses algorithms that are none, symmetric, or not those of the registration",
        arguments: ["none", "HS256", "RS256", "es256", "ES384", ""])
    func algorithms(_ name: String) {
        let header = #"{"alg":"\#(name)","kid":"\#(signer.keyID)","typ":"JWT"}"#
        #expect(throws: IDTokenError.self) { try verify(header: header) }
    }

    @Test("F-21: an algorithm that the key has is refused when the registration does not have it")
    func pinned() {
        var provider = fixture.provider
        provider.algorithms = [.rs256, .ps256]
        #expect(throws: IDTokenError.algorithm) { try verify(provider: provider) }
    }

    @Test("F-21: an algorithm of the registration is refused under a key that names another")
    func keyAlgorithm() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let numbers = try key.publicKey.getKeyPrimitives()
        let parameters = JSONWebKey.Parameters.rsa(
            modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent))
        let verification = try VerificationKey(
            JSONWebKey(parameters, keyID: signer.keyID, use: "sig", algorithm: "PS256"))
        var provider = fixture.provider
        provider.algorithms = [.rs256, .ps256, .es256]
        let header = #"{"alg":"RS256","kid":"\#(signer.keyID)","typ":"JWT"}"#
        #expect(throws: IDTokenError.token(.otherAlgorithm)) {
            try verify(header: header, provider: provider, key: verification)
        }
    }

    @Test(
        "F-21: refuses headers that bring their own key, extensions or another kind of token",
        arguments: [
            #""crit":["x"]"#, #""typ":"at+jwt""#, #""typ":"logout+jwt""#, #""b64":false"#,
        ])
    func headers(_ member: String) {
        let header = #"{"alg":"ES256","kid":"\#(signer.keyID)",\#(member)}"#
        #expect(throws: IDTokenError.self) { try verify(header: header) }
    }

    @Test("a key within the header is not looked at, and a token without kid is refused")
    func embeddedKey() throws {
        let attacker = try KeySigner(.generate())
        let jwk = String(decoding: attacker.verificationKey.jsonWebKey.json.bytes, as: UTF8.self)
        let header = #"{"alg":"ES256","kid":"\#(signer.keyID)","jwk":\#(jwk)}"#
        let token = try TokenFixture.token(header: header, payload: TokenFixture.object(base, [:]), signer: attacker)
        #expect(throws: IDTokenError.token(.signature)) {
            try IDToken.verify(
                IDToken.parse(token, of: fixture.provider), of: fixture.provider, key: signer.verificationKey,
                demands: IDTokenDemands(fixture.request), now: Self.now)
        }
        #expect(throws: IDTokenError.token(.keyID)) { try verify(header: #"{"alg":"ES256"}"#) }
        #expect(throws: IDTokenError.token(.keyID)) { try verify(header: #"{"alg":"ES256","kid":""}"#) }
    }

    @Test("a sign-in that demands freshness needs auth_time, and a recent one")
    func freshness() throws {
        #expect(throws: Never.self) { try verify { $0.maximumAge = 60 } }
        #expect(throws: IDTokenError.claims(.missing("auth_time"))) {
            try verify(["auth_time": nil]) { $0.maximumAge = 60 }
        }
        #expect(throws: IDTokenError.claims(.mismatch("auth_time"))) {
            try verify(["auth_time": .integer(Self.now - 200)]) { $0.maximumAge = 60 }
        }
        #expect(try verify(["auth_time": nil]).authenticationTime == nil)
    }

    @Test("at_hash ties the access token to the ID token")
    func accessTokenHash() throws {
        // OpenID Connect Core 1.0, appendix A.3.
        let accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
        #expect(throws: Never.self) {
            try verify(["at_hash": "77QmUPtjPfzWtF2AnpK9RQ"]) { $0.accessToken = accessToken }
        }
        #expect(throws: IDTokenError.claims(.mismatch("at_hash"))) {
            try verify(["at_hash": "77QmUPtjPfzWtF2AnpK9RQ"]) { $0.accessToken = accessToken + "x" }
        }
    }

    @Test("a renewed token may leave the nonce out, but not bring another")
    func renewal() throws {
        let nonce = fixture.request.nonce
        #expect(throws: Never.self) { try verify(["nonce": nil]) { $0.nonce = .ifPresent(nonce) } }
        #expect(throws: IDTokenError.claims(.mismatch("nonce"))) {
            try verify(["nonce": "other"]) { $0.nonce = .ifPresent(nonce) }
        }
    }
}
