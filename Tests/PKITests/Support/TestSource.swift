// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Identity
import Synchronization

/// An identity source whose state a test sets.
final class TestSource: IdentitySource {
    private struct Present {
        var state: IdentityState?
        var version: UInt64 = 0
    }

    private let present = Mutex(Present())
    static let domain = "example.test"

    init() {}

    /// The gate's leaf from `authority`, and trust in `roots`.
    convenience init(_ authority: TestAuthority) throws {
        self.init()
        try present(authority.issue(uris: ["spiffe://example.test/yett/gate"]), trusting: [Self.domain: [authority]])
    }

    /// Replaces the state.
    func present(_ svid: X509SVID, _ bundles: TrustBundles) {
        present.withLock { present in
            present.version += 1
            present.state = IdentityState(svid: svid, bundles: bundles, version: present.version)
        }
    }

    /// Replaces the state.
    func present(_ leaf: TestAuthority.Leaf, trusting roots: [String: [TestAuthority]]) throws {
        let svid = try X509SVID(certificates: leaf.chain.flatMap { $0 }, pkcs8: leaf.pkcs8)
        let bundles = try roots.map { name, authorities in
            let domain = try TrustDomain(parsing: name)
            var bundle = TrustBundle(empty: domain)
            bundle.x509 = X509Bundle(
                trustDomain: domain, authorities: try authorities.map { try EncodedCertificate(der: $0.der) })
            return bundle
        }
        present.withLock { present in
            present.version += 1
            present.state = IdentityState(
                svid: svid, bundles: TrustBundles(bundles, version: present.version), version: present.version)
        }
    }

    /// From now on there is no identity.
    func withdraw() { present.withLock { $0.state = nil } }

    func current() throws(IdentitySourceError) -> IdentityState {
        guard let state = present.withLock({ $0.state }) else { throw .denied }
        return state
    }

    func updates() -> AsyncStream<IdentityState> { AsyncStream { $0.finish() } }

    func jwtSVID(audience: [String], id: SPIFFEID?) async throws(IdentitySourceError) -> JWTSVID { throw .denied }

    func verify(
        jwtSVID token: [UInt8], audience: String, now: Int64
    ) async throws(IdentitySourceError) -> VerifiedJWTSVID { throw .denied }
}
