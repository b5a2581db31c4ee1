// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Foundation
import GateSupport
import Identity
import Protocols
import Synchronization
import Testing

@testable import IdentityPlane

/// What a tool server does with an ordinary library.
@Suite struct DownstreamCheckTests {
    @Test(.timeLimit(.minutes(6)))
    func `PyJWT with the key set accepts a token and refuses every tampered one`() async throws {
        let harness = try TokenHarness()
        // The library reads the machine's clock.
        harness.authority.state.withLock { $0.time = Int64(Date().timeIntervalSince1970) }
        let client = ExchangeClient(
            id: harness.coder.id, certificateThumbprint: harness.thumbprint,
            certificateExpiry: Int64(Date().timeIntervalSince1970) + 3600)
        let token = try Self.mint(harness, client)
        let document: JSONValue = [
            "issuer": .string(ScriptedAuthority.issuer), "audience": .string(ScriptedAuthority.resource.identifier),
            "keys": harness.authority.keys.keySet.json, "tool": "tool:github.create_issue",
            "thumbprint": .string(StrictBase64.url.text(harness.thumbprint)), "good": .string(token),
            "bad": .object(try Self.tampered(token, harness)),
        ]
        let file = FileManager.default.temporaryDirectory.appending(path: "yett-tokens-\(UUID().uuidString).json")
        try Data(document.bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await OfficialClient.run("tool_token_check.py", [file.path], within: 60)
    }

    @Test func `The gate's own verifier refuses the same tokens`() async throws {
        let harness = try TokenHarness()
        let token = try Self.mint(harness, harness.coder)
        let demands = ToolTokenDemands(
            issuer: ScriptedAuthority.issuer, audience: ScriptedAuthority.resource.identifier,
            call: ToolCall(server: "github", tool: "create_issue"), certificateThumbprint: harness.thumbprint)
        let (keys, now) = (harness.authority.keys.verificationKeys, harness.authority.time() / 1_000_000)
        #expect(throws: Never.self) {
            try ToolToken.verify(Array(token.utf8), keys: keys, demands: demands, now: now)
        }
        let tampered = try Self.tampered(token, harness)
        #expect(tampered.count >= 8)
        for member in tampered.members {
            let bytes = Array((member.value.string ?? "").utf8)
            #expect(throws: ToolTokenError.self, "\(member.name)") {
                try ToolToken.verify(bytes, keys: keys, demands: demands, now: now)
            }
        }
    }

    private static func claims(_ harness: TokenHarness, _ client: ExchangeClient) throws -> ToolTokenClaims {
        let now = harness.authority.time() / 1_000_000
        return ToolTokenClaims(
            issuer: ScriptedAuthority.issuer, subject: "u:x:1", audience: ScriptedAuthority.resource.identifier,
            clientID: client.id, actors: [client.id], call: ToolCall(server: "github", tool: "create_issue"),
            transaction: "t-1", tokenID: "j-1", issuedAt: now, expiry: now + 60,
            confirmation: .certificate(thumbprint: harness.thumbprint))
    }

    private static func mint(_ harness: TokenHarness, _ client: ExchangeClient) throws -> String {
        String(
            decoding: try ToolToken.mint(claims(harness, client), signer: harness.authority.keys.signer), as: UTF8.self)
    }

    private static func tampered(_ token: String, _ harness: TokenHarness) throws -> JSONObject {
        let parts = token.split(separator: ".").map(String.init)
        let payload = try TokenHarness.payload(token)
        let signer = try harness.authority.keys.signer
        func signed(_ header: JSONValue, _ payload: JSONValue, _ key: KeySigner? = nil) throws -> JSONValue {
            var text = StrictBase64.url.text(header.bytes) + "." + StrictBase64.url.text(payload.bytes)
            text += "." + StrictBase64.url.text(try (key ?? signer).signature(of: Array(text.utf8)))
            return .string(text)
        }
        func changed(_ name: String, _ value: JSONValue?) throws -> JSONValue {
            var object = try #require(payload.object)
            object[name] = value
            return .object(object)
        }
        let header: JSONValue = ["alg": "ES256", "kid": .string(signer.keyID), "typ": "at+jwt"]
        var tampered = JSONObject()
        tampered["payload"] = .string(
            parts[0] + "." + StrictBase64.url.text(try changed("scope", "tool:github.delete").bytes) + "." + parts[2])
        tampered["signature"] = .string(
            parts[0] + "." + parts[1] + "." + StrictBase64.url.text(Array(repeating: 1, count: 64)))
        let none: JSONValue = ["alg": "none", "kid": .string(signer.keyID), "typ": "at+jwt"]
        tampered["none"] = .string(StrictBase64.url.text(none.bytes) + "." + parts[1] + ".")
        let symmetric: JSONValue = ["alg": "HS256", "kid": .string(signer.keyID), "typ": "at+jwt"]
        let input = StrictBase64.url.text(symmetric.bytes) + "." + parts[1]
        let secret = SymmetricKey(data: signer.verificationKey.jsonWebKey.json.bytes)
        let mac = HMAC<SHA256>.authenticationCode(for: Array(input.utf8), using: secret)
        tampered["symmetric"] = .string(input + "." + StrictBase64.url.text(Array(mac)))
        tampered["type"] = try signed(["alg": "ES256", "kid": .string(signer.keyID), "typ": "JWT"], payload)
        tampered["foreign key"] = try signed(header, payload, KeySigner(SigningKey.generate()))
        tampered["unknown kid"] = try signed(["alg": "ES256", "kid": "nobody", "typ": "at+jwt"], payload)
        tampered["audience list"] = try signed(
            header, changed("aud", [.string(ScriptedAuthority.resource.identifier), "https://elsewhere.test"]))
        tampered["audience"] = try signed(header, changed("aud", .string(ScriptedAuthority.other.identifier)))
        tampered["issuer"] = try signed(header, changed("iss", "https://elsewhere.test"))
        tampered["lifetime"] = try signed(
            header, changed("exp", .integer((payload["iat"]?.integer ?? 0) + 3600)))
        tampered["binding"] = try signed(
            header, changed("cnf", ["x5t#S256": .string(StrictBase64.url.text(Array(repeating: 9, count: 32)))]))
        tampered["no jti"] = try signed(header, changed("jti", nil))
        tampered["critical"] = try signed(
            ["alg": "ES256", "crit": ["x"], "kid": .string(signer.keyID), "typ": "at+jwt", "x": 1], payload)
        return tampered
    }
}
