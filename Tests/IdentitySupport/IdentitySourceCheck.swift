// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Testing
internal import X509

/// An identity source under test, with the means to make its issuer do something.
public protocol IdentitySourceFixture: Sendable {
    /// The source.
    var source: any IdentitySource { get }
    /// Unix seconds, as issuer and verifier see them.
    var now: Int64 { get }
    /// Lets enough time pass that the issuer gives out a new identity, and waits until the source has it.
    func renew() async throws
    /// Lets the issuer sign with new keys and withdraw all others, and waits until the source knows.
    func withdrawKeys() async throws
    /// Ends the source.
    func shutDown() async throws
}

/// What every source of identities does, whoever the issuer is.
public enum IdentitySourceCheck: String, CaseIterable, Sendable {
    case `its identity is verified by its own bundle`
    case `chain and key belong together, and no root is among the chain`
    case `the first update is the present state`
    case `a renewal is heard of, and brings a new key and a later version`
    case `an identity that was renewed is still accepted`
    case `nothing that withdrawn keys signed is accepted`
    case `a slow reader hears the latest state`
    case `updates end with the source`
    case `a token is accepted by its recipients and by nobody else`
    case `a token that was changed is refused`
    case `a token is refused when its time is over`
    case `a token without recipient is not asked for`
    case `a token of another identity is denied`
    case `no text shows a key or a token`

    /// Runs the check.
    public func run(on fixture: some IdentitySourceFixture) async throws {
        switch self {
        case .`its identity is verified by its own bundle`: try verifies(fixture)
        case .`chain and key belong together, and no root is among the chain`: try belongsTogether(fixture)
        case .`the first update is the present state`: try await beginsWithThePresent(fixture)
        case .`a renewal is heard of, and brings a new key and a later version`: try await renews(fixture)
        case .`an identity that was renewed is still accepted`: try await acceptsWhatWasRenewed(fixture)
        case .`nothing that withdrawn keys signed is accepted`: try await refusesWhatWasWithdrawn(fixture)
        case .`a slow reader hears the latest state`: try await skips(fixture)
        case .`updates end with the source`: try await ends(fixture)
        case .`a token is accepted by its recipients and by nobody else`: try await knowsRecipients(fixture)
        case .`a token that was changed is refused`: try await refusesChanges(fixture)
        case .`a token is refused when its time is over`: try await refusesTheExpired(fixture)
        case .`a token without recipient is not asked for`: await refusesNoRecipient(fixture)
        case .`a token of another identity is denied`: try await deniesOthers(fixture)
        case .`no text shows a key or a token`: try await keepsSecrets(fixture)
        }
    }

    private func accepts(_ svid: X509SVID, _ fixture: some IdentitySourceFixture) throws -> Bool {
        let verified = try? X509SVIDVerifier.verify(
            svid.chain.map(\.der), bundles: try fixture.source.current().bundles, purpose: .serverAuthentication,
            now: fixture.now)
        return verified?.id == svid.id
    }

    private func accepts(
        _ token: [UInt8], _ fixture: some IdentitySourceFixture, audience: String = "tool", later: Int64 = 0
    ) async -> Bool {
        (try? await fixture.source.verify(jwtSVID: token, audience: audience, now: fixture.now + later)) != nil
    }

    // MARK: Certificates

    private func verifies(_ fixture: some IdentitySourceFixture) throws {
        let state = try fixture.source.current()
        #expect(try accepts(state.svid, fixture))
        #expect(state.svid.validity.contains(fixture.now))
        #expect(state.ownBundle != nil)
        #expect(state.svids.first?.id == state.svid.id)
    }

    private func belongsTogether(_ fixture: some IdentitySourceFixture) throws {
        let state = try fixture.source.current()
        let leaf = try #require(state.svid.chain.first)
        #expect(leaf.certificate.publicKey == state.svid.key.publicKey)
        #expect(!state.svid.chain.contains { state.ownBundle?.x509.authorities.contains($0) == true })
    }

    private func beginsWithThePresent(_ fixture: some IdentitySourceFixture) async throws {
        var updates = fixture.source.updates().makeAsyncIterator()
        let first = await updates.next()
        #expect(try first?.version == fixture.source.current().version)
    }

    private func renews(_ fixture: some IdentitySourceFixture) async throws {
        var updates = fixture.source.updates().makeAsyncIterator()
        let before = try #require(await updates.next())
        try await fixture.renew()
        let after = try #require(await updates.next())
        #expect(after.version > before.version)
        #expect(after.svid.id == before.svid.id)
        #expect(after.svid.key.publicKey != before.svid.key.publicKey)
        #expect(try fixture.source.current().version == after.version)
    }

    private func acceptsWhatWasRenewed(_ fixture: some IdentitySourceFixture) async throws {
        let before = try fixture.source.current().svid
        try await fixture.renew()
        #expect(try accepts(before, fixture))
        #expect(try accepts(fixture.source.current().svid, fixture))
    }

    private func refusesWhatWasWithdrawn(_ fixture: some IdentitySourceFixture) async throws {
        let before = try fixture.source.current()
        let token = try await fixture.source.jwtSVID(audience: ["tool"], id: nil).secretToken()
        try await fixture.withdrawKeys()
        #expect(try !accepts(before.svid, fixture))
        #expect(await !accepts(token, fixture))
        let after = try fixture.source.current()
        #expect(after.version > before.version)
        #expect(after.bundles.version > before.bundles.version)
        #expect(try accepts(after.svid, fixture))
        let next = try await fixture.source.jwtSVID(audience: ["tool"], id: nil).secretToken()
        #expect(await accepts(next, fixture))
    }

    // MARK: Updates

    private func skips(_ fixture: some IdentitySourceFixture) async throws {
        var updates = fixture.source.updates().makeAsyncIterator()
        for _ in 0..<3 { try await fixture.renew() }
        let heard = await updates.next()
        #expect(try heard?.version == fixture.source.current().version)
    }

    private func ends(_ fixture: some IdentitySourceFixture) async throws {
        let updates = fixture.source.updates()
        try await fixture.shutDown()
        for await _ in updates {}
        for await _ in fixture.source.updates() { Issue.record("an update after the end") }
    }

    // MARK: Tokens

    private func knowsRecipients(_ fixture: some IdentitySourceFixture) async throws {
        let token = try await fixture.source.jwtSVID(audience: ["tool", "other"], id: nil)
        let verified = try await fixture.source.verify(
            jwtSVID: token.secretToken(), audience: "other", now: fixture.now)
        #expect(verified.id == (try fixture.source.current().svid.id))
        #expect(await accepts(token.secretToken(), fixture))
        for audience in ["", "too", "tools", "TOOL"] {
            #expect(await !accepts(token.secretToken(), fixture, audience: audience))
        }
    }

    private func refusesChanges(_ fixture: some IdentitySourceFixture) async throws {
        let token = try await fixture.source.jwtSVID(audience: ["tool"], id: nil).secretToken()
        for index in stride(from: 0, to: token.count, by: 7) {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(await !accepts(changed, fixture))
        }
        #expect(await !accepts(Array(token.prefix(token.count / 2)), fixture))
        #expect(await !accepts([], fixture))
    }

    private func refusesTheExpired(_ fixture: some IdentitySourceFixture) async throws {
        let token = try await fixture.source.jwtSVID(audience: ["tool"], id: nil)
        #expect(await accepts(token.secretToken(), fixture))
        #expect(await !accepts(token.secretToken(), fixture, later: token.expiry - fixture.now + 61))
    }

    private func refusesNoRecipient(_ fixture: some IdentitySourceFixture) async {
        for audience in [[], [""]] {
            await #expect(throws: IdentitySourceError.self) {
                try await fixture.source.jwtSVID(audience: audience, id: nil)
            }
        }
    }

    private func deniesOthers(_ fixture: some IdentitySourceFixture) async throws {
        let own = try fixture.source.current().svid.id
        let mine = try await fixture.source.jwtSVID(audience: ["tool"], id: own)
        #expect(mine.id == own)
        for text in [own.description + "/other", "spiffe://another.test/agent/a"] {
            let id = try SPIFFEID(parsing: text)
            await #expect(throws: IdentitySourceError.denied) {
                try await fixture.source.jwtSVID(audience: ["tool"], id: id)
            }
        }
    }

    private func keepsSecrets(_ fixture: some IdentitySourceFixture) async throws {
        let state = try fixture.source.current()
        let token = try await fixture.source.jwtSVID(audience: ["tool"], id: nil)
        let secret = String(decoding: token.secretToken(), as: UTF8.self)
        for text in ["\(state)", String(reflecting: state), "\(token)", String(reflecting: token)] {
            #expect(!text.contains(secret.suffix(20)))
            #expect(!text.contains("BEGIN") && !text.contains("PRIVATE"))
        }
    }
}
