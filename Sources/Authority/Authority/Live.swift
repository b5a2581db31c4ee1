// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What the authority issues from at one moment: an immutable value that requests read without waiting for a change.
struct Live: Sendable {
    /// The intermediate in memory, and the root that it stands under.
    struct Intermediate: Sendable {
        let issuer: CertificateProfile.Issuer
        let root: String
        /// Unix seconds at which the next one is made.
        let renewal: Int64
    }

    /// The JWT key that signs.
    struct JWTSigner: Sendable {
        let id: String
        let signer: KeySigner
        let notAfter: Int64
    }

    var book: KeyBook
    var index: EntryIndex
    var intermediate: Intermediate?
    var jwtSigner: JWTSigner?
    var bundle: TrustBundle
    var federated: [TrustBundle] = []
    /// What other authorities of the same trust domain sign with.
    var siblings: [TrustBundle] = []
    /// When what these had was voided, in Unix seconds: whatever was issued until then is issued again.
    var voided: [SPIFFEID: Int64] = [:]
    /// What others see of it.
    private(set) var state: AuthorityState

    init(book: KeyBook, index: EntryIndex, trustDomain: TrustDomain) {
        self.book = book
        self.index = index
        bundle = TrustBundle(empty: trustDomain)
        state = AuthorityState(version: 0, bundle: bundle, bundles: TrustBundles([bundle], version: 0))
    }

    /// Makes this the successor of another one. The bundles have a version of their own, which grows only when they
    /// change: caches of verified chains live that long.
    mutating func succeed(_ before: AuthorityState) {
        let whole = bundle.joined(by: siblings)
        var bundles = TrustBundles([whole] + federated, version: before.bundles.version)
        if bundles != before.bundles {
            bundles = TrustBundles([whole] + federated, version: before.bundles.version &+ 1)
        }
        state = AuthorityState(version: before.version &+ 1, bundle: whole, bundles: bundles)
    }

    /// Whether what was issued under a root is to be replaced, or was withdrawn.
    func isDistrusted(root: String) -> Bool {
        guard let key = book.x509.key(root) else { return true }
        return key.isTainted || !key.isPublished
    }
}

/// What changed, for those who hold streams open.
public struct AuthorityState: Sendable {
    /// Grows with each change of keys, entries or bundles.
    public let version: UInt64
    /// The trust domain's bundle: the authority's own keys, and those of its siblings.
    public let bundle: TrustBundle
    /// It, and those of the trust domains that it federates with.
    public let bundles: TrustBundles
}
