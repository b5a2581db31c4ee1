// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import CryptoExtras
internal import SwiftASN1
internal import X509

/// What a path needs to know of one certificate, read once.
///
/// Where RFC 5280 obliges issuers, this holds them to it: a certificate whose form the profile forbids is refused, also
/// where reading on would be possible. Source: RFC 5280 sections 4.1 and 4.2.
struct CertificateFacts {
    let encoded: EncodedCertificate
    /// Nil when it is no authority's certificate.
    let authority: Authority?
    let usage: KeyUsage?
    let purposes: ExtendedKeyUsage?
    let names: [GeneralName]
    let constraints: NameConstraints?
    let authorityKey: ArraySlice<UInt8>?
    let subjectKey: ArraySlice<UInt8>?

    struct Authority {
        /// How many intermediates may follow.
        let maximumPathLength: Int?
        let isCritical: Bool
    }

    var certificate: Certificate { encoded.certificate }

    /// Whether it names itself as issuer.
    var isSelfIssued: Bool { certificate.issuer == certificate.subject }

    init(_ encoded: EncodedCertificate) throws(PathError) {
        self.encoded = encoded
        let certificate = encoded.certificate
        let extensions = certificate.extensions
        guard certificate.version == .v3 else { throw .notAnAuthority }
        try Self.checkForm(certificate)
        let basicConstraints = try Self.read(.basicConstraints) { try extensions.basicConstraints }
        usage = try Self.read(.keyUsage) { try extensions.keyUsage }
        purposes = try Self.read(.extendedKeyUsage) { try extensions.extendedKeyUsage }
        constraints = try Self.read(.nameConstraints) { try extensions.nameConstraints }
        let names = try Self.read(.subjectAlternativeName) { try extensions.subjectAlternativeNames }
        if let names, names.isEmpty { throw .malformed(.subjectAlternativeName) }
        self.names = names.map { Array($0) } ?? []
        let authorityKey = try Self.read(.authorityKeyIdentifier) { try extensions.authorityKeyIdentifier }
        self.authorityKey = authorityKey?.keyIdentifier
        // Section 4.2.1.1: the identifier is always in it, and it is in every certificate that is not self-signed.
        if self.authorityKey == nil, authorityKey != nil || certificate.issuer != certificate.subject {
            throw .malformed(.authorityKeyIdentifier)
        }
        _ = try Self.read(.authorityInformationAccess) { try extensions.authorityInformationAccess }
        subjectKey = try Self.read(.subjectKeyIdentifier) { try extensions.subjectKeyIdentifier }?.keyIdentifier
        if case .isCertificateAuthority(let maximum) = basicConstraints {
            authority = Authority(
                maximumPathLength: maximum, isCritical: Self.isCritical(.X509ExtensionID.basicConstraints, certificate))
        } else {
            authority = nil
        }
        try checkCombination()
    }

    private static func read<Value>(
        _ name: CertificateExtension, _ body: () throws -> Value?
    ) throws(PathError) -> Value? {
        do {
            return try body()
        } catch {
            throw .malformed(name)
        }
    }

    private static func isCritical(_ oid: ASN1ObjectIdentifier, _ certificate: Certificate) -> Bool {
        certificate.extensions[oid: oid]?.critical == true
    }

    /// Critical extensions that are understood here.
    private static let understood: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.nameConstraints,
    ]
    private static let policyConstraints: ASN1ObjectIdentifier = [2, 5, 29, 36]
    private static let emailAddress: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 1]
    private static let maximumSerialBytes = 20

    private static func checkForm(_ certificate: Certificate) throws(PathError) {
        for element in certificate.extensions where element.critical {
            if element.oid == .X509ExtensionID.authorityKeyIdentifier { throw .criticality(.authorityKeyIdentifier) }
            if element.oid == .X509ExtensionID.subjectKeyIdentifier { throw .criticality(.subjectKeyIdentifier) }
            guard understood.contains(element.oid) else { throw .criticality(nil) }
        }
        // Section 4.2.1.11: always critical, so that who does not evaluate policies refuses it.
        if certificate.extensions[oid: policyConstraints] != nil { throw .criticality(.policyConstraints) }
        let serial = certificate.serialNumber.bytes
        guard (1...maximumSerialBytes).contains(serial.count), serial.contains(where: { $0 != 0 }) else {
            throw .serialNumber
        }
        guard !certificate.issuer.isEmpty else { throw .emptyIssuer }
        guard isStrong(certificate.publicKey) else { throw .weakCryptography }
    }

    private static func isStrong(_ key: Certificate.PublicKey) -> Bool {
        // Elliptic curves and Ed25519 that the library reads are strong enough.
        guard case .rsa(let modulus, let exponent) = JSONWebKey.Parameters(of: key) else { return true }
        return RSAKeyCheck.isStrong(modulus: modulus, exponent: exponent)
    }

    private func checkCombination() throws(PathError) {
        if authority == nil {
            // Section 4.2.1.9: without cA the key must not sign certificates; section 4.2.1.10: nor constrain names.
            if usage?.keyCertSign == true { throw .keyUsage }
            if constraints != nil { throw .malformed(.nameConstraints) }
        }
        if certificate.subject.isEmpty {
            guard !names.isEmpty else { throw .malformed(.subjectAlternativeName) }
            guard Self.isCritical(.X509ExtensionID.subjectAlternativeName, certificate) else {
                throw .criticality(.subjectAlternativeName)
            }
        }
    }

    /// Whether it may have issued certificates at all.
    func checkIssuer(trustDomain: TrustDomain?) throws(PathError) {
        guard let authority else { throw .notAnAuthority }
        guard authority.isCritical else { throw .criticality(.basicConstraints) }
        guard usage?.keyCertSign == true else { throw .keyUsage }
        guard !certificate.subject.isEmpty else { throw .emptyIssuer }
        // Section 4.2.1.2: in all certificates of authorities.
        guard subjectKey != nil else { throw .malformed(.subjectKeyIdentifier) }
        if let trustDomain { try AuthorityProfile.check(encoded, trustDomain: trustDomain) }
    }

    /// Whether the extended key usage, if there is one, allows a purpose.
    func allows(_ purpose: CertificatePurpose?) -> Bool {
        guard let purpose, let purposes else { return true }
        let wanted: ExtendedKeyUsage.Usage =
            switch purpose {
            case .serverAuthentication: .serverAuth
            case .clientAuthentication: .clientAuth
            }
        return purposes.contains(wanted) || purposes.contains(.any)
    }

    /// Whether it could have issued `other`, by the names and key identifiers alone.
    func mayHaveIssued(_ other: CertificateFacts) -> Bool {
        guard certificate.subject == other.certificate.issuer else { return false }
        guard let wanted = other.authorityKey, let subjectKey else { return true }
        return wanted == subjectKey
    }

    /// Whether its key signed `other`, with an algorithm that is good enough.
    func hasSigned(_ other: CertificateFacts) -> Bool {
        certificate.publicKey.isValidSignature(other.certificate.signature, for: other.certificate)
    }

    /// Whether it is signed with an algorithm that is good enough.
    var isSignedStrongly: Bool {
        let strong: [Certificate.SignatureAlgorithm] = [
            .ecdsaWithSHA256, .ecdsaWithSHA384, .ecdsaWithSHA512, .sha256WithRSAEncryption, .sha384WithRSAEncryption,
            .sha512WithRSAEncryption, .ed25519,
        ]
        return strong.contains(certificate.signatureAlgorithm)
    }

    /// Every name that constraints apply to.
    var constrainedNames: [GeneralName] {
        var all = names
        if !certificate.subject.isEmpty { all.append(.directoryName(certificate.subject)) }
        let hasMailbox = names.contains { name in
            if case .rfc822Name = name { true } else { false }
        }
        guard !hasMailbox else { return all }
        // Section 4.2.1.10: without a mailbox among the names, those in the subject count.
        for attribute in certificate.subject.joined() where attribute.type == Self.emailAddress {
            all.append(.rfc822Name(String(attribute.value) ?? ""))
        }
        return all
    }
}
