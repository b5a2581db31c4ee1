// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Authority
internal import Identity
internal import Synchronization

/// A process that was attested, with what it was issued during one call.
public final class EmbeddedCaller: Sendable {
    private struct Served {
        let issued: [IssuedX509SVID]
        let state: IdentityState
    }

    let attestation: AttestedCaller
    let pid: Int32
    let uid: UInt32
    private let served = Mutex<Served?>(nil)

    init(_ attestation: AttestedCaller, pid: Int32, uid: UInt32) {
        self.attestation = attestation
        self.pid = pid
        self.uid = uid
    }

    /// Whether something was issued that still holds.
    func isServed(at now: Int64) -> Bool {
        served.withLock { $0?.issued.allSatisfy { $0.svid.validity.contains(now) } } ?? false
    }

    /// What the caller is entitled to now. What was issued before and still stands is kept.
    ///
    /// - Parameter record: Writes down what was issued before anybody gets it.
    /// - Returns: The state, and when at the latest it is to be asked for again, in Unix seconds.
    func refresh(
        _ authority: Authority, _ now: Int64, record: ([IssuedX509SVID]) throws(AuthorityError) -> Void
    ) throws(AuthorityError) -> (state: IdentityState, renewal: Int64) {
        let entries = authority.entries(for: attestation)
        let before = served.withLock { $0 }
        let issued: [IssuedX509SVID]
        if let before, before.issued.map(\.entry) == entries, before.issued.allSatisfy({ authority.isCurrent($0) }) {
            issued = before.issued
        } else {
            issued = try authority.x509SVIDs(for: attestation)
            try record(issued)
        }
        guard let first = issued.first else { throw .denied("no entry fits the caller") }
        let bundles = bundles(authority.state, issued)
        let renewal = issued.map(\.renewal).min() ?? now
        if let before, before.issued.map(\.svid.chain) == issued.map(\.svid.chain),
            before.state.bundles.hasSameContents(as: bundles)
        {
            return (before.state, renewal)
        }
        let state = IdentityState(
            svid: first.svid, others: issued.dropFirst().map(\.svid), bundles: bundles,
            version: (before?.state.version ?? 0) &+ 1)
        served.withLock { $0 = Served(issued: issued, state: state) }
        return (state, renewal)
    }

    /// The authority's own bundle, and those of the domains that the caller's entries name.
    private func bundles(_ state: AuthorityState, _ issued: [IssuedX509SVID]) -> TrustBundles {
        let federated = Set(issued.flatMap { $0.entry?.federatesWith ?? [] })
        let own = state.bundle
        return TrustBundles([own] + federated.compactMap { state.bundles[$0] }, version: state.bundles.version)
    }
}

extension TrustBundles {
    /// Whether both say the same, whatever their versions.
    fileprivate func hasSameContents(as other: TrustBundles) -> Bool {
        trustDomains == other.trustDomains && trustDomains.allSatisfy { self[$0] == other[$0] }
    }
}
