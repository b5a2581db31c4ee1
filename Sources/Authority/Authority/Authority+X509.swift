// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization
public import X509

extension Authority {
    /// The most identities that one caller is given.
    public static let mostIdentities = 64

    /// The entries that a caller fits, the default one first. Of several with the same hint only the first keeps it.
    public nonisolated func entries(for caller: AttestedCaller) -> [RegistrationEntry] {
        let index = live.withLock { $0.index }
        let found = index.matching(caller.selectors, parent: localNode, at: clock.wall())
        return Array(found.prefix(Self.mostIdentities))
    }

    /// Issues every identity of a caller, each with a new key.
    ///
    /// - Throws: ``AuthorityError/denied(_:)`` when there is none, or when the caller is not any more what attestation
    ///   saw. Nothing is to be sent then.
    public nonisolated func x509SVIDs(for caller: AttestedCaller) throws(AuthorityError) -> [IssuedX509SVID] {
        try recheck(caller)
        let entries = entries(for: caller)
        guard !entries.isEmpty else { throw .denied("no entry fits the caller") }
        var hints: Set<[UInt8]> = []
        var issued: [IssuedX509SVID] = []
        for entry in entries {
            let isNew = hints.insert(Array(entry.hint.utf8)).inserted
            issued.append(try issue(entry, hint: isNew ? entry.hint : ""))
        }
        // Looked at again, because between attestation and now it could have become another program.
        try recheck(caller)
        return issued
    }

    /// Whether an identity still stands, so that it may be sent again.
    ///
    /// - Returns: False when half of its life is over, its root is distrusted, its entry is gone or says something
    ///   else, or the clock has gone back before its beginning.
    public nonisolated func isCurrent(_ issued: IssuedX509SVID) -> Bool {
        let now = clock.wall()
        return live.withLock { live in
            let hasEntry = issued.entry.map { entry in
                live.index.entry(entry.id) == entry && entry.isCurrent(at: now)
            }
            let isVoid = live.voided[issued.svid.id].map { issued.issued <= $0 } ?? false
            return (hasEntry ?? true) && now < issued.renewal && issued.svid.validity.contains(now)
                && !live.isDistrusted(root: issued.root) && !isVoid
        }
    }

    /// Issues again, at once, what somebody was given up to now: others have stopped to accept it. Join tokens of theirs
    /// that wait are gone.
    ///
    /// - Throws: ``AuthorityError`` when the tokens cannot be taken away; the rest is done even then.
    public func void(_ id: SPIFFEID) throws(AuthorityError) {
        var next = live.withLock { $0 }
        let now = clock.wall()
        // What was voided longer ago than anything lives means nothing any more.
        next.voided = next.voided.filter { $0.value > now &- configuration.roots.lifetime }
        next.voided[id] = now
        publish(next)
        try store.removeTokens(of: id)
    }

    /// By how many seconds certificates begin before they are issued.
    public static var backdating: Int64 { CertificateProfile.backdating }

    /// Signs a certificate for a key that stays with its owner, in exchange for a join token.
    ///
    /// Everything but the key comes from the token and the authority: a request's own wishes are not even read. The
    /// token is used up even when nothing comes of it.
    public nonisolated func redeem(
        joinToken: String, publicKey: Certificate.PublicKey
    ) async throws(AuthorityError) -> IssuedChain {
        let id = try await consume(joinToken: joinToken)
        let (chain, _, _) = try sign(publicKey, id: id, dnsNames: [], lifetime: configuration.x509Lifetime)
        return IssuedChain(id: id, chain: chain)
    }

    /// Signs another certificate for somebody who has one; whether that may be is the caller's decision.
    public nonisolated func renew(
        _ id: SPIFFEID, publicKey: Certificate.PublicKey
    ) async throws(AuthorityError) -> IssuedChain {
        guard id.trustDomain == configuration.trustDomain else { throw .refused("\(EntryError.foreignDomain)") }
        guard !id.path.isEmpty, !id.path.utf8.starts(with: RegistrationEntry.reservedPath.utf8) else {
            throw .refused("\(EntryError.reserved)")
        }
        let (chain, _, _) = try sign(publicKey, id: id, dnsNames: [], lifetime: configuration.x509Lifetime)
        return IssuedChain(id: id, chain: chain)
    }

    /// Issues the gate's own identity.
    nonisolated func issueOwn(_ id: SPIFFEID, dnsNames: [String]) throws(AuthorityError) -> IssuedX509SVID {
        try issue(id, entry: nil, dnsNames: dnsNames, lifetime: configuration.x509Lifetime, hint: "")
    }

    // MARK: Signing

    private nonisolated func recheck(_ caller: AttestedCaller) throws(AuthorityError) {
        guard caller.isUnchanged() else { throw .denied("the caller is not what attestation saw any more") }
    }

    private nonisolated func issue(_ entry: RegistrationEntry, hint: String) throws(AuthorityError) -> IssuedX509SVID {
        try issue(
            entry.spiffeID, entry: entry, dnsNames: entry.dnsNames,
            lifetime: entry.x509Lifetime ?? configuration.x509Lifetime, hint: hint)
    }

    private nonisolated func issue(
        _ id: SPIFFEID, entry: RegistrationEntry?, dnsNames: [String], lifetime: Int64, hint: String
    ) throws(AuthorityError) -> IssuedX509SVID {
        let key = SigningKey.generate()
        let (chain, root, now) = try sign(key.publicKey, id: id, dnsNames: dnsNames, lifetime: lifetime)
        let svid: X509SVID
        do throws(X509SVIDError) {
            svid = try X509SVID(chain: chain, key: key, hint: hint)
        } catch {
            throw .unavailable("a certificate did not come out as the profile has it: \(error)")
        }
        let half = Double(max(svid.validity.upperBound &- now, 0)) / 2
        let spread = half * 0.1 * min(max(jitter(), -1), 1)
        // In the second in which something was voided, nothing can be told from what was voided.
        let isTooEarly = live.withLock { $0.voided[id] == now }
        return IssuedX509SVID(
            svid: svid, entry: entry, root: root, issued: now,
            renewal: now &+ (isTooEarly ? 1 : Int64((half + spread).rounded(.down))))
    }

    private nonisolated func sign(
        _ publicKey: Certificate.PublicKey, id: SPIFFEID, dnsNames: [String], lifetime: Int64
    ) throws(AuthorityError) -> (chain: [EncodedCertificate], root: String, now: Int64) {
        let now = clock.wall()
        guard let intermediate = live.withLock({ $0.intermediate }) else {
            throw .unavailable("the authority has no key to sign with at present")
        }
        let certificate = intermediate.issuer.certificate
        let notAfter = min(now &+ lifetime, certificate.notAfter)
        let notBefore = max(now &- CertificateProfile.backdating, certificate.notBefore)
        guard certificate.isValid(at: now), notBefore < notAfter else {
            throw .unavailable("the authority's certificate does not hold at this time; is the clock right?")
        }
        let leaf = try CertificateProfile.leaf(
            publicKey, id: id, dnsNames: dnsNames, validity: notBefore...notAfter, issuer: intermediate.issuer)
        return ([leaf, certificate], intermediate.root, now)
    }
}
