// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import X509

/// What a certificate that signs X509-SVIDs must be, wherever it stands in a chain. It authenticates nobody.
///
/// Source: SPIFFE X509-SVID, sections 2 to 4.
public enum AuthorityProfile {
    /// Checks the profile. Says nothing about trust or time.
    ///
    /// - Parameter trustDomain: what its URI must name, if it has one.
    /// - Throws: ``PathError`` that names the rule which the certificate breaks.
    public static func check(_ encoded: EncodedCertificate, trustDomain: TrustDomain) throws(PathError) {
        let certificate = encoded.certificate
        guard certificate.version == .v3 else { throw .notAnAuthority }
        let constraints: BasicConstraints?
        do {
            constraints = try certificate.extensions.basicConstraints
        } catch {
            throw .malformed(.basicConstraints)
        }
        guard case .isCertificateAuthority = constraints else { throw .notAnAuthority }
        let usage: KeyUsage?
        do {
            usage = try certificate.extensions.keyUsage
        } catch {
            throw .malformed(.keyUsage)
        }
        guard usage?.keyCertSign == true else { throw .keyUsage }
        let uris: [String]
        do throws(X509SVIDError) {
            uris = try LeafProfile.uriNames(of: certificate)
        } catch {
            throw .malformed(.subjectAlternativeName)
        }
        guard let uri = uris.first else { return }
        // Section 2: one URI at most, the trust domain's own, without path.
        guard uris.count == 1, let id = try? SPIFFEID(parsing: uri), id.path.isEmpty, id.trustDomain == trustDomain
        else { throw .issuerTrustDomain }
    }
}
