// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Leads from one state of the keys to the next: what the new one needs is made first, then it is stored at once, and
/// only then does it count.
struct KeyChanges: Sendable {
    /// Private halves that were opened or made for a change, for as long as it takes.
    private typealias OpenKeys = [String: SigningKey]

    let configuration: AuthorityConfiguration
    let factory: KeyFactory
    let store: AuthorityStore

    /// Makes the changes of one kind that are due.
    func settle(_ live: Live, _ kind: KeyKind, now: Int64, isClockSettled: Bool) throws(AuthorityError) -> Live {
        var next = live
        var open: OpenKeys = [:]
        while let change = next.book[kind].due(at: now, isClockSettled: isClockSettled) {
            switch change {
            case .remove(let id):
                next.book.change(kind) { $0.remove(id) }
            case .activate(let id):
                try next.book.change(kind) { ring throws(AuthorityError) in try ring.activate(id) }
            case .create(let stage):
                let (stored, key) = try factory.make(kind, stage, in: next.book[kind], now: now)
                open[stored.key.id] = key
                next.book.insert(stored)
            }
        }
        return try finish(next, after: live, kind, open, now)
    }

    /// Makes a change that somebody asked for.
    func change(
        _ live: Live, _ kind: KeyKind, now: Int64, _ body: (inout KeyRing) throws(AuthorityError) -> Void
    ) throws(AuthorityError) -> Live {
        var next = live
        try next.book.change(kind, body)
        return try finish(next, after: live, kind, [:], now)
    }

    /// Publishes a new key beside the one that signs.
    func prepare(
        _ live: Live, _ kind: KeyKind, now: Int64
    ) throws(AuthorityError) -> (live: Live, key: AuthorityKey) {
        var next = live
        if let prepared = next.book[kind].prepared { next.book.change(kind) { $0.remove(prepared.id) } }
        let (stored, key) = try factory.make(kind, .prepared, in: next.book[kind], now: now)
        next.book.insert(stored)
        return (try finish(next, after: live, kind, [stored.key.id: key], now), stored.key)
    }

    private func finish(
        _ draft: Live, after before: Live, _ kind: KeyKind, _ open: OpenKeys, _ now: Int64
    ) throws(AuthorityError) -> Live {
        var next = draft
        switch kind {
        case .x509: next.intermediate = try intermediate(next, open, now)
        case .jwt: next.jwtSigner = try jwtSigner(next, open)
        }
        if next.book[kind].published.map(\.id) != before.book[kind].published.map(\.id) { next.book.advance(now: now) }
        next.bundle = try bundle(next.book)
        let stored = next.book.stored
        if stored != before.book.stored { try store.replace(stored) }
        return next
    }

    // MARK: What is kept in memory

    private func jwtSigner(_ live: Live, _ open: OpenKeys) throws(AuthorityError) -> Live.JWTSigner? {
        guard let active = live.book.jwt.active else { return nil }
        if let present = live.jwtSigner, present.id.utf8.elementsEqual(active.id.utf8) { return present }
        let key = try privateHalf(of: active, live.book, open)
        guard let signer = try? KeySigner(key, use: KeyFactory.jwtUse) else {
            throw .sealed("what was sealed is no key for tokens")
        }
        return Live.JWTSigner(id: active.id, signer: signer, notAfter: active.notAfter)
    }

    private func intermediate(
        _ live: Live, _ open: OpenKeys, _ now: Int64
    ) throws(AuthorityError) -> Live.Intermediate? {
        guard let root = live.book.x509.active else { return nil }
        if let present = live.intermediate, present.root.utf8.elementsEqual(root.id.utf8), now < present.renewal,
            present.issuer.certificate.isValid(at: now)
        {
            return present
        }
        guard root.isUsable(at: now), let certificate = live.book.publicBytes(of: root).flatMap(KeyFactory.certificate)
        else { throw .unavailable("no root can sign at this time; is the clock right?") }
        let key = SigningKey.generate()
        let notAfter = min(now &+ configuration.intermediateLifetime, root.notAfter)
        let notBefore = max(now &- CertificateProfile.authorityBackdating, root.notBefore)
        // The root's key is needed here and nowhere else, and is gone when this returns.
        let rootKey = try privateHalf(of: root, live.book, open)
        let made = try CertificateProfile.intermediate(
            key, trustDomain: configuration.trustDomain, validity: notBefore...notAfter,
            issuer: CertificateProfile.Issuer(certificate: certificate, key: rootKey))
        return Live.Intermediate(
            issuer: CertificateProfile.Issuer(certificate: made, key: key), root: root.id,
            renewal: now &+ (notAfter &- now) / 2)
    }

    private func privateHalf(
        of key: AuthorityKey, _ book: KeyBook, _ open: OpenKeys
    ) throws(AuthorityError) -> SigningKey {
        if let key = open[key.id] { return key }
        return try factory.open(key, in: book)
    }

    private func bundle(_ book: KeyBook) throws(AuthorityError) -> TrustBundle {
        let roots = book.x509.published.compactMap { key in
            book.publicBytes(of: key).flatMap(KeyFactory.certificate)
        }
        let keys = book.jwt.published.compactMap { key in
            book.publicBytes(of: key).flatMap { KeyFactory.verificationKey($0, id: key.id) }
        }
        guard roots.count == book.x509.published.count, keys.count == book.jwt.published.count,
            let bundle = TrustBundle(
                x509: X509Bundle(trustDomain: configuration.trustDomain, authorities: roots),
                jwt: JWTBundle(trustDomain: configuration.trustDomain, authorities: keys),
                sequence: UInt64(clamping: book.sequence), refreshHint: configuration.refreshHint)
        else { throw .storage("it holds a public key that cannot be read; restore it from a backup") }
        return bundle
    }
}
