// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority for one test.
package struct TestAuthority: Sendable {
    private let key: P256.Signing.PrivateKey
    private let certificate: Certificate
    private let name: DistinguishedName

    /// A certificate and its key in PEM.
    package struct Leaf: Sendable {
        /// The certificate.
        package let certificate: String
        /// The private key.
        package let key: String
    }

    /// Makes an authority with a key of its own.
    package init(_ commonName: String = "Test CA") throws {
        key = P256.Signing.PrivateKey()
        name = try DistinguishedName { CommonName(commonName) }
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -86_400), notValidAfter: Date(timeIntervalSinceNow: 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }, issuerPrivateKey: .init(key))
    }

    /// The authority's certificate in PEM.
    package var pem: String {
        get throws { try certificate.serializeAsPEM().pemString }
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
        validity: ClosedRange<Double> = -3600...3600
    ) throws -> Leaf {
        let leafKey = P256.Signing.PrivateKey()
        let names =
            uris.map { GeneralName.uniformResourceIdentifier($0) } + dnsNames.map { GeneralName.dnsName($0) }
            + addresses.map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(leafKey.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: validity.lowerBound),
            notValidAfter: Date(timeIntervalSinceNow: validity.upperBound), issuer: name,
            subject: try DistinguishedName { CommonName("leaf") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames(names)
            }, issuerPrivateKey: .init(key))
        return Leaf(certificate: try leaf.serializeAsPEM().pemString, key: leafKey.pemRepresentation)
    }
}
