// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import SwiftASN1
internal import X509

/// What the leaf of an X509-SVID must be, whoever issued it.
///
/// Source: SPIFFE X509-SVID, sections 2 to 4 and 5.2.
public enum LeafProfile {
    /// The SPIFFE ID of a leaf that keeps the profile. Says nothing about trust or time.
    ///
    /// - Parameter purpose: what it is presented for; checked when the leaf limits its purposes.
    /// - Throws: ``X509SVIDError`` that names the rule which the leaf breaks.
    public static func identity(
        of leaf: EncodedCertificate, for purpose: CertificatePurpose? = nil
    ) throws(X509SVIDError) -> SPIFFEID {
        let certificate = leaf.certificate
        guard certificate.version == .v3 else { throw .version }
        let id = try workload(of: certificate)
        try checkAuthority(certificate)
        try checkUsage(certificate)
        if let purpose { try check(purpose, of: certificate) }
        return id
    }

    private static func workload(of certificate: Certificate) throws(X509SVIDError) -> SPIFFEID {
        let uris = try uriNames(of: certificate)
        guard uris.count == 1, let uri = uris.first else { throw .uriNames(uris.count) }
        let id: SPIFFEID
        do throws(SPIFFEIDError) {
            id = try SPIFFEID(parsing: uri)
        } catch {
            throw .id(error)
        }
        guard !id.path.isEmpty else { throw .noPath }
        if certificate.subject.isEmpty,
            certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName]?.critical != true
        {
            throw .namesNotCritical
        }
        return id
    }

    /// The URI subject alternative names; a DNS name that looks like a URI is none.
    static func uriNames(of certificate: Certificate) throws(X509SVIDError) -> [String] {
        let names: SubjectAlternativeNames?
        do {
            names = try certificate.extensions.subjectAlternativeNames
        } catch {
            throw .extensionUnreadable(.subjectAlternativeName)
        }
        return (names ?? .init()).compactMap { name in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
    }

    private static func checkAuthority(_ certificate: Certificate) throws(X509SVIDError) {
        let constraints: BasicConstraints?
        do {
            constraints = try certificate.extensions.basicConstraints
        } catch {
            throw .extensionUnreadable(.basicConstraints)
        }
        if case .isCertificateAuthority = constraints { throw .leafIsAuthority }
    }

    private static func checkUsage(_ certificate: Certificate) throws(X509SVIDError) {
        let usage: KeyUsage?
        do {
            usage = try certificate.extensions.keyUsage
        } catch {
            throw .extensionUnreadable(.keyUsage)
        }
        guard let usage, usage.digitalSignature, !usage.keyCertSign, !usage.cRLSign else { throw .keyUsage }
    }

    private static func check(_ purpose: CertificatePurpose, of certificate: Certificate) throws(X509SVIDError) {
        let usages: ExtendedKeyUsage?
        do {
            usages = try certificate.extensions.extendedKeyUsage
        } catch {
            throw .extensionUnreadable(.extendedKeyUsage)
        }
        guard let usages else { return }
        let wanted: ExtendedKeyUsage.Usage =
            switch purpose {
            case .serverAuthentication: .serverAuth
            case .clientAuthentication: .clientAuth
            }
        guard usages.contains(wanted) else { throw .purpose(purpose) }
    }
}
