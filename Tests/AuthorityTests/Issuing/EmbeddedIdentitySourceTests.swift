// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import IdentitySupport
import Testing

@testable import Authority

/// The gate's own identity from an authority in the same process.
private struct EmbeddedFixture: IdentitySourceFixture {
    let workspace: Workspace
    let embedded: EmbeddedIdentitySource

    init() throws {
        workspace = try Workspace()
        embedded = try EmbeddedIdentitySource(workspace.authority(), dnsNames: ["gate.example.test"])
    }

    var source: any IdentitySource { embedded }
    var now: Int64 { workspace.clock.now }

    func renew() async throws {
        workspace.clock.advance(1800)
        try await embedded.authority.maintain()
        try embedded.refresh()
    }

    func withdrawKeys() async throws {
        let authority = embedded.authority
        for kind in KeyKind.allCases {
            let old = authority.keys.filter { $0.kind == kind }
            try await authority.activate(kind, authority.prepare(kind).id)
            for key in old {
                try await authority.taint(kind, key.id)
                try await authority.revoke(kind, key.id)
            }
        }
        try embedded.refresh()
    }

    func shutDown() async throws { embedded.shutDown() }
}

@Suite struct EmbeddedIdentitySourceTests {
    @Test(arguments: IdentitySourceCheck.allCases)
    func `does what every identity source does`(check: IdentitySourceCheck) async throws {
        try await check.run(on: EmbeddedFixture())
    }

    @Test func `the gate has an ID that no entry can give`() throws {
        let fixture = try EmbeddedFixture()
        #expect(try fixture.source.current().svid.id.description == "spiffe://example.test/yett/gate")
    }

    @Test func `a listener that asks at a handshake gets the new identity without anybody's help`() async throws {
        let fixture = try EmbeddedFixture()
        let before = try fixture.source.current()
        fixture.workspace.clock.advance(1800)
        let after = try fixture.source.current()
        #expect(after.version > before.version)
        #expect(after.svid.validity.upperBound > before.svid.validity.upperBound)
    }

    @Test func `the same state is handed out until something changes`() async throws {
        let fixture = try EmbeddedFixture()
        let version = try fixture.source.current().version
        try await fixture.embedded.authority.add(entry("/agent/a", ["unix:uid:7"]))
        #expect(try fixture.source.current().version == version)
        try await fixture.embedded.authority.prepare(.jwt)
        #expect(try fixture.source.current().version > version)
    }

    @Test func `when the authority cannot sign, the last identity stands until it ends`() async throws {
        let fixture = try EmbeddedFixture()
        let state = try fixture.source.current()
        // Past the intermediate's end, and nobody made another one.
        fixture.workspace.clock.advance(86_401)
        #expect(throws: IdentitySourceError.expired) { try fixture.source.current() }
        fixture.workspace.clock.step(-86_401 + 1800)
        #expect(try fixture.source.current().svid.id == state.svid.id)
    }

    @Test func `federated bundles are handed out, and never replace the own one`() async throws {
        let fixture = try EmbeddedFixture()
        let own = try #require(try fixture.source.current().ownBundle)
        let other = TrustBundle(empty: try TrustDomain(parsing: "other.test"))
        let forged = TrustBundle(empty: own.trustDomain)
        await fixture.embedded.authority.setFederatedBundles([other, forged])
        let state = try fixture.source.current()
        #expect(state.bundles[other.trustDomain] == other)
        #expect(state.ownBundle == own)
    }

    @Test func `what another authority of the trust domain issued counts beside the own, and ends with it`()
        async throws
    {
        let (fixture, sibling) = (try EmbeddedFixture(), try EmbeddedFixture())
        let own = try #require(try fixture.source.current().ownBundle)
        let theirs = sibling.embedded.authority.ownBundle
        let token = try await sibling.source.jwtSVID(audience: ["x"], id: nil).secretToken()
        await #expect(throws: (any Error).self) {
            try await fixture.source.verify(jwtSVID: token, audience: "x", now: fixture.now)
        }
        // The same keys in its mouth, and those of another trust domain, change nothing.
        let stranger = TrustBundle(empty: try TrustDomain(parsing: "other.test"))
        await fixture.embedded.authority.setSiblings([own, stranger])
        #expect(try fixture.source.current().ownBundle == own)
        await fixture.embedded.authority.setSiblings([theirs])
        let joined = try #require(try fixture.source.current().ownBundle)
        #expect(joined.x509.authorities == own.x509.authorities + theirs.x509.authorities)
        #expect(joined.jwt.authorities == own.jwt.authorities + theirs.jwt.authorities)
        #expect(fixture.embedded.authority.ownBundle == own)
        let verified = try await fixture.source.verify(jwtSVID: token, audience: "x", now: fixture.now)
        #expect(verified.id.description == "spiffe://example.test/yett/gate")
        // A change of the own keys leaves the others where they are.
        try await fixture.embedded.authority.prepare(.jwt)
        #expect(try fixture.source.current().ownBundle?.jwt.authorities.count == joined.jwt.authorities.count + 1)
        await fixture.embedded.authority.setSiblings([])
        await #expect(throws: (any Error).self) {
            try await fixture.source.verify(jwtSVID: token, audience: "x", now: fixture.now)
        }
    }

    @Test func `keeps itself up to date until it is cancelled`() async throws {
        let fixture = try EmbeddedFixture()
        let embedded = fixture.embedded
        var updates = embedded.updates().makeAsyncIterator()
        let first = try #require(await updates.next())
        let running = Task { await embedded.run(every: .milliseconds(1)) { Issue.record("\($0)") } }
        fixture.workspace.clock.advance(1800)
        let second = try #require(await updates.next())
        #expect(second.version > first.version)
        running.cancel()
        await running.value
        #expect(await Array(embedded.updates()).isEmpty)
    }
}

extension Array {
    /// Everything that a sequence gives.
    fileprivate init(_ sequence: some AsyncSequence<Element, Never>) async {
        self = []
        for await element in sequence { append(element) }
    }
}
