// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

@Suite struct ToolTokenTests {
    typealias Fixture = TokenFixture
    private static let now = TokenFixture.now
    private static let thumbprint = [UInt8](repeating: 7, count: 32)

    private let signer: KeySigner
    private let keys: VerificationKeys
    private let arguments = ToolToken.argumentsHash(["title": "x", "body": "y"])

    init() throws {
        signer = try KeySigner(.generate())
        keys = VerificationKeys([signer.verificationKey])
    }

    private func claims() throws -> ToolTokenClaims {
        let call = ToolCall(server: "github", tool: "create_issue", argumentsHash: arguments, maximumCalls: 1)
        var claims = ToolTokenClaims(
            issuer: "https://gw.example.org", subject: "u:abc:1", audience: "https://gw.example.org/mcp/github",
            clientID: try SPIFFEID(parsing: "spiffe://example.org/gateway"),
            actors: [
                try SPIFFEID(parsing: "spiffe://example.org/agent/coder"),
                try SPIFFEID(parsing: "spiffe://example.org/agent/planner"),
            ], call: call, transaction: "txn", tokenID: "jti", issuedAt: Self.now, expiry: Self.now + 30,
            confirmation: .certificate(thumbprint: Self.thumbprint))
        (claims.authenticationTime, claims.authenticationContext, claims.decision) = (Self.now - 60, "mfa", "v1/42")
        return claims
    }

    private func demands() -> ToolTokenDemands {
        ToolTokenDemands(
            issuer: "https://gw.example.org", audience: "https://gw.example.org/mcp/github",
            call: ToolCall(server: "github", tool: "create_issue", argumentsHash: arguments),
            certificateThumbprint: Self.thumbprint)
    }

    private func failure(
        _ token: [UInt8], _ change: (inout ToolTokenDemands) -> Void = { _ in }, now: Int64 = now
    ) -> ToolTokenError? {
        var demands = demands()
        change(&demands)
        do throws(ToolTokenError) {
            _ = try ToolToken.verify(token, keys: keys, demands: demands, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("verifies what it minted, claim by claim")
    func roundTrip() throws {
        let claims = try claims()
        let token = try ToolToken.mint(claims, signer: signer)
        #expect(try ToolToken.verify(token, keys: keys, demands: demands(), now: Self.now) == claims)
        let payload = try CompactJWS(parsing: token).verified(with: signer.verificationKey).payload
        let json = try JSONValue(parsing: payload)
        #expect(json["scope"] == "tool:github.create_issue")
        #expect(json["act"]?["sub"] == "spiffe://example.org/agent/coder")
        #expect(json["act"]?["act"]?["sub"] == "spiffe://example.org/agent/planner")
        #expect(json["nbf"] == .integer(Self.now - 5))
        #expect(json["aud"] == "https://gw.example.org/mcp/github")
        #expect(json["authorization_details"]?[0]?["max_calls"] == 1)
    }

    @Test("arguments have one hash however they are written")
    func canonicalArguments() throws {
        let one = try JSONValue(parsing: #"{"a":1.0,"b":"é","c":[1e2]}"#)
        let other = try JSONValue(parsing: #"{ "c" : [100.0], "b":"\u00e9","a":1.00 }"#)
        #expect(ToolToken.argumentsHash(one) == ToolToken.argumentsHash(other))
        #expect(ToolToken.argumentsHash(one) != ToolToken.argumentsHash(["a": 1]))
    }

    @Test("F-24: a token is good for its own server, tool, arguments and presenter only")
    func demandsAreMet() throws {
        let token = try ToolToken.mint(try claims(), signer: signer)
        #expect(failure(token) == nil)
        #expect(failure(token, { $0.audience = "https://gw.example.org/admin" }) == .claims(.audience))
        #expect(failure(token, { $0.issuer = "https://gw.example.org/" }) == .claims(.issuer))
        #expect(
            failure(token, { $0.call = ToolCall(server: "github", tool: "delete_repo") }) == .claims(.mismatch("scope"))
        )
        #expect(
            failure(
                token, { $0.call = ToolCall(server: "github", tool: "create_issue", argumentsHash: Self.thumbprint) })
                == .claims(.mismatch("args_sha256")))
        #expect(
            failure(token, { $0.call = ToolCall(server: "github", tool: "create_issue") })
                == .claims(.mismatch("args_sha256")))
        #expect(
            failure(token, { $0.certificateThumbprint = [UInt8](repeating: 8, count: 32) }) == .claims(.mismatch("cnf"))
        )
        #expect(failure(token, { $0.certificateThumbprint = nil }) == .claims(.mismatch("cnf")))
        #expect(failure(token, now: Self.now + 35) == .claims(.expired))
        #expect(failure(token, now: Self.now - 11) == .claims(.notYetValid))
    }

    @Test("a token without cnf is refused unless the server says otherwise; a DPoP key is held against the proof's")
    func confirmation() throws {
        var claims = try claims()
        claims.confirmation = nil
        let bearer = try ToolToken.mint(claims, signer: signer)
        #expect(failure(bearer) == .claims(.missing("cnf")))
        #expect(failure(bearer, { $0.requiresConfirmation = false }) == nil)
        let key = signer.keyID
        claims.confirmation = .key(thumbprint: key)
        let bound = try ToolToken.mint(claims, signer: signer)
        #expect(failure(bound) == .claims(.mismatch("cnf")))
        #expect(failure(bound, { $0.proofKeyThumbprint = key }) == nil)
    }

    @Test(
        "eight tampered tokens are refused",
        arguments: [
            "aud list", "no jti", "other type", "JWT-SVID type", "long life", "two details", "actor twice",
            "scope of another tool",
        ])
    func tampered(_ fault: String) throws {
        let token = try ToolToken.mint(try claims(), signer: signer)
        let base = try JSONValue(parsing: CompactJWS(parsing: token).verified(with: signer.verificationKey).payload)
        let (changes, type): ([String: JSONValue?], String) =
            switch fault {
            case "aud list": (["aud": ["https://gw.example.org/mcp/github"]], "at+jwt")
            case "no jti": (["jti": nil], "at+jwt")
            case "other type": ([:], "txntoken+jwt")
            case "JWT-SVID type": ([:], "JWT")
            case "long life": (["exp": .integer(Self.now + 301)], "at+jwt")
            case "two details":
                (["authorization_details": .array((base["authorization_details"]?.array ?? []) + [[:]])], "at+jwt")
            case "actor twice":
                (["act": ["sub": "spiffe://example.org/a", "act": ["sub": "spiffe://example.org/a"]]], "at+jwt")
            default: (["scope": "tool:github.delete_repo"], "at+jwt")
            }
        let header = Fixture.header(signer, type: type)
        let forged = try Fixture.token(header: header, payload: Fixture.object(base, changes), signer: signer)
        #expect(failure(forged) != nil)
    }

    @Test("F-24: a JWT-SVID is no tool token, and a tool token no JWT-SVID")
    func kinds() throws {
        let id = try SPIFFEID(parsing: "spiffe://example.org/agent/a")
        let svid = try JWTSVID.issue(
            id, audience: ["https://gw.example.org/mcp/github"], lifetime: 60, tokenID: [1], now: Self.now,
            signer: signer)
        #expect(failure(svid.secretToken()) == .token(.type))
        let bundles = try TrustBundles.only("example.org", [], keys: [signer.verificationKey])
        let token = try ToolToken.mint(try claims(), signer: signer)
        #expect(throws: JWTSVIDError.token(.type)) {
            try JWTSVID.verify(token, audience: "https://gw.example.org/mcp/github", bundles: bundles, now: Self.now)
        }
    }

    @Test("F-29: tokens of two agents differ in more than their time")
    func actors() throws {
        var one = try claims()
        var other = one
        one.actors = [try SPIFFEID(parsing: "spiffe://example.org/agent/one")]
        other.actors = [try SPIFFEID(parsing: "spiffe://example.org/agent/other")]
        let first = try ToolToken.verify(
            ToolToken.mint(one, signer: signer), keys: keys, demands: demands(), now: Self.now)
        let second = try ToolToken.verify(
            ToolToken.mint(other, signer: signer), keys: keys, demands: demands(), now: Self.now)
        #expect(first != second)
        #expect(first.actors == one.actors)
        #expect(second.actors == other.actors)
    }

    @Test(
        "mints nothing outside of the rules",
        arguments: [
            "life of 301 s", "no life", "five actors", "an actor twice", "empty audience", "space in the tool",
            "short hash", "no calls",
        ])
    func minting(_ fault: String) throws {
        var claims = try claims()
        switch fault {
        case "life of 301 s": claims.expiry = Self.now + 301
        case "no life": claims.expiry = Self.now
        case "five actors":
            claims.actors = try (0..<5).map { try SPIFFEID(parsing: "spiffe://example.org/agent/\($0)") }
        case "an actor twice": claims.actors.append(claims.actors[0])
        case "empty audience": claims.audience = ""
        case "space in the tool": claims.call = ToolCall(server: "github", tool: "a b")
        case "short hash": claims.call = ToolCall(server: "github", tool: "a", argumentsHash: [1])
        default: claims.call = ToolCall(server: "github", tool: "a", maximumCalls: 0)
        }
        #expect(throws: SigningError.self) { try ToolToken.mint(claims, signer: signer) }
    }

    @Test("a token ends before what it rests on")
    func lifetimes() throws {
        let call = ToolCall(server: "a", tool: "b")
        let bound = ToolCall(server: "a", tool: "b", argumentsHash: arguments, maximumCalls: 1)
        #expect(ToolTokenClaims.expiry(now: 100, call: call) == 160)
        #expect(ToolTokenClaims.expiry(now: 100, call: bound) == 130)
        #expect(ToolTokenClaims.expiry(now: 100, call: call, lifetime: 1000) == 400)
        #expect(ToolTokenClaims.expiry(now: 100, call: call, subjectExpiry: 110) == 110)
        #expect(ToolTokenClaims.expiry(now: 100, call: call, certificateExpiry: 150) == 120)
        #expect(ToolTokenClaims.expiry(now: 100, call: call, certificateExpiry: 130) == nil)
    }
}
