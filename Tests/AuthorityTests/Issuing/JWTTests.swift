// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Protocols
import Testing

@testable import Authority

@Suite struct JWTTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func authority() async throws -> Authority {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"], hint: "x"))
        try await authority.add(entry("/agent/b", ["unix:uid:7", "unix:gid:7"], jwtLifetime: 30, hint: "x"))
        return authority
    }

    @Test func `a token has the profile's header and claims`() async throws {
        let authority = try await authority()
        let token = try #require(try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool", "other"]).first)
        let jws = try CompactJWS(parsing: token.secretToken())
        #expect(jws.header.algorithm == .es256)
        #expect(jws.header.type == "JWT")
        #expect(jws.header.keyID == authority.keys.first { $0.kind == .jwt }?.id)
        let claims = try JWTSVID.verify(
            token.secretToken(), audience: "tool", bundles: authority.state.bundles, now: workspace.clock.now
        ).claims
        #expect(claims["sub"]?.string == "spiffe://example.test/agent/a")
        #expect(claims["aud"]?.array?.compactMap(\.string) == ["tool", "other"])
        #expect(claims["iat"]?.number?.integer == workspace.clock.now)
        #expect(claims["exp"]?.number?.integer == workspace.clock.now + 300)
        #expect((claims["jti"]?.string?.utf8.count ?? 0) >= 22)
    }

    @Test func `a caller gets tokens for all of its entries, or for the one that it names`() async throws {
        let authority = try await authority()
        let both = try caller("unix:uid:7", "unix:gid:7")
        let tokens = try authority.jwtSVIDs(for: both, audience: ["tool"])
        #expect(tokens.map(\.id.path) == ["/agent/b", "/agent/a"])
        #expect(tokens.map(\.hint) == ["x", ""])
        #expect(tokens.map { $0.expiry - workspace.clock.now } == [30, 300])
        let one = try authority.jwtSVIDs(
            for: both, audience: ["tool"], id: SPIFFEID(parsing: "spiffe://example.test/agent/a"))
        #expect(one.map(\.id.path) == ["/agent/a"])
    }

    @Test(arguments: [
        "spiffe://example.test/agent/b", "spiffe://example.test/yett/gate", "spiffe://other.test/agent/a",
    ])
    func `an identity that the caller is not entitled to is refused, and nothing is signed`(id: String) async throws {
        let authority = try await authority()
        #expect(throws: AuthorityError.denied("no entry fits the caller")) {
            try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool"], id: SPIFFEID(parsing: id))
        }
    }

    @Test(arguments: [[], [""], Array(repeating: "a", count: 33), [String(repeating: "a", count: 1025)]])
    func `an audience that makes no sense is refused`(audience: [String]) async throws {
        let authority = try await authority()
        #expect(throws: AuthorityError.self) { try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: audience) }
    }

    @Test func `no two tokens are the same`() async throws {
        let authority = try await authority()
        let tokens = try (0..<100).flatMap { _ in
            try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool"]).map { $0.secretToken() }
        }
        #expect(Set(tokens).count == 100)
    }

    @Test func `a token never outlives the publication of its key`() async throws {
        let authority = try workspace.authority { $0.jwtKeys = KeySchedule(lifetime: 1800) }
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        workspace.clock.advance(1700)
        let token = try #require(try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool"]).first)
        #expect(token.expiry == authority.keys.first { $0.kind == .jwt }?.notAfter)
        workspace.clock.advance(100)
        #expect(throws: AuthorityError.self) { try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool"]) }
    }

    @Test func `Python verifies a token with nothing but the published bundle`() async throws {
        let authority = try await authority()
        let token = try #require(try authority.jwtSVIDs(for: caller("unix:uid:7"), audience: ["tool"]).first)
        let script = """
            import base64, json, sys
            from cryptography.hazmat.primitives import hashes
            from cryptography.hazmat.primitives.asymmetric import ec, utils
            def octets(text): return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            def number(text): return int.from_bytes(octets(text), "big")
            head, body, signature = open(sys.argv[2]).read().split(".")
            keys = [k for k in json.load(open(sys.argv[1]))["keys"] if k["use"] == "jwt-svid"]
            key, = [k for k in keys if k["kid"] == json.loads(octets(head))["kid"]]
            public = ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), ec.SECP256R1()).public_key()
            raw = octets(signature)
            der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
            public.verify(der, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
            print(json.loads(octets(body))["sub"])
            """
        let files = [
            try workspace.write(Array(script.utf8), to: "verify.py"),
            try workspace.write(authority.state.bundle.document.bytes, to: "bundle.json"),
            try workspace.write(token.secretToken(), to: "token"),
        ]
        let result = Shell.run(["python3"] + files)
        #expect(result.output == "spiffe://example.test/agent/a\n", "\(result.output)")
    }
}
