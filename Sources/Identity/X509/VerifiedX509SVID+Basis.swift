// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import X509

extension VerifiedX509SVID {
    /// How old the leaf is, and the keys of whoever issued it.
    public var basis: ProofBasis {
        var basis = ProofBasis()
        basis.certificateStart = path.first?.notBefore
        basis.keys = path.dropFirst().compactMap { issuer in
            (try? issuer.certificate.extensions.subjectKeyIdentifier)?.keyIdentifier.hexadecimal
        }
        return basis
    }
}
