// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// The bundles of foreign trust domains, each under the name that was configured. A value: documents go in, and only a newer
/// one replaces what is known.
struct FederatedBundles: Sendable {
    private var bundles: [TrustDomain: TrustBundle] = [:]

    /// All bundles in the order of their trust domains.
    var all: [TrustBundle] { bundles.values.sorted { $0.trustDomain.name < $1.trustDomain.name } }

    subscript(trustDomain: TrustDomain) -> TrustBundle? { bundles[trustDomain] }

    /// Begins with the newest of several bundles of one trust domain.
    mutating func begin(with candidates: [TrustBundle]) {
        for bundle in candidates {
            if let known = bundles[bundle.trustDomain], (known.sequence ?? 0) >= (bundle.sequence ?? 0) { continue }
            bundles[bundle.trustDomain] = bundle
        }
    }

    /// Takes a document that an endpoint answered with. One without keys is taken, too: the trust domain has revoked
    /// everything.
    ///
    /// - Returns: Whether something has changed.
    mutating func take(_ document: [UInt8], of trustDomain: TrustDomain) throws(FederationError) -> Bool {
        let bundle: TrustBundle
        do throws(BundleDocumentError) {
            bundle = try TrustBundle(parsing: document, trustDomain: trustDomain)
        } catch {
            throw .document(error)
        }
        if let known = bundles[trustDomain]?.sequence, (bundle.sequence ?? 0) < known {
            throw .older(known: known, offered: bundle.sequence)
        }
        guard bundles[trustDomain] != bundle else { return false }
        bundles[trustDomain] = bundle
        return true
    }
}
