// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// Whom a certificate names (RFC 5280, section 4.1.2.4), in the shape that Go gives it.
struct DistinguishedName {
    /// One attribute.
    struct Attribute {
        let type: [UInt]
        let value: [UInt8]
    }

    /// The encoded name, by which names are compared.
    let encoded: ArraySlice<UInt8>
    /// The attributes in their order.
    let attributes: [Attribute]

    /// Reads a name; nil if it is malformed.
    init?(_ node: ASN1Node) {
        guard let sets = node.sequence else { return nil }
        var attributes: [Attribute] = []
        for set in sets {
            guard set.isUniversal(ASN1Node.UniversalTag.set), !set.parts.isEmpty else { return nil }
            for part in set.parts {
                guard let pair = part.sequence, pair.count == 2, let type = pair[0].objectIdentifier,
                    let value = CertificateText.read(pair[1])
                else { return nil }
                attributes.append(Attribute(type: type, value: value))
            }
        }
        encoded = node.encodedBytes
        self.attributes = attributes
    }

    /// The last common name.
    var commonName: [UInt8] { values(3).last ?? [] }

    private func values(_ attribute: UInt) -> [[UInt8]] {
        attributes.filter { $0.type == [2, 5, 4, attribute] }.map { $0.value }
    }

    /// The object that Go's `pkix.Name` becomes.
    func value(_ writer: ValueWriter) -> Value {
        let names = attributes.map { attribute in
            writer.object([
                ("Type", writer.identifier(attribute.type)), ("Value", writer.string(attribute.value)),
            ])
        }
        return writer.object([
            ("Country", writer.strings(values(6))), ("Organization", writer.strings(values(10))),
            ("OrganizationalUnit", writer.strings(values(11))), ("Locality", writer.strings(values(7))),
            ("Province", writer.strings(values(8))), ("StreetAddress", writer.strings(values(9))),
            ("PostalCode", writer.strings(values(17))), ("SerialNumber", writer.string(values(5).last ?? [])),
            ("CommonName", writer.string(commonName)),
            ("Names", names.isEmpty ? .null : writer.array(names)), ("ExtraNames", .null),
        ])
    }
}
