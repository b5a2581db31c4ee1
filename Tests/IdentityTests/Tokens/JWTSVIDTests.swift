// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

@Suite struct JWTSVIDTests {
    typealias Fixture = TokenFixture
    private static let now = TokenFixture.now
    private static let base: JSONValue = [
        "sub": "spiffe://example.org/agent/a", "aud": ["gate"], "exp": 1_800_000_300, "iat": 1_800_000_000,
    ]

    private let signer: KeySigner
    private let bundles: TrustBundles

    init() throws {
        signer = try KeySigner(.generate(), use: "jwt-svid")
        bundles = try .only("example.org", [], keys: [signer.verificationKey])
    }

    private func failure(
        _ changes: [String: JSONValue?] = [:], header: String? = nil, now: Int64 = now, leeway: Int64 = 5,
        audience: String = "gate", bundles other: TrustBundles? = nil
    ) throws -> JWTSVIDError? {
        let token = try Fixture.token(
            header: header ?? Fixture.header(signer, type: "JWT"), payload: Fixture.object(Self.base, changes),
            signer: signer)
        do throws(JWTSVIDError) {
            _ = try JWTSVID.verify(token, audience: audience, bundles: other ?? bundles, now: now, leeway: leeway)
            return nil
        } catch {
            return error
        }
    }

    @Test("verifies what it issued")
    func roundTrip() throws {
        let id = try SPIFFEID(parsing: "spiffe://example.org/agent/a")
        let svid = try JWTSVID.issue(
            id, audience: ["gate", "other"], lifetime: 300, tokenID: [1, 2, 3], now: Self.now, signer: signer)
        let verified = try JWTSVID.verify(svid.secretToken(), audience: "other", bundles: bundles, now: Self.now)
        #expect(verified.id == id)
        #expect(verified.audience == ["gate", "other"])
        #expect(verified.expiry == Self.now + 300)
        #expect(verified.claims["jti"] == "AQID")
        #expect(try failure() == nil)
        #expect(try failure(["aud": "gate"]) == nil)
    }

    @Test(
        "F-4: every claim that must be there must be there and right",
        arguments: [
            ("sub", nil), ("sub", JSONValue.null), ("sub", 1), ("sub", ""), ("sub", ["spiffe://example.org/a"]),
            ("exp", nil),
            ("exp", .null), ("exp", "1800000300"), ("exp", true), ("exp", -1), ("exp", [1_800_000_300]),
            ("exp", 99_999_999_999_999), ("aud", nil), ("aud", .null), ("aud", 1), ("aud", ""), ("aud", []),
            ("aud", [1]),
            ("aud", ["gate", ""]), ("aud", ["gate": true]), ("iat", "1"), ("iat", .null), ("nbf", "1"), ("nbf", .null),
        ] as [(String, JSONValue?)])
    func claims(_ name: String, _ value: JSONValue?) throws {
        let error = try failure([name: value])
        #expect(error == .claims(value == nil ? .missing(name) : .malformed(name)))
    }

    @Test("sub is the ID of a workload in a trusted domain")
    func subjects() throws {
        #expect(try failure(["sub": "spiffe://example.org"]) == .noPath)
        #expect(try failure(["sub": "spiffe://Example.org/a"]) == .id(.trustDomainCharacter))
        let other = try TrustDomain(parsing: "other.org")
        #expect(try failure(["sub": "spiffe://other.org/a"]) == .untrustedDomain(other))
        // A key of one trust domain signs nothing for another.
        let foreign = try KeySigner(.generate(), use: "jwt-svid")
        let both = TrustBundles(
            bundles.all + (try TrustBundles.only("other.org", [], keys: [foreign.verificationKey]).all), version: 2)
        #expect(try failure(["sub": "spiffe://other.org/a"], bundles: both) == .unknownKey)
    }

    @Test("F-11: a token is good until it ends, for whom it is for")
    func times() throws {
        #expect(try failure(now: Self.now + 304) == nil)
        #expect(try failure(now: Self.now + 305) == .claims(.expired))
        #expect(try failure(now: Self.now + 300, leeway: 0) == .claims(.expired))
        #expect(try failure(now: Self.now + 361, leeway: 3600) == .claims(.expired))
        #expect(try failure(["nbf": 1_800_000_010]) == .claims(.notYetValid))
        #expect(try failure(["iat": 1_800_000_010]) == .claims(.notYetValid))
        #expect(try failure(["nbf": 1_800_000_005]) == nil)
        #expect(try failure(audience: "other") == .claims(.audience))
        for text in ["", "x", "a.b.c", "e30.e30.AA"] {
            #expect(throws: JWTSVIDError.self) {
                try JWTSVID.verify(Fixture.bytes(text), audience: "gate", bundles: bundles, now: Self.now)
            }
        }
    }

    @Test(
        "has no header members but alg, kid and typ, and no type of another token",
        arguments: [
            (#""typ":"at+jwt""#, .token(.type)), (#""typ":"jwt""#, .token(.type)), (#""typ":"JOSE""#, nil),
            (#""typ":"JWT""#, nil),
            (#""jku":"https://evil.test""#, .headerMember), (#""cty":"JWT""#, .headerMember),
            (#""x5c":[]"#, .headerMember),
        ] as [(String, JWTSVIDError?)])
    func headers(_ member: String, _ error: JWTSVIDError?) throws {
        #expect(try failure(header: #"{"alg":"ES256","kid":"\#(signer.keyID)",\#(member)}"#) == error)
    }

    @Test("needs a kid that the bundle has")
    func keys() throws {
        #expect(try failure(header: #"{"alg":"ES256"}"#) == .token(.keyID))
        #expect(try failure(header: #"{"alg":"ES256","kid":"x"}"#) == .unknownKey)
        #expect(try failure(header: #"{"alg":"EdDSA","kid":"\#(signer.keyID)"}"#) == .algorithm)
        let empty = TrustBundles([TrustBundle(empty: try TrustDomain(parsing: "example.org"))], version: 2)
        #expect(try failure(bundles: empty) == .unknownKey)
    }

    @Test("a payload with one claim twice is refused")
    func duplicateClaims() throws {
        let payload = #"{"sub":"spiffe://example.org/a","aud":"gate","exp":1800000300,"aud":"other"}"#
        let token = try Fixture.token(header: Fixture.header(signer, type: "JWT"), payload: payload, signer: signer)
        #expect(throws: JWTSVIDError.claims(.notAnObject)) {
            try JWTSVID.verify(token, audience: "gate", bundles: bundles, now: Self.now)
        }
    }

    @Test("issues nothing that breaks the profile")
    func issuing() throws {
        let id = try SPIFFEID(parsing: "spiffe://example.org/agent/a")
        let domain = SPIFFEID(of: id.trustDomain)
        for (subject, audience, lifetime) in [
            (domain, ["a"], Int64(60)), (id, [], 60), (id, [""], 60), (id, ["a"], 0), (id, ["a"], 301),
            (id, [String](repeating: "a", count: 33), 60),
        ] {
            #expect(throws: SigningError.self) {
                try JWTSVID.issue(subject, audience: audience, lifetime: lifetime, tokenID: [1], now: 1, signer: signer)
            }
        }
        #expect(throws: SigningError.failed) {
            try JWTSVID.issue(id, audience: ["a"], lifetime: 60, tokenID: [1], now: 1, signer: BrokenSigner())
        }
    }
}
