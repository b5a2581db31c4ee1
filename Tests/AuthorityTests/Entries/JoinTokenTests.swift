// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Testing
import X509

@testable import Authority

@Suite struct JoinTokenTests {
    private let workspace: Workspace
    private let id: SPIFFEID

    init() throws {
        workspace = try Workspace()
        id = try SPIFFEID(parsing: "spiffe://example.test/agent/remote")
    }

    @Test func `a token is exchanged for a certificate of its identity over the owner's key`() async throws {
        let authority = try workspace.authority()
        let key = SigningKey.generate()
        let token = try await authority.makeJoinToken(for: id)
        let issued = try await authority.redeem(joinToken: token.secretText(), publicKey: key.publicKey)
        #expect(issued.id == id)
        let verified = try X509SVIDVerifier.verify(
            issued.chain.map(\.der), bundles: authority.state.bundles, purpose: .clientAuthentication,
            now: workspace.clock.now)
        #expect(verified.id == id)
        #expect(issued.chain.first?.certificate.publicKey == key.publicKey)
    }

    @Test func `of 64 that present one token at once exactly one gets a certificate`() async throws {
        let authority = try workspace.authority()
        for _ in 0..<10 {
            let token = try await authority.makeJoinToken(for: id).secretText()
            let winners = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        (try? await authority.redeem(joinToken: token, publicKey: SigningKey.generate().publicKey))
                            != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
    }

    @Test func `of many threads that take one token out of the database exactly one finds it`() async throws {
        let authority = try workspace.authority()
        let store = authority.store
        let now = workspace.clock.now
        let digest = try await authority.makeJoinToken(for: id).digest
        let winners = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { ((try? store.consumeToken(digest, now: now)) ?? nil) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test func `a token ends at its time, also when the clock is set back afterwards`() async throws {
        let authority = try workspace.authority()
        let key = SigningKey.generate().publicKey
        let token = try await authority.makeJoinToken(for: id, lifetime: 60).secretText()
        workspace.clock.advance(60)
        await #expect(throws: AuthorityError.self) { try await authority.redeem(joinToken: token, publicKey: key) }
        workspace.clock.step(-60)
        await #expect(throws: AuthorityError.self) { try await authority.redeem(joinToken: token, publicKey: key) }
    }

    @Test func `unknown, used, expired and malformed tokens are refused in the same words`() async throws {
        let authority = try workspace.authority()
        let key = SigningKey.generate().publicKey
        let used = try await authority.makeJoinToken(for: id).secretText()
        _ = try await authority.redeem(joinToken: used, publicKey: key)
        let expired = try await authority.makeJoinToken(for: id, lifetime: 1).secretText()
        workspace.clock.advance(2)
        let unknown = "yett-join-" + String(repeating: "0", count: 40)
        for text in [used, expired, unknown, "", "yett-join-", used + "0", used.uppercased()] {
            await #expect(throws: AuthorityError.denied("the join token is unknown, used or expired")) {
                try await authority.redeem(joinToken: text, publicKey: key)
            }
        }
    }

    @Test func `a token survives a restart, and its text is nowhere on disk`() async throws {
        var authority: Authority? = try workspace.authority()
        let token = try #require(try await authority?.makeJoinToken(for: id)).secretText()
        for file in try FileManager.default.contentsOfDirectory(atPath: workspace.state) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: workspace.state + "/" + file))
            #expect(bytes.range(of: Data(token.utf8.dropFirst("yett-join-".utf8.count))) == nil)
        }
        authority = nil
        let again = try workspace.authority()
        _ = try await again.redeem(joinToken: token, publicKey: SigningKey.generate().publicKey)
    }

    @Test func `tokens of somebody whose identities were voided are gone, and those of others and of later are not`()
        async throws
    {
        let authority = try workspace.authority()
        let key = SigningKey.generate().publicKey
        let other = try SPIFFEID(parsing: id.description + "-other")
        let old = try await authority.makeJoinToken(for: id).secretText()
        let others = try await authority.makeJoinToken(for: other).secretText()
        try await authority.void(id)
        await #expect(throws: AuthorityError.self) { try await authority.redeem(joinToken: old, publicKey: key) }
        #expect(try await authority.redeem(joinToken: others, publicKey: key).id == other)
        let later = try await authority.makeJoinToken(for: id).secretText()
        #expect(try await authority.redeem(joinToken: later, publicKey: key).id == id)
    }

    @Test func `tokens have 160 random bits`() {
        let texts = (0..<100).map { _ in JoinToken(spiffeID: id, expires: 0).secretText() }
        #expect(Set(texts).count == 100)
        #expect(texts.allSatisfy { $0.utf8.count == 50 })
    }

    @Test(arguments: ["spiffe://other.test/agent/a", "spiffe://example.test", "spiffe://example.test/yett/gate"])
    func `no token is made for an identity that the authority does not give`(text: String) async throws {
        let authority = try workspace.authority()
        await #expect(throws: AuthorityError.self) {
            try await authority.makeJoinToken(for: SPIFFEID(parsing: text))
        }
    }

    @Test(arguments: [0, -1, 86_401] as [Int64])
    func `a token's life is bounded`(lifetime: Int64) async throws {
        let authority = try workspace.authority()
        await #expect(throws: AuthorityError.self) { try await authority.makeJoinToken(for: id, lifetime: lifetime) }
    }

    @Test func `tokens that wait are bounded, and expired ones make room`() async throws {
        let authority = try workspace.authority()
        for _ in 0..<JoinToken.largestCount { _ = try await authority.makeJoinToken(for: id, lifetime: 10) }
        await #expect(throws: AuthorityError.self) { try await authority.makeJoinToken(for: id) }
        workspace.clock.advance(10)
        _ = try await authority.makeJoinToken(for: id)
    }
}
