// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Synchronization
import Testing

@testable import IdentityPlane

@Suite struct TokenExchangeEndpointTests {
    @Test func `A token says who acts for whom, with which tool, for a minute, and is bound to the certificate`()
        async throws
    {
        let harness = try TokenHarness()
        let answer = await harness.exchange()
        #expect(answer.status == 200)
        #expect(answer.maximumAge == nil)
        let body = try #require(answer.body)
        #expect(body["token_type"] == "Bearer")
        #expect(body["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token")
        #expect(body["expires_in"] == 60)
        #expect(body["scope"] == "tool:github.create_issue")
        let payload = try TokenHarness.payload(try #require(body["access_token"]?.string))
        #expect(
            payload.object?.names.sorted() == [
                "act", "aud", "authorization_details", "client_id", "cnf", "exp", "iat", "iss", "jti", "nbf", "scope",
                "sub", "txn", "urn:gw:decision",
            ])
        #expect(payload["iss"] == "https://gw.gate.test")
        #expect(payload["aud"] == "https://gw.gate.test/mcp/github")
        #expect(payload["client_id"] == "spiffe://gate.test/agent/coder")
        #expect(
            payload["act"] == [
                "sub": "spiffe://gate.test/agent/coder", "act": ["sub": "spiffe://gate.test/agent/planner"],
            ])
        #expect(payload["txn"] == "t-1")
        #expect(payload["cnf"]?["x5t#S256"]?.string == StrictBase64.url.text(harness.thumbprint))
        #expect(payload["sub"]?.string?.hasSuffix(":8812") == true)
        #expect(payload["exp"]?.integer == 1_790_000_060)
        #expect(payload["nbf"]?.integer == 1_789_999_995)
    }

    @Test func `A token never outlives its cap, its certificate or what it rests on`() async throws {
        let harness = try TokenHarness()
        let bound =
            #"[{"type":"mcp_tool_call","server":"github","tool":"search","max_calls":1,"args_sha256":"\#(StrictBase64.url.text(Array(repeating: 1, count: 32)))"}]"#
        #expect(await harness.exchange(["authorization_details": bound]).body?["expires_in"] == 30)
        #expect(await harness.exchange(["requested_lifetime": "9000"]).body?["expires_in"] == 300)
        #expect(await harness.exchange(["requested_lifetime": "5"]).body?["expires_in"] == 5)
        let short = ExchangeClient(
            id: harness.coder.id, certificateThumbprint: harness.thumbprint, certificateExpiry: 1_790_000_000 + 40)
        #expect(await harness.exchange(client: short).body?["expires_in"] == 10)
        let over = ExchangeClient(
            id: harness.coder.id, certificateThumbprint: harness.thumbprint, certificateExpiry: 1_790_000_000 + 30)
        #expect(await harness.exchange(client: over).error == "invalid_grant")
        harness.authority.state.withLock { $0.time += 3590 }
        let late = ExchangeClient(
            id: harness.coder.id, certificateThumbprint: harness.thumbprint, certificateExpiry: 1_790_000_000 + 9000)
        #expect(await harness.exchange(client: late).body?["expires_in"] == 10)
    }

    @Test(
        arguments: [
            ("grant_type", nil, "invalid_request"), ("grant_type", "client_credentials", "unsupported_grant_type"),
            ("subject_token", nil, "invalid_request"), ("subject_token_type", "urn:x", "invalid_request"),
            ("subject_token", "th_other", "invalid_grant"), ("resource", nil, "invalid_target"),
            ("resource", "https://gw.gate.test/mcp/nobody", "invalid_target"),
            ("resource", "https://gw.gate.test/mcp/mail", "invalid_target"),
            ("resource", "https://gw.gate.test/mcp/github#x", "invalid_target"),
            ("resource", "http://gw.gate.test/mcp/github", "invalid_target"),
            ("audience", "https://gw.gate.test/mcp/github", "invalid_target"),
            ("scope", "tool:github.delete", "invalid_scope"), ("scope", "tool:github.create_issue x", "invalid_scope"),
            ("authorization_details", nil, "invalid_authorization_details"),
            ("authorization_details", "[]", "invalid_authorization_details"),
            (
                "authorization_details", #"[{"type":"other","server":"github","tool":"search"}]"#,
                "invalid_authorization_details"
            ),
            (
                "authorization_details", #"[{"type":"mcp_tool_call","server":"github","tool":"search","more":1}]"#,
                "invalid_authorization_details"
            ),
            (
                "authorization_details", #"[{"type":"mcp_tool_call","server":"github","tool":"delete_all"}]"#,
                "invalid_scope"
            ),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request"),
            ("requested_lifetime", "-1", "invalid_request"), ("actor_token", "x", "invalid_request"),
            ("actor_token_type", "urn:ietf:params:oauth:token-type:jwt", "invalid_request"),
        ] as [(String, String?, String)])
    func `A request that is not exactly right gets a code and no reason`(field: String, value: String?, code: String)
        async throws
    {
        let answer = await (try TokenHarness()).exchange([field: value])
        #expect(answer.error == code)
        #expect(answer.body?.object?.names == ["error"])
    }

    @Test(arguments: [
        "a=1&a=2", "a", "a=%", "a=%0", "a=%zz", "a=%00", "a=%ff", "a=ü", "=1", "a=1&&b=2", "a b=1", "a=1;b=2&a=3",
        "a=\n",
    ])
    func `A form has one spelling`(form: String) async throws {
        let harness = try TokenHarness()
        for path in ["/token", "/introspect", "/revoke"] {
            let request = TokenRequest(
                method: "POST", path: path, contentType: "application/x-www-form-urlencoded", body: Array(form.utf8))
            #expect(await harness.service.answer(request, client: harness.coder).error == "invalid_request", "\(path)")
        }
    }

    @Test func `The actor is who the connection shows, whatever a parameter says`() async throws {
        let harness = try TokenHarness()
        let type = "urn:ietf:params:oauth:token-type:jwt"
        #expect(await harness.exchange(["actor_token": "agent/coder", "actor_token_type": type]).status == 200)
        #expect(
            await harness.exchange(["actor_token": "agent/planner", "actor_token_type": type]).error
                == "unauthorized_client")
        let nobody = await harness.post("/token", TokenHarness.fields.mapValues { $0 }, client: nil)
        #expect(nobody.status == 401 && nobody.error == "invalid_client")
        var request = TokenRequest(method: "POST", path: "/token", contentType: "application/x-www-form-urlencoded")
        request.hasAuthorization = true
        #expect(await harness.service.answer(request, client: harness.coder).error == "invalid_client")
    }

    @Test func `A tool token opens no endpoint of the gate`() async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        for path in ["/token", "/introspect", "/revoke"] {
            var request = TokenRequest(
                method: "POST", path: path, contentType: "application/x-www-form-urlencoded",
                body: Array("token=\(token)".utf8))
            request.hasAuthorization = true
            #expect(await harness.service.answer(request, client: nil).status == 401)
        }
    }

    @Test func `An agent that acts already comes into no chain again, and five are too many`() async throws {
        let harness = try TokenHarness()
        let planner = ExchangeClient(
            id: try ScriptedAuthority.id("agent/planner"), certificateThumbprint: harness.thumbprint,
            certificateExpiry: 1_790_003_600)
        let payload = try TokenHarness.payload(await harness.token(client: planner))
        #expect(payload["act"] == ["sub": "spiffe://gate.test/agent/planner"])
        harness.authority.state.withLock { $0.mayAct = ["spiffe://gate.test/agent/planner"] }
        #expect(await harness.exchange().error == "unauthorized_client")
        #expect(await harness.exchange(client: planner).status == 200)
    }

    @Test func `A tool token is exchanged by its holder only, for no more than it says`() async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        let type = "urn:ietf:params:oauth:token-type:access_token"
        let again = await harness.exchange(["subject_token": token, "subject_token_type": type])
        #expect(again.status == 200)
        let payload = try TokenHarness.payload(again.body?["access_token"]?.string ?? "")
        #expect(payload["txn"] == "t-1")
        #expect(payload["exp"]?.integer == 1_790_000_060)
        let wider = #"[{"type":"mcp_tool_call","server":"github","tool":"search"}]"#
        #expect(
            await harness.exchange(["subject_token": token, "subject_token_type": type, "authorization_details": wider])
                .error == "invalid_scope")
        let thief = ExchangeClient(
            id: try ScriptedAuthority.id("agent/thief"), certificateThumbprint: Array(repeating: 8, count: 32),
            certificateExpiry: 1_790_003_600)
        #expect(
            await harness.exchange(["subject_token": token, "subject_token_type": type], client: thief).error
                == "invalid_grant")
        let namesake = ExchangeClient(
            id: try ScriptedAuthority.id("agent/thief"), certificateThumbprint: harness.thumbprint,
            certificateExpiry: 1_790_003_600)
        #expect(
            await harness.exchange(["subject_token": token, "subject_token_type": type], client: namesake).error
                == "unauthorized_client")
    }

    @Test func `Two agents of one person get different tokens with different actors`() async throws {
        let harness = try TokenHarness()
        let other = ExchangeClient(
            id: try ScriptedAuthority.id("agent/writer"), certificateThumbprint: harness.thumbprint,
            certificateExpiry: 1_790_003_600)
        let (first, second) = (await harness.token(), await harness.token(client: other))
        let (one, two) = (try TokenHarness.payload(first), try TokenHarness.payload(second))
        #expect(one["sub"] == two["sub"])
        #expect(one["act"]?["sub"] != two["act"]?["sub"])
        #expect(one["jti"] != two["jti"])
        #expect(try TokenHarness.payload(await harness.token())["jti"] != one["jti"])
    }

    @Test func `A client that asks too often is told to slow down, the others are served`() async throws {
        let harness = try TokenHarness(limits: RateLimits(burst: 3, perSecond: 1))
        for _ in 0..<3 { #expect(await harness.exchange().status == 200) }
        #expect(await harness.exchange().status == 429)
        let other = ExchangeClient(
            id: try ScriptedAuthority.id("agent/writer"), certificateThumbprint: harness.thumbprint,
            certificateExpiry: 1_790_003_600)
        #expect(await harness.exchange(client: other).status == 200)
        harness.authority.state.withLock { $0.time += 1 }
        #expect(await harness.exchange().status == 200)
    }

    @Test func `A proof binds a token to its key once, and a client without certificate and proof gets none`()
        async throws
    {
        let harness = try TokenHarness()
        let key = try KeySigner(SigningKey.generate())
        let bare = ExchangeClient(id: harness.coder.id)
        #expect(await harness.exchange(client: bare).error == "invalid_dpop_proof")
        let proof = try Self.proof(key, target: "https://gw.gate.test/token", tokenID: "1")
        let answer = await harness.exchange(client: bare, proofs: [proof])
        #expect(answer.body?["token_type"] == "DPoP")
        let payload = try TokenHarness.payload(answer.body?["access_token"]?.string ?? "")
        #expect(payload["cnf"]?["jkt"]?.string == key.verificationKey.jsonWebKey.thumbprint)
        #expect(await harness.exchange(client: bare, proofs: [proof]).error == "invalid_dpop_proof")
        let second = try Self.proof(key, target: "https://gw.gate.test/token", tokenID: "2")
        let third = try Self.proof(key, target: "https://gw.gate.test/token", tokenID: "3")
        #expect(await harness.exchange(client: bare, proofs: [second, third]).error == "invalid_dpop_proof")
        let elsewhere = try Self.proof(key, target: "https://gw.gate.test/revoke", tokenID: "4")
        #expect(await harness.exchange(client: bare, proofs: [elsewhere]).error == "invalid_dpop_proof")
    }

    private static func proof(_ key: KeySigner, target: String, tokenID: String) throws -> String {
        var jsonWebKey = key.verificationKey.jsonWebKey
        jsonWebKey.keyID = nil
        jsonWebKey.use = nil
        let header: JSONValue = ["alg": "ES256", "jwk": jsonWebKey.json, "typ": "dpop+jwt"]
        let payload: JSONValue = [
            "htm": "POST", "htu": .string(target), "iat": 1_790_000_000, "jti": .string(tokenID),
        ]
        var text = StrictBase64.url.text(header.bytes) + "." + StrictBase64.url.text(payload.bytes)
        text += "." + StrictBase64.url.text(try key.signature(of: Array(text.utf8)))
        return text
    }
}
