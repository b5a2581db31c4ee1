// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Protocols
import Synchronization
import Testing

@testable import IdentityPlane

@Suite struct TokenRevocationTests {
    @Test func `Introspection answers the audience and the gate, and nobody else`() async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        func ask(_ path: String, _ token: String = "") async throws -> TokenAnswer {
            await harness.post(
                "/introspect", ["token": token], client: ExchangeClient(id: try ScriptedAuthority.id(path)))
        }
        let answer = try await ask("tool/github", token)
        #expect(answer.body?["active"] == true)
        #expect(answer.body?["txn"] == "t-1")
        #expect(answer.body?["token_type"] == "Bearer")
        #expect(try await ask("yett/gate", token).body?["active"] == true)
        for stranger in ["tool/mail", "agent/coder", "agent/x"] {
            #expect(try await ask(stranger, token).body == ["active": false])
        }
        for bad in [token + "x", "", "a.b.c", String(token.dropLast(2)) + "AA", String(repeating: "a", count: 20_000)] {
            let answer = try await ask("tool/github", bad)
            #expect(answer.body?["active"] == false || answer.error == "invalid_request")
        }
        harness.authority.state.withLock { $0.time += 66 }
        #expect(try await ask("tool/github", token).body == ["active": false])
    }

    @Test func `A stopped task voids its tokens at once and gets no new one`() async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        let server = ExchangeClient(id: try ScriptedAuthority.id("tool/github"))
        #expect(await harness.post("/introspect", ["token": token], client: server).body?["active"] == true)
        harness.authority.state.withLock { _ = $0.stopped.insert("t-1") }
        #expect(await harness.post("/introspect", ["token": token], client: server).body == ["active": false])
        #expect(await harness.exchange().error == "invalid_grant")
    }

    @Test(arguments: ["jti", "txn", "sub", "act.sub", "act.sub of an earlier actor", "client_id", "kid"])
    func `Each claim can be revoked`(what: String) async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        let payload = try TokenHarness.payload(token)
        let entry: RevocationTable.Entry =
            switch what {
            case "jti": .init(.tokenID, payload["jti"]?.string ?? "")
            case "txn": .init(.transaction, "t-1")
            case "sub": .init(.subject, payload["sub"]?.string ?? "")
            case "act.sub": .init(.actor, "spiffe://gate.test/agent/coder")
            case "client_id": .init(.client, "spiffe://gate.test/agent/coder")
            case "kid": .init(.key, try harness.authority.keys.signer.keyID)
            default: .init(.actor, "spiffe://gate.test/agent/planner")
            }
        try harness.service.revoke(entry)
        let server = ExchangeClient(id: try ScriptedAuthority.id("tool/github"))
        #expect(await harness.post("/introspect", ["token": token], client: server).body == ["active": false])
        #expect(harness.authority.state.withLock { $0.kept } == [entry])
        let again = try TokenHarness(revocations: [(entry, 1_790_000_300)])
        if what != "jti", what != "kid" { #expect(await again.exchange().error == "invalid_grant") }
    }

    @Test func `A token is revoked by those who act with it`() async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        let stranger = ExchangeClient(id: try ScriptedAuthority.id("agent/x"))
        #expect(await harness.post("/revoke", ["token": token], client: stranger).error == "unauthorized_client")
        #expect(await harness.post("/revoke", ["token": token + "x"], client: stranger).status == 200)
        let server = ExchangeClient(id: try ScriptedAuthority.id("tool/github"))
        #expect(await harness.post("/introspect", ["token": token], client: server).body?["active"] == true)
        #expect(await harness.post("/revoke", ["token": token], client: harness.coder).status == 200)
        #expect(await harness.post("/introspect", ["token": token], client: server).body == ["active": false])
    }

    @Test func `A revocation that cannot be kept is no success, and holds meanwhile`() async throws {
        let harness = try TokenHarness()
        let token = await harness.token()
        harness.authority.state.withLock { $0.canKeep = false }
        #expect(await harness.post("/revoke", ["token": token], client: harness.coder).status == 503)
        let server = ExchangeClient(id: try ScriptedAuthority.id("tool/github"))
        #expect(await harness.post("/introspect", ["token": token], client: server).body == ["active": false])
    }

    @Test func `The documents name the endpoints, and the two key sets are different ones`() async throws {
        let harness = try TokenHarness()
        func get(_ path: String) async -> TokenAnswer {
            await harness.service.answer(TokenRequest(method: "GET", path: path), client: nil)
        }
        let server = try #require(await get("/.well-known/oauth-authorization-server").body)
        #expect(server["issuer"] == "https://gw.gate.test")
        #expect(server["token_endpoint"] == "https://gw.gate.test/token")
        #expect(server["jwks_uri"] == "https://gw.gate.test/token/keys")
        #expect(await get("/.well-known/openid-configuration").body?["jwks_uri"] == "https://gw.gate.test/keys")
        let resource = await get("/.well-known/oauth-protected-resource/mcp/github").body
        #expect(resource?["resource"] == "https://gw.gate.test/mcp/github")
        #expect(resource?["authorization_servers"] == ["https://gw.gate.test"])
        let keys = await get("/token/keys")
        #expect(keys.body?["keys"]?.array?.count == 2)
        #expect(keys.maximumAge == 60)
        #expect(await get("/keys").body?["keys"]?.array?.isEmpty == true)
        for path in ["/", "/token", "/.well-known/oauth-protected-resource/mcp/nobody", "/token/keys/"] {
            #expect(await get(path).status == 404)
        }
    }

    @Test func `Keys are published before they sign and until their last token has ended`() throws {
        let ring = try ToolKeyRing(now: 0)
        let first = try ring.signer.keyID
        #expect(ring.keySet.keys.count == 2)
        let second = ring.keySet.keys.compactMap(\.keyID).first { $0 != first }
        ring.maintain(now: ToolKeyRing.life - 1)
        #expect(try ring.signer.keyID == first)
        ring.maintain(now: ToolKeyRing.life)
        #expect(try ring.signer.keyID == second)
        #expect(ring.keySet.keys.contains { $0.keyID == first })
        ring.maintain(now: ToolKeyRing.life + 360)
        #expect(!ring.keySet.keys.contains { $0.keyID == first })
        #expect(ring.withdraw(try #require(second), now: 1))
        #expect(!ring.keySet.keys.contains { $0.keyID == second })
        #expect(!ring.withdraw("nobody", now: 1))
    }

    @Test func `No text form shows a token, a handle or a key`() async throws {
        let harness = try TokenHarness()
        let answer = await harness.exchange()
        let token = try #require(answer.body?["access_token"]?.string)
        var generator = SystemRandomNumberGenerator()
        let handle = TaskHandle(using: &generator)
        let form = try FormFields(parsing: Array("subject_token=\(token)&handle=\(handle.secret)".utf8))
        let request = TokenRequest(method: "POST", path: "/token", proofs: [token], body: Array(token.utf8))
        var texts: [String] = []
        for value in [answer, form, request, handle, try harness.authority.keys.signer] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            texts += ["\(value)", String(reflecting: value), dumped]
        }
        for text in texts + OAuthError.allCases.map({ "\($0)" }) {
            #expect(!text.contains(token) && !text.contains(handle.secret) && !text.contains("eyJ"))
        }
        #expect(TaskHandle(handle.secret)?.digest == handle.digest)
        #expect(TaskHandle(handle.secret + "A") == nil)
    }
}
