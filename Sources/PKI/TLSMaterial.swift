// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import NIOSSL

/// What a listener presents, and whom it trusts: from an identity source, which keeps it up to date by itself, or from
/// files as they were read.
public struct TLSMaterial: Sendable {
    enum Origin: Sendable {
        case source(any IdentitySource)
        case fixed(TLSCredential, TrustBundles)
    }

    let origin: Origin

    /// The gate's own identity and everybody's bundles, asked for at each handshake and each request.
    public static func identity(_ source: any IdentitySource) -> TLSMaterial { TLSMaterial(origin: .source(source)) }

    /// A certificate of any kind for the server, and authorities for clients.
    ///
    /// - Parameters:
    ///   - certificate: PEM of the listener's chain, leaf first.
    ///   - key: PEM of its private key.
    ///   - clientAuthorities: PEM of the certificates that client chains must end in.
    ///   - trustDomain: The one trust domain that the authorities vouch for.
    /// - Throws: ``TLSMaterialError`` that names the part that cannot be used.
    public static func files(
        certificate: [UInt8], key: [UInt8], clientAuthorities: [UInt8], trustDomain: TrustDomain
    ) throws(TLSMaterialError) -> TLSMaterial {
        let credential = try TLSCredential(certificate: certificate, key: key)
        let authorities = try authorities(clientAuthorities, trustDomain: trustDomain)
        var bundle = TrustBundle(empty: trustDomain)
        bundle.x509 = X509Bundle(trustDomain: trustDomain, authorities: authorities)
        _ = try ServerContexts.configuration(credential, clients: .required, protocols: []).context()
        return TLSMaterial(origin: .fixed(credential, TrustBundles([bundle], version: 1)))
    }

    private static func authorities(
        _ pem: [UInt8], trustDomain: TrustDomain
    ) throws(TLSMaterialError) -> [EncodedCertificate] {
        var authorities: [EncodedCertificate] = []
        for certificate in try TLSContextFactory.certificates(pem, part: "client_ca") {
            guard let der = try? certificate.toDERBytes(), let encoded = try? EncodedCertificate(der: der) else {
                throw TLSMaterialError(part: "client_ca", problem: "holds a certificate that cannot be read")
            }
            do throws(PathError) {
                try AuthorityProfile.check(encoded, trustDomain: trustDomain)
            } catch {
                throw TLSMaterialError(
                    part: "client_ca", problem: "holds a certificate that vouches for nobody: \(error)")
            }
            authorities.append(encoded)
        }
        return authorities
    }

    /// Whether both present the same and trust the same.
    func isSame(as other: TLSMaterial) -> Bool {
        switch (origin, other.origin) {
        case (.source(let source), .source(let other)): (source as AnyObject) === (other as AnyObject)
        case (.fixed(let credential, let bundles), .fixed(let otherCredential, let otherBundles)):
            credential.chain == otherCredential.chain && credential.key == otherCredential.key
                && bundles == otherBundles
        default: false
        }
    }

    /// What counts at this moment.
    ///
    /// - Throws: ``IdentitySourceError`` of the source.
    func bundles() throws(IdentitySourceError) -> TrustBundles {
        switch origin {
        case .source(let source): try source.current().bundles
        case .fixed(_, let bundles): bundles
        }
    }
}
