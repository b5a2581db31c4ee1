// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// A request for a certificate (RFC 2986).
struct CertificateRequest {
    private let encoded: ArraySlice<UInt8>
    private let signedPart: ArraySlice<UInt8>
    private let encodedPublicKey: ArraySlice<UInt8>
    private let version: Int64
    private let signature: ArraySlice<UInt8>
    private let signatureAlgorithm: CertificateSignature
    private let subject: DistinguishedName
    private let publicKey: SubjectPublicKey
    private let attributes: [ASN1Node]
    private let extensions: [CertificateExtension]
    private let names: GeneralNames

    /// Reads a request; nil if it is malformed.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let node = ASN1Node.read(bytes), let outer = node.sequence, outer.count == 3,
            let parts = outer[0].sequence, parts.count >= 3, let version = parts[0].smallInteger,
            let subject = DistinguishedName(parts[1]), let publicKey = SubjectPublicKey(parts[2]),
            let signature = outer[2].bits
        else { return nil }
        encoded = node.encodedBytes
        signedPart = outer[0].encodedBytes
        encodedPublicKey = parts[2].encodedBytes
        self.version = version
        self.signature = signature
        signatureAlgorithm = CertificateSignature(outer[1])
        self.subject = subject
        self.publicKey = publicKey
        attributes = parts.dropFirst(3).first { $0.isContext(0) }?.parts ?? []
        var extensions: [CertificateExtension] = []
        for attribute in attributes where attribute.sequence?.first?.objectIdentifier == Self.extensionRequest {
            for item in attribute.parts.dropFirst().first?.parts.first?.sequence ?? [] {
                guard let item = CertificateExtension(item) else { return nil }
                extensions.append(item)
            }
        }
        self.extensions = extensions
        var names = GeneralNames()
        for item in extensions where item.number == 17 {
            guard let read = ASN1Node.read(item.content).flatMap(GeneralNames.init) else { return nil }
            names = read
        }
        self.names = names
    }

    private static let extensionRequest: [UInt] = [1, 2, 840, 113_549, 1, 9, 14]

    /// The object that Go's `x509.CertificateRequest` becomes.
    func value(_ writer: ValueWriter) -> Value {
        var members: [(name: Text, value: Value)] = [
            ("Raw", writer.bytes(encoded)), ("RawTBSCertificateRequest", writer.bytes(signedPart)),
            ("RawSubjectPublicKeyInfo", writer.bytes(encodedPublicKey)),
            ("RawSubject", writer.bytes(subject.encoded)), ("Version", .integer(version)),
            ("Signature", writer.bytes(signature)), ("SignatureAlgorithm", .integer(signatureAlgorithm.rawValue)),
            ("PublicKeyAlgorithm", .integer(publicKey.kind.rawValue)), ("PublicKey", writer.publicKey(publicKey.key)),
            ("Subject", subject.value(writer)),
            ("Attributes", writer.list(attributes.compactMap { value($0, writer) })),
            ("Extensions", writer.list(extensions.map { $0.value(writer) })), ("ExtraExtensions", .null),
        ]
        members += names.members(writer)
        return writer.object(members)
    }

    /// An attribute whose values are lists of names with values, as the request for extensions is.
    private func value(_ attribute: ASN1Node, _ writer: ValueWriter) -> Value? {
        guard let type = attribute.sequence?.first?.objectIdentifier, let set = attribute.parts.dropFirst().first else {
            return nil
        }
        var lists: [Value] = []
        for list in set.parts {
            var pairs: [Value] = []
            for pair in list.sequence ?? [] {
                guard let item = CertificateExtension(pair) else { return nil }
                pairs.append(
                    writer.object([("Type", writer.identifier(item.identifier)), ("Value", writer.bytes(item.content))])
                )
            }
            lists.append(writer.array(pairs))
        }
        return writer.object([("Type", writer.identifier(type)), ("Value", writer.array(lists))])
    }
}
