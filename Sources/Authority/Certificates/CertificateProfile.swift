// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import Identity
internal import SwiftASN1
internal import X509

/// The certificates that the authority makes, exactly as the X509-SVID profile has them.
///
/// Source: SPIFFE X509-SVID, sections 2 to 5 and appendix A.
enum CertificateProfile {
    /// Who signs a certificate.
    struct Issuer: Sendable {
        let certificate: EncodedCertificate
        let key: SigningKey
    }

    /// Seconds by which certificates begin before they are made, for verifiers whose clock is late.
    static let backdating: Int64 = 10
    /// The same for roots and intermediates, which outlive a clock that is set.
    static let authorityBackdating: Int64 = 3600

    /// A root: signs itself, names its trust domain.
    static func root(
        _ key: SigningKey, trustDomain: TrustDomain, validity: ClosedRange<Int64>
    ) throws(AuthorityError) -> EncodedCertificate {
        let serial = serialNumber()
        let name = try authorityName(serial)
        return try certificate(
            serial, publicKey: key.publicKey, subject: name, issuer: name, validity: validity, signer: key
        ) {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 1))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(hash: key.publicKey)
            SubjectAlternativeNames([.uniformResourceIdentifier("spiffe://\(trustDomain.name)")])
        }
    }

    /// An intermediate: signs leaves and nothing else.
    static func intermediate(
        _ key: SigningKey, trustDomain: TrustDomain, validity: ClosedRange<Int64>, issuer: Issuer
    ) throws(AuthorityError) -> EncodedCertificate {
        let serial = serialNumber()
        return try certificate(
            serial, publicKey: key.publicKey, subject: try authorityName(serial),
            issuer: issuer.certificate.certificate.subject, validity: validity, signer: issuer.key
        ) {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(hash: key.publicKey)
            AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: issuer.key.publicKey).keyIdentifier)
            SubjectAlternativeNames([.uniformResourceIdentifier("spiffe://\(trustDomain.name)")])
        }
    }

    /// A leaf: one workload. Its subject is empty, so that nothing but the SPIFFE ID can be taken for its name; the
    /// alternative names are critical then (RFC 5280 section 4.2.1.6).
    static func leaf(
        _ publicKey: Certificate.PublicKey, id: SPIFFEID, dnsNames: [String], validity: ClosedRange<Int64>,
        issuer: Issuer
    ) throws(AuthorityError) -> EncodedCertificate {
        try certificate(
            serialNumber(), publicKey: publicKey, subject: DistinguishedName(),
            issuer: issuer.certificate.certificate.subject, validity: validity, signer: issuer.key
        ) {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage([.serverAuth, .clientAuth])
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: issuer.key.publicKey).keyIdentifier)
            Critical(
                SubjectAlternativeNames(
                    [.uniformResourceIdentifier(id.description)] + dnsNames.map { GeneralName.dnsName($0) }))
        }
    }

    /// The subject key identifier of a key in hexadecimal.
    static func keyID(_ key: Certificate.PublicKey) -> String {
        SubjectKeyIdentifier(hash: key).keyIdentifier.hexadecimal
    }

    /// 127 random bits: positive, and never the same again.
    private static func serialNumber() -> Certificate.SerialNumber {
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes[0] = bytes[0] & 0x7f | 0x40
        return Certificate.SerialNumber(bytes: bytes)
    }

    /// A name of its own for each authority, so that chains are never ambiguous.
    private static func authorityName(_ serial: Certificate.SerialNumber) throws(AuthorityError) -> DistinguishedName {
        do {
            return try DistinguishedName {
                OrganizationName("SPIFFE")
                CommonName(serial.bytes.hexadecimal)
            }
        } catch {
            throw .unavailable("a certificate's name could not be written")
        }
    }

    private static func certificate(
        _ serial: Certificate.SerialNumber, publicKey: Certificate.PublicKey, subject: DistinguishedName,
        issuer: DistinguishedName, validity: ClosedRange<Int64>, signer: SigningKey,
        @ExtensionsBuilder extensions: () throws -> Result<Certificate.Extensions, any Error>
    ) throws(AuthorityError) -> EncodedCertificate {
        do {
            let made = try Certificate(
                version: .v3, serialNumber: serial, publicKey: publicKey,
                notValidBefore: Date(timeIntervalSince1970: Double(validity.lowerBound)),
                notValidAfter: Date(timeIntervalSince1970: Double(validity.upperBound)), issuer: issuer,
                subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions(builder: extensions), issuerPrivateKey: signer.certificateKey)
            return try EncodedCertificate(made)
        } catch {
            throw .unavailable("a certificate could not be made")
        }
    }
}
