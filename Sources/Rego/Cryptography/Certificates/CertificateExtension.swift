// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// An extension as it stands in a certificate or a request.
struct CertificateExtension {
    let identifier: [UInt]
    let isCritical: Bool
    let content: ArraySlice<UInt8>

    /// Reads an extension; nil if it is malformed.
    init?(_ node: ASN1Node) {
        guard let parts = node.sequence, parts.count == 2 || parts.count == 3,
            let identifier = parts[0].objectIdentifier, let content = parts[parts.count &- 1].octets
        else { return nil }
        self.identifier = identifier
        self.content = content
        if parts.count == 3 {
            guard let isCritical = parts[1].boolean else { return nil }
            self.isCritical = isCritical
        } else {
            isCritical = false
        }
    }

    /// The number of an extension of RFC 5280; nil for others.
    var number: UInt? {
        identifier.count == 4 && identifier.starts(with: [2, 5, 29]) ? identifier[3] : nil
    }

    /// The object that Go's `pkix.Extension` becomes.
    func value(_ writer: ValueWriter) -> Value {
        writer.object([
            ("Id", writer.identifier(identifier)), ("Critical", .boolean(isCritical)),
            ("Value", writer.bytes(content)),
        ])
    }
}

/// What a certificate's extensions say (RFC 5280, section 4.2).
struct CertificateExtensions {
    var keyUsage: Int64 = 0
    var extendedKeyUsages: [Int64] = []
    var unknownKeyUsages: [[UInt]] = []
    var hasBasicConstraints = false
    var isAuthority = false
    var pathLength: Int64 = 0
    var names = GeneralNames()
    var hasNames = false
    var constraints = NameConstraints()
    var subjectKey: ArraySlice<UInt8>?
    var authorityKey: ArraySlice<UInt8>?
    var statusServers: [[UInt8]] = []
    var issuerResources: [[UInt8]] = []
    var revocationLists: [[UInt8]] = []
    var policies: [[UInt]] = []
    var policyMappings: [([UInt], [UInt])] = []
    var inhibitAnyPolicy: Int64?
    var inhibitPolicyMapping: Int64?
    var requireExplicitPolicy: Int64?
    /// Critical extensions that are not understood; such a certificate is not valid.
    var unhandled: [[UInt]] = []

    /// Which of the known purposes an identifier stands for, by Go's numbers.
    private static let purposes: [[UInt]: Int64] = [
        [2, 5, 29, 37, 0]: 0, [1, 3, 6, 1, 5, 5, 7, 3, 1]: 1, [1, 3, 6, 1, 5, 5, 7, 3, 2]: 2,
        [1, 3, 6, 1, 5, 5, 7, 3, 3]: 3, [1, 3, 6, 1, 5, 5, 7, 3, 4]: 4, [1, 3, 6, 1, 5, 5, 7, 3, 5]: 5,
        [1, 3, 6, 1, 5, 5, 7, 3, 6]: 6, [1, 3, 6, 1, 5, 5, 7, 3, 7]: 7, [1, 3, 6, 1, 5, 5, 7, 3, 8]: 8,
        [1, 3, 6, 1, 5, 5, 7, 3, 9]: 9, [1, 3, 6, 1, 4, 1, 311, 10, 3, 3]: 10,
        [2, 16, 840, 1, 113_730, 4, 1]: 11, [1, 3, 6, 1, 4, 1, 311, 2, 1, 22]: 12,
        [1, 3, 6, 1, 4, 1, 311, 61, 1, 1]: 13,
    ]

    /// Reads the extensions.
    init(_ list: [CertificateExtension]) throws(Certificate.Malformed) {
        for item in list {
            guard let node = ASN1Node.read(item.content) else {
                if item.isCritical { unhandled.append(item.identifier) }
                if item.number != nil { throw Certificate.Malformed("invalid extension") }
                continue
            }
            let isUnderstood: Bool?
            if item.identifier == [1, 3, 6, 1, 5, 5, 7, 1, 1] {
                isUnderstood = readAuthorityAccess(node)
            } else {
                isUnderstood = item.number.map { read($0, node, isCritical: item.isCritical) } ?? false
            }
            guard let isUnderstood = isUnderstood else { throw Certificate.Malformed("invalid extension") }
            if !isUnderstood, item.isCritical { unhandled.append(item.identifier) }
        }
    }

    /// Whether an extension is understood; nil if it is malformed.
    private mutating func read(_ number: UInt, _ node: ASN1Node, isCritical: Bool) -> Bool? {
        switch number {
        case 14:
            guard let octets = node.octets else { return nil }
            subjectKey = octets
        case 15: return readKeyUsage(node)
        case 17:
            guard let names = GeneralNames(node) else { return nil }
            self.names = names
            hasNames = true
            return !names.isEmpty
        case 19: return readBasicConstraints(node)
        case 30:
            guard let constraints = NameConstraints(node, isCritical: isCritical) else { return nil }
            self.constraints = constraints
            return constraints.isUnderstood
        case 31: return readRevocationLists(node)
        case 32:
            guard let parts = node.sequence else { return nil }
            for part in parts {
                guard let policy = part.sequence?.first?.objectIdentifier else { return nil }
                policies.append(policy)
            }
        case 33: return readPolicyMappings(node)
        case 35:
            guard let parts = node.sequence else { return nil }
            authorityKey = parts.first { $0.isContext(0) }?.primitive
        case 36:
            guard let parts = node.sequence else { return nil }
            requireExplicitPolicy = parts.first { $0.isContext(0) }?.smallInteger
            inhibitPolicyMapping = parts.first { $0.isContext(1) }?.smallInteger
        case 37: return readExtendedKeyUsages(node)
        case 54:
            guard let skip = node.smallInteger else { return nil }
            inhibitAnyPolicy = skip
        default: return false
        }
        return true
    }

    private mutating func readKeyUsage(_ node: ASN1Node) -> Bool? {
        guard node.isUniversal(ASN1Node.UniversalTag.bitString), let unused = node.primitive.first, unused < 8 else {
            return nil
        }
        for (position, byte) in node.primitive.dropFirst().prefix(2).enumerated() {
            for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 && position &* 8 &+ bit < 9 {
                keyUsage |= 1 << Int64(position &* 8 &+ bit)
            }
        }
        return true
    }

    private mutating func readBasicConstraints(_ node: ASN1Node) -> Bool? {
        guard let parts = node.sequence else { return nil }
        hasBasicConstraints = true
        isAuthority = parts.first?.boolean ?? false
        pathLength = -1
        if let last = parts.last, last.integerBytes != nil {
            guard let length = last.smallInteger, length >= 0 else { return nil }
            pathLength = length
        }
        return true
    }

    private mutating func readExtendedKeyUsages(_ node: ASN1Node) -> Bool? {
        guard let parts = node.sequence else { return nil }
        for part in parts {
            guard let identifier = part.objectIdentifier else { return nil }
            if let purpose = Self.purposes[identifier] {
                extendedKeyUsages.append(purpose)
            } else {
                unknownKeyUsages.append(identifier)
            }
        }
        return true
    }

    private mutating func readRevocationLists(_ node: ASN1Node) -> Bool? {
        guard let points = node.sequence else { return nil }
        for point in points {
            guard let parts = point.sequence else { return nil }
            for name in parts where name.isContext(0) {
                for full in name.parts where full.isContext(0) {
                    revocationLists += full.parts.filter { $0.isContext(6) }.map { Array($0.primitive) }
                }
            }
        }
        return true
    }

    private mutating func readPolicyMappings(_ node: ASN1Node) -> Bool? {
        guard let parts = node.sequence else { return nil }
        for part in parts {
            guard let pair = part.sequence, pair.count == 2, let issuer = pair[0].objectIdentifier,
                let subject = pair[1].objectIdentifier
            else { return nil }
            policyMappings.append((issuer, subject))
        }
        return true
    }

    private mutating func readAuthorityAccess(_ node: ASN1Node) -> Bool? {
        guard let parts = node.sequence else { return nil }
        for part in parts {
            guard let pair = part.sequence, pair.count >= 2, let method = pair[0].objectIdentifier else { return nil }
            guard pair[1].isContext(6), let text = CertificateText.ascii(pair[1].primitive) else { continue }
            if method == [1, 3, 6, 1, 5, 5, 7, 48, 1] { statusServers.append(text) }
            if method == [1, 3, 6, 1, 5, 5, 7, 48, 2] { issuerResources.append(text) }
        }
        return true
    }
}
