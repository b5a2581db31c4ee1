// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority for one test.
package struct TestAuthority: Sendable {
    private let name: String
    private let key: P256.Signing.PrivateKey
    private let certificate: Certificate

    /// A certificate and its key in PEM.
    package struct Leaf: Sendable {
        /// The certificate, and the authorities between it and the root.
        package let certificate: String
        /// The private key.
        package let key: String
        /// The same certificates in DER.
        package let chain: [[UInt8]]
        /// The private key as PKCS#8.
        package let pkcs8: [UInt8]

        /// The same leaf with other certificates beside it.
        package func beside(_ others: [TestAuthority]) throws -> Leaf {
            let chain = chain.prefix(1) + (try others.map { try $0.der })
            return Leaf(certificate: certificate, key: key, chain: Array(chain), pkcs8: pkcs8)
        }
    }

    /// What a leaf is good for, rightly or not.
    package enum Profile: Sendable, CaseIterable {
        /// Both ends of TLS.
        case workload
        /// Servers only.
        case server
        /// Clients only.
        case client
        /// Neither end of TLS.
        case codeSigning
        /// It says that it is an authority.
        case authority
        /// A key that may not sign.
        case withoutSignature
    }

    private let intermediates: [Certificate]

    /// Makes an authority with a key of its own.
    package init(_ commonName: String = "Test CA") throws {
        try self.init(commonName, issuer: nil)
    }

    /// Makes an authority below another one.
    package init(_ commonName: String, below issuer: TestAuthority) throws {
        try self.init(commonName, issuer: issuer)
    }

    /// The same authority with a certificate from another one.
    package func crossSigned(by issuer: TestAuthority) throws -> TestAuthority {
        try TestAuthority(name, issuer: issuer, key: key)
    }

    private init(_ commonName: String, issuer: TestAuthority?, key: P256.Signing.PrivateKey = .init()) throws {
        self.name = commonName
        let name = try DistinguishedName { CommonName(commonName) }
        let issuerKey = issuer?.key ?? key
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -86_400), notValidAfter: Date(timeIntervalSinceNow: 86_400),
            issuer: issuer?.certificate.subject ?? name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: .init(key.publicKey))
                Self.identifier(of: issuerKey)
            }, issuerPrivateKey: .init(issuerKey))
        self.key = key
        self.certificate = certificate
        intermediates = issuer.map { [certificate] + $0.intermediates } ?? []
    }

    private static func identifier(of key: P256.Signing.PrivateKey) -> AuthorityKeyIdentifier {
        AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: .init(key.publicKey)).keyIdentifier)
    }

    /// The authority's certificate in PEM.
    package var pem: String {
        get throws { try certificate.serializeAsPEM().pemString }
    }

    /// The authority's certificate in DER.
    package var der: [UInt8] {
        get throws { try certificate.serializeAsPEM().derBytes }
    }

    /// Issues a certificate.
    ///
    /// - Parameters:
    ///   - uris: The URI names, such as a SPIFFE ID.
    ///   - dnsNames: The DNS names.
    ///   - addresses: IPv4 addresses, 4 bytes each.
    ///   - validity: Seconds from now between which it holds.
    package func issue(
        uris: [String] = [], dnsNames: [String] = [], addresses: [[UInt8]] = [],
        validity: ClosedRange<Double> = -3600...3600, profile: Profile = .workload
    ) throws -> Leaf {
        let leafKey = P256.Signing.PrivateKey()
        let names =
            uris.map { GeneralName.uniformResourceIdentifier($0) } + dnsNames.map { GeneralName.dnsName($0) }
            + addresses.map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        let isAuthority = profile == .authority
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(leafKey.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: validity.lowerBound),
            notValidAfter: Date(timeIntervalSinceNow: validity.upperBound), issuer: certificate.subject,
            subject: try DistinguishedName { CommonName("leaf") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(
                    isAuthority
                        ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
                Critical(
                    KeyUsage(
                        digitalSignature: profile != .withoutSignature, keyAgreement: profile == .withoutSignature,
                        keyCertSign: isAuthority))
                try ExtendedKeyUsage(Self.purposes(profile))
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: .init(leafKey.publicKey))
                Self.identifier(of: key)
            }, issuerPrivateKey: .init(key))
        let all = try ([leaf] + intermediates).map { try $0.serializeAsPEM() }
        return Leaf(
            certificate: all.map(\.pemString).joined(separator: "\n"), key: leafKey.pemRepresentation,
            chain: all.map(\.derBytes), pkcs8: Array(leafKey.derRepresentation))
    }

    private static func purposes(_ profile: Profile) -> [ExtendedKeyUsage.Usage] {
        switch profile {
        case .workload, .authority, .withoutSignature: [.serverAuth, .clientAuth]
        case .server: [.serverAuth]
        case .client: [.clientAuth]
        case .codeSigning: [.codeSigning]
        }
    }
}
