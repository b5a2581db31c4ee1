// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

extension TrustBundle {
    /// This bundle with what other authorities of the same trust domain sign with.
    ///
    /// The sequence is the largest of all: each grows with the time of its last change. A key that stands here already is
    /// not taken from others, so that none pushes it out.
    func joined(by siblings: [TrustBundle]) -> TrustBundle {
        guard !siblings.isEmpty else { return self }
        var joined = self
        var names = Set(jwt.authorities.compactMap(\.jsonWebKey.keyID))
        let keys = siblings.flatMap(\.jwt.authorities).filter { key in
            key.jsonWebKey.keyID.map { names.insert($0).inserted } ?? false
        }
        joined.x509 = X509Bundle(
            trustDomain: trustDomain, authorities: x509.authorities + siblings.flatMap(\.x509.authorities))
        joined.jwt = JWTBundle(trustDomain: trustDomain, authorities: jwt.authorities + keys)
        joined.sequence = ([self] + siblings).compactMap(\.sequence).max()
        return joined
    }
}
