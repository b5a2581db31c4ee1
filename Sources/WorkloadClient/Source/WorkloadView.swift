// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRPCClient
internal import Identity

/// What is known from the agent at one moment. A value: the streams' messages go in, states come out.
struct WorkloadView: Sendable {
    /// What the agent last said about this program's identities.
    enum Standing: Sendable, Equatable {
        /// Nothing yet.
        case waiting
        /// It has some.
        case issued
        /// It has none.
        case denied
    }

    private(set) var standing = Standing.waiting
    /// The present state; nil while there is no identity.
    private(set) var state: IdentityState?
    /// Why it is of no use to ask again.
    private(set) var refusal: CallFailure?
    private var svids: [X509SVID] = []
    private var x509: [TrustDomain: X509Bundle] = [:]
    private var jwt: [TrustDomain: JWTBundle]?
    private var bundles = TrustBundles([], version: 0)
    private var version: UInt64 = 0

    /// The trust domains of the present identities.
    var own: Set<TrustDomain> { Set(svids.map(\.id.trustDomain)) }

    /// Whether the keys of tokens are known.
    var knowsTokens: Bool { jwt != nil }

    /// Takes a message over.
    ///
    /// Bundles for X509-SVIDs come both with the identities and alone. Each time they are complete, so that of the two
    /// the one that came last counts.
    ///
    /// - Returns: The new state; nil when nothing has changed, or when there is no identity.
    mutating func take(_ update: WorkloadUpdate) -> IdentityState? {
        switch update {
        case .identities(let svids, let bundles):
            standing = .issued
            refusal = nil
            self.svids = svids
            x509 = bundles.bundles
        case .x509Bundles(let bundles): x509 = bundles.bundles
        case .jwtBundles(let bundles): jwt = bundles.bundles
        }
        return renew()
    }

    /// The agent says that there is no identity for this program, or no such bundles.
    mutating func deny(_ method: WorkloadMethod) -> IdentityState? {
        switch method {
        case .fetchX509SVID:
            standing = .denied
            svids = []
            state = nil
            return nil
        case .fetchJWTBundles:
            jwt = [:]
            return renew()
        // Those that come with the identities stand.
        case .fetchX509Bundles, .fetchJWTSVID: return nil
        }
    }

    /// The agent says that the request for identities is wrong.
    mutating func refuse(_ failure: CallFailure) { refusal = failure }

    private mutating func renew() -> IdentityState? {
        let next = all()
        let hasChanged = !bundles.all.elementsEqual(next)
        if hasChanged { bundles = TrustBundles(next, version: bundles.version &+ 1) }
        guard let first = svids.first else { return nil }
        if let state, !hasChanged, state.svids.elementsEqual(svids, by: Self.isSame) { return nil }
        version &+= 1
        let state = IdentityState(svid: first, others: Array(svids.dropFirst()), bundles: bundles, version: version)
        self.state = state
        return state
    }

    /// A chain belongs to one key only.
    private static func isSame(_ left: X509SVID, _ right: X509SVID) -> Bool {
        left.chain == right.chain && left.hint.utf8.elementsEqual(right.hint.utf8)
    }

    private func all() -> [TrustBundle] {
        let domains = Set(x509.keys).union(jwt.map { Set($0.keys) } ?? [])
        return domains.sorted { $0.name < $1.name }.compactMap { domain in
            TrustBundle(
                x509: x509[domain] ?? X509Bundle(trustDomain: domain, authorities: []),
                jwt: jwt?[domain] ?? JWTBundle(trustDomain: domain, authorities: []))
        }
    }
}
