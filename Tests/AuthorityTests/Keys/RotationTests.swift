// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

@testable import Authority

/// Keys over time: what is published, what signs, and what is accepted.
@Suite struct RotationTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func active(_ authority: Authority, _ kind: KeyKind) throws -> AuthorityKey {
        try #require(authority.keys.first { $0.kind == kind && $0.stage == .active })
    }

    private func accepts(_ authority: Authority, _ svid: X509SVID) -> Bool {
        (try? X509SVIDVerifier.verify(
            svid.chain.map(\.der), bundles: authority.state.bundles, purpose: .clientAuthentication,
            now: workspace.clock.now)) != nil
    }

    private func accepts(_ authority: Authority, _ token: JWTSVID) -> Bool {
        (try? JWTSVID.verify(
            token.secretToken(), audience: "tool", bundles: authority.state.bundles, now: workspace.clock.now)) != nil
    }

    @Test func `a new authority publishes one root and one JWT key`() throws {
        let authority = try workspace.authority()
        #expect(authority.state.bundle.x509.authorities.count == 1)
        #expect(authority.state.bundle.jwt.authorities.count == 1)
        #expect(authority.state.bundle.sequence ?? 0 >= UInt64(workspace.clock.now))
        #expect(authority.state.bundle.refreshHint == 60)
    }

    @Test func `over four days no token and no certificate is ever refused, and each key is published before it signs`()
        async throws
    {
        let authority = try workspace.authority { configuration in
            configuration.roots = KeySchedule(lifetime: 86_400)
            configuration.intermediateLifetime = 14_400
        }
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let agent = try caller("unix:uid:7")
        var svid = try #require(try authority.x509SVIDs(for: agent).first)
        var sequence = authority.state.bundle.sequence ?? 0
        var known = Set(authority.keys.map(\.id))
        var signers: Set<String> = [svid.root]
        for _ in 0..<(4 * 86_400 / 300) {
            let token = try #require(try authority.jwtSVIDs(for: agent, audience: ["tool"]).first)
            workspace.clock.advance(299)
            try await authority.maintain()
            #expect(accepts(authority, token))
            workspace.clock.advance(1)
            #expect(accepts(authority, svid.svid))
            for key in authority.keys where key.stage == .active { #expect(known.contains(key.id)) }
            known = Set(authority.keys.map(\.id))
            let next = authority.state.bundle.sequence ?? 0
            #expect(next >= sequence)
            sequence = next
            if !authority.isCurrent(svid) { svid = try #require(try authority.x509SVIDs(for: agent).first) }
            signers.insert(svid.root)
        }
        #expect(signers.count >= 4)
        #expect(authority.keys.count <= 6)
    }

    @Test(arguments: KeyKind.allCases)
    func `prepare, activate, taint and revoke change the bundle as they should`(kind: KeyKind) async throws {
        let authority = try workspace.authority()
        func published() -> Int {
            kind == .x509 ? authority.state.bundle.x509.authorities.count : authority.state.bundle.jwt.authorities.count
        }
        let first = try active(authority, kind)
        var sequence = authority.state.bundle.sequence ?? 0
        func expectSequence(grew: Bool) {
            let now = authority.state.bundle.sequence ?? 0
            #expect(grew ? now > sequence : now == sequence)
            sequence = now
        }
        let second = try await authority.prepare(kind)
        #expect(published() == 2)
        expectSequence(grew: true)
        try await authority.activate(kind, second.id)
        #expect(try active(authority, kind).id == second.id)
        #expect(published() == 2)
        expectSequence(grew: false)
        try await authority.taint(kind, first.id)
        #expect(published() == 2)
        expectSequence(grew: false)
        try await authority.revoke(kind, first.id)
        #expect(published() == 1)
        expectSequence(grew: true)
    }

    @Test func `a key that was prepared twice is published once`() async throws {
        let authority = try workspace.authority()
        try await authority.prepare(.jwt)
        try await authority.prepare(.jwt)
        #expect(authority.state.bundle.jwt.authorities.count == 2)
    }

    @Test func `what a tainted root signed is issued again, and nothing of it is accepted once it is revoked`()
        async throws
    {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let agent = try caller("unix:uid:7")
        let old = try #require(try authority.x509SVIDs(for: agent).first)
        let next = try await authority.prepare(.x509)
        try await authority.activate(.x509, next.id)
        #expect(authority.isCurrent(old))
        try await authority.taint(.x509, old.root)
        #expect(!authority.isCurrent(old))
        #expect(accepts(authority, old.svid))
        let new = try #require(try authority.x509SVIDs(for: agent).first)
        #expect(new.root == next.id)
        try await authority.revoke(.x509, old.root)
        #expect(!accepts(authority, old.svid))
        #expect(accepts(authority, new.svid))
    }

    @Test func `a token of a revoked key is refused at once`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let agent = try caller("unix:uid:7")
        let old = try #require(try authority.jwtSVIDs(for: agent, audience: ["tool"]).first)
        let first = try active(authority, .jwt)
        try await authority.activate(.jwt, authority.prepare(.jwt).id)
        #expect(accepts(authority, old))
        try await authority.taint(.jwt, first.id)
        try await authority.revoke(.jwt, first.id)
        #expect(!accepts(authority, old))
        #expect(accepts(authority, try #require(try authority.jwtSVIDs(for: agent, audience: ["tool"]).first)))
    }

    @Test func `after a restart the keys are the same, and what was revoked stays so`() async throws {
        var authority: Authority? = try workspace.authority()
        let first = try active(try #require(authority), .x509)
        try await authority?.activate(.x509, try #require(authority).prepare(.x509).id)
        try await authority?.taint(.x509, first.id)
        try await authority?.revoke(.x509, first.id)
        let keys = try #require(authority).keys
        let bundle = try #require(authority).state.bundle
        authority = nil
        let again = try workspace.authority()
        #expect(again.keys == keys)
        #expect(again.state.bundle == bundle)
        await #expect(throws: AuthorityError.self) { try await again.activate(.x509, first.id) }
    }

    @Test func `an intermediate lives in memory: each start makes another one under the same root`() async throws {
        var authority: Authority? = try workspace.authority()
        try await authority?.add(entry("/agent/a", ["unix:uid:7"]))
        let before = try #require(try authority?.x509SVIDs(for: caller("unix:uid:7")).first)
        authority = nil
        let again = try workspace.authority()
        let after = try #require(try again.x509SVIDs(for: caller("unix:uid:7")).first)
        #expect(before.root == after.root)
        #expect(before.svid.chain.last != after.svid.chain.last)
        #expect(accepts(again, before.svid))
        #expect(accepts(again, after.svid))
    }

    @Test func `a clock that jumps ahead for a moment takes no key along`() async throws {
        let authority = try workspace.authority()
        try await authority.maintain()
        let before = authority.state.bundle
        workspace.clock.step(2 * 365 * 86_400)
        try await authority.maintain()
        workspace.clock.step(-2 * 365 * 86_400)
        try await authority.maintain()
        for root in before.x509.authorities { #expect(authority.state.bundle.x509.authorities.contains(root)) }
        for key in before.jwt.authorities { #expect(authority.state.bundle.jwt.authorities.contains(key)) }
    }

    @Test func `after a clock was set back, certificates hold at the new time`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let agent = try caller("unix:uid:7")
        let before = try #require(try authority.x509SVIDs(for: agent).first)
        workspace.clock.step(-30 * 86_400)
        #expect(!authority.isCurrent(before))
        try await authority.maintain()
        let after = try #require(try authority.x509SVIDs(for: agent).first)
        #expect(after.svid.validity.contains(workspace.clock.now))
        #expect(accepts(authority, after.svid))
    }

    @Test func `a clock that runs wild makes a bounded number of keys and then an error`() async throws {
        let authority = try workspace.authority()
        var failure: AuthorityError?
        for _ in 0..<100 {
            workspace.clock.step(-86_400)
            do throws(AuthorityError) { try await authority.maintain() } catch { failure = error }
        }
        #expect(failure != nil)
        #expect(authority.keys.count <= 2 * KeyRing.largestCount)
    }

    @Test func `listeners hear of a change at once, and a slow one hears the latest`() async throws {
        let authority = try workspace.authority()
        var updates = authority.updates().makeAsyncIterator()
        let first = await updates.next()
        #expect(first?.bundle.jwt.authorities.count == 1)
        try await authority.prepare(.jwt)
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        let latest = await updates.next()
        #expect(latest?.bundle.jwt.authorities.count == 2)
        #expect(latest?.version == authority.state.version)
        authority.shutDown()
        let end = await updates.next()
        #expect(end == nil)
    }
}
