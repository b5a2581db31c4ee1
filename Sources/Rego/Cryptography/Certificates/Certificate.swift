// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// A certificate (RFC 5280), read but not verified.
struct Certificate {
    /// What is wrong with the bytes, in Go's words.
    struct Malformed: Error {
        let message: String

        init(_ detail: String) {
            message = "x509: \(detail)"
        }
    }

    /// The whole certificate.
    let encoded: ArraySlice<UInt8>
    /// What is signed.
    let signedPart: ArraySlice<UInt8>
    let signature: ArraySlice<UInt8>
    let signatureAlgorithm: CertificateSignature
    let version: Int64
    /// The serial number, big-endian.
    let serialNumber: ArraySlice<UInt8>
    let issuer: DistinguishedName
    let subject: DistinguishedName
    let notBefore: CertificateDate
    let notAfter: CertificateDate
    let encodedPublicKey: ArraySlice<UInt8>
    let publicKey: SubjectPublicKey
    let extensionList: [CertificateExtension]
    let extensions: CertificateExtensions

    /// Reads a certificate.
    init(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
        guard let node = ASN1Node.read(bytes), let outer = node.sequence, outer.count == 3,
            var parts = outer[0].sequence?[...], let signature = outer[2].bits
        else { throw Malformed("malformed certificate") }
        encoded = node.encodedBytes
        signedPart = outer[0].encodedBytes
        self.signature = signature
        signatureAlgorithm = CertificateSignature(outer[1])
        if let first = parts.first, first.isContext(0) {
            guard let number = first.parts.first?.smallInteger, (0...2).contains(number) else {
                throw Malformed("malformed version")
            }
            version = number &+ 1
            parts.removeFirst()
        } else {
            version = 1
        }
        guard let serial = parts.popFirst()?.integerBytes, serial.count <= 128 else {
            throw Malformed("malformed serial number")
        }
        guard serial.first.map({ $0 < 0x80 }) == true else { throw Malformed("negative serial number") }
        serialNumber = serial
        guard let inner = parts.popFirst(), inner.encodedBytes.elementsEqual(outer[1].encodedBytes) else {
            throw Malformed("inner and outer signature algorithm identifiers don't match")
        }
        guard let issuer = parts.popFirst().flatMap(DistinguishedName.init) else { throw Malformed("malformed issuer") }
        guard let validity = parts.popFirst()?.sequence, validity.count == 2,
            let notBefore = CertificateDate(validity[0]), let notAfter = CertificateDate(validity[1])
        else { throw Malformed("malformed validity") }
        guard let subject = parts.popFirst().flatMap(DistinguishedName.init) else {
            throw Malformed("malformed subject")
        }
        guard let keyNode = parts.popFirst(), let publicKey = SubjectPublicKey(keyNode) else {
            throw Malformed("malformed spki")
        }
        self.issuer = issuer
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.publicKey = publicKey
        encodedPublicKey = keyNode.encodedBytes
        extensionList = version > 1 ? try Self.extensionList(parts) : []
        extensions = try CertificateExtensions(extensionList)
    }

    private static func extensionList(_ parts: ArraySlice<ASN1Node>) throws(Malformed) -> [CertificateExtension] {
        guard let node = parts.first(where: { $0.isContext(3) }) else { return [] }
        guard let items = node.parts.first?.sequence else { throw Malformed("malformed extensions") }
        var list: [CertificateExtension] = []
        var seen: Set<[UInt]> = []
        for item in items {
            guard let item = CertificateExtension(item) else { throw Malformed("malformed extension") }
            guard seen.insert(item.identifier).inserted else {
                throw Malformed("certificate contains duplicate extensions")
            }
            list.append(item)
        }
        return list
    }

    /// Whether subject and issuer are the same.
    var isSelfIssued: Bool { subject.encoded.elementsEqual(issuer.encoded) }
}
