// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

@Suite struct AccessTokenTests {
    typealias Fixture = TokenFixture
    private static let now = TokenFixture.now
    private static let resource = "https://gate.test/s/tickets"

    private let signer: KeySigner
    private let issuer: AccessTokenIssuer

    init() throws {
        signer = try KeySigner(.generate())
        issuer = AccessTokenIssuer(
            issuer: try #require(ProviderURL("https://login.test")), algorithms: [.es256],
            issuedAfter: Self.now - 7200)
    }

    private func verify(
        _ changes: [String: JSONValue?] = [:], _ header: [String: JSONValue?] = [:], audiences: [String] = [resource],
        issuer other: AccessTokenIssuer? = nil
    ) throws -> Result<AccessTokenClaims, ToolTokenError> {
        let base: JSONValue = [
            "iss": "https://login.test", "sub": "bot", "aud": .string(Self.resource), "scope": "a b",
            "iat": .integer(Self.now), "exp": .integer(Self.now + 600), "jti": "1",
        ]
        let head: JSONValue = ["alg": "ES256", "typ": "at+jwt", "kid": .string(signer.keyID)]
        let token = try Fixture.token(
            header: Fixture.object(head, header), payload: Fixture.object(base, changes), signer: signer)
        let issuer = other ?? issuer
        return Result { () throws(ToolTokenError) in
            let (jws, claimed) = try AccessToken.parse(token)
            guard claimed.utf8.elementsEqual(issuer.issuer.description.utf8) else { throw .claims(.issuer) }
            return try AccessToken.verify(
                jws, of: issuer, key: signer.verificationKey, audiences: audiences, now: Self.now)
        }
    }

    @Test func `A good token says its scopes and claims`() throws {
        let claims = try verify().get()
        #expect(claims.scopes == ["a", "b"])
        #expect(claims.tokenID == "1")
        #expect(claims.expiry == Self.now + 600)
        #expect(claims.confirmation == nil)
        #expect("\(claims)" == "[redacted]")
        #expect(try verify(["scope": .none]).get().scopes == [])
        #expect(try verify(["scope": ""]).get().scopes == [])
        #expect(try verify(["aud": [.string(Self.resource)]]).get().scopes == ["a", "b"])
        #expect(try verify(audiences: ["x", Self.resource]).get().scopes == ["a", "b"])
        #expect(try verify([:], ["typ": "application/at+jwt"]).get().scopes == ["a", "b"])
        var plain = issuer
        plain.types = [.plain]
        #expect(try verify([:], ["typ": "JWT"], issuer: plain).get().scopes == ["a", "b"])
        #expect(try verify([:], [:], issuer: plain) == .failure(.token(.type)))
    }

    @Test(
        "Times have windows",
        arguments: [
            (["exp": -5], ClaimsError.expired), (["exp": -4], nil), (["iat": 60], nil), (["iat": 61], .notYetValid),
            (["nbf": 60], nil), (["nbf": 61], .notYetValid), (["iat": -7200, "exp": 10], nil),
            (["iat": -7201, "exp": 10], .mismatch("iat")), (["exp": 86_400], nil), (["exp": 86_401], .lifetime),
            (["iat": 30, "exp": 30], .lifetime),
        ] as [([String: Int64], ClaimsError?)])
    func times(_ offsets: [String: Int64], _ expected: ClaimsError?) throws {
        var changes = offsets.mapValues { JSONValue.integer(Self.now + $0) as JSONValue? }
        if offsets["exp"].map({ $0 < 0 }) ?? false { changes["iat"] = .integer(Self.now - 60) }
        if offsets["iat"].map({ $0 > 0 }) ?? false, offsets["exp"] == nil { changes["exp"] = .integer(Self.now + 600) }
        switch try verify(changes) {
        case .success: #expect(expected == nil)
        case .failure(let error): #expect(error == expected.map { .claims($0) })
        }
    }

    @Test(
        "Whom it is for is one text",
        arguments: [
            ["https://gate.test/s/ticket"], ["https://gate.test/s/tickets/"], ["HTTPS://gate.test/s/tickets"],
            ["https://gate.test/s/tickets", "https://gate.test/s/tickets"], ["https://gate.test/s/tickets", "x"],
        ])
    func audience(_ texts: [String]) throws {
        #expect(try verify(["aud": .array(texts.map { .string($0) })]) == .failure(.claims(.audience)))
    }

    @Test func `Mandatory claims are mandatory, and have their types`() throws {
        for name in ["iss", "sub", "aud", "iat", "exp"] {
            #expect(try verify([name: .none]) == .failure(.claims(.missing(name))))
            #expect(try verify([name: .null]) == .failure(.claims(.malformed(name))))
            #expect(try verify([name: true]) == .failure(.claims(.malformed(name))))
        }
        for name in ["scope", "jti"] { #expect(try verify([name: 1]) == .failure(.claims(.malformed(name)))) }
        #expect(
            try verify(["scope": .string(String(repeating: "a ", count: 300))])
                == .failure(.claims(.malformed("scope"))))
    }

    @Test func `Only texts of three parts look like tokens`() {
        for text in ["a.b.c", "..", "eyJ.e30.AAAA-_"] { #expect(AccessToken.hasForm(text.utf8)) }
        for text in ["", "a.b", "a.b.c.d", "a.b.c ", "a.b.c=", "a b.c.d", "é.b.c"] {
            #expect(!AccessToken.hasForm(text.utf8))
        }
    }

    @Test func `A long token is not decoded`() throws {
        let token = Array(String(repeating: "A", count: 8193).utf8)
        #expect(throws: ToolTokenError.token(.tooLong)) { try AccessToken.parse(token) }
    }
}
