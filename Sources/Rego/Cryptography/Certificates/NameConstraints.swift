// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// Which names a certificate authority may certify (RFC 5280, section 4.2.1.10).
struct NameConstraints {
    /// The constraints of one direction.
    struct Names {
        var dnsNames: [[UInt8]] = []
        var emailAddresses: [[UInt8]] = []
        var resources: [[UInt8]] = []
        /// Address and mask, of 4 or 16 bytes each.
        var networks: [(address: ArraySlice<UInt8>, mask: ArraySlice<UInt8>)] = []
    }

    private(set) var permitted = Names()
    private(set) var excluded = Names()
    /// Whether there are only constraints of known kinds.
    private(set) var isUnderstood = true
    private var isPresent = false
    private var isCritical = false

    /// No constraints.
    init() {}

    /// Reads the content of the extension; nil if it is malformed.
    init?(_ node: ASN1Node, isCritical: Bool) {
        guard let parts = node.sequence else { return nil }
        isPresent = true
        self.isCritical = isCritical
        for part in parts {
            for subtree in part.parts {
                guard let name = subtree.sequence?.first else { return nil }
                let isRead =
                    part.isContext(0) ? read(name, into: \.permitted) : read(name, into: \.excluded)
                if !isRead { return nil }
            }
        }
    }

    private mutating func read(_ name: ASN1Node, into names: WritableKeyPath<NameConstraints, Names>) -> Bool {
        let bytes = name.primitive
        guard name.identifier.tagClass == .contextSpecific, bytes.allSatisfy({ $0 < 0x80 }) || name.isContext(7) else {
            return false
        }
        switch name.identifier.tagNumber {
        case 1: self[keyPath: names].emailAddresses.append(Array(bytes))
        case 2: self[keyPath: names].dnsNames.append(Array(bytes))
        case 6: self[keyPath: names].resources.append(Array(bytes))
        case 7:
            guard bytes.count == 8 || bytes.count == 32 else { return false }
            let half = bytes.count / 2
            self[keyPath: names].networks.append((bytes.prefix(half), bytes.suffix(half)))
        default: isUnderstood = false
        }
        return true
    }

    /// Whether a certificate's names may be certified.
    func allow(_ names: GeneralNames) -> Bool {
        if !isPresent { return true }
        return Self.allow(names.dnsNames, permitted.dnsNames, excluded.dnsNames, Self.isUnder)
            && Self.allow(names.emailAddresses, permitted.emailAddresses, excluded.emailAddresses, Self.isMailbox)
            && Self.allow(
                names.resources.map { Self.hostName($0) }, permitted.resources, excluded.resources, Self.isHost)
            && Self.allow(names.addresses, permitted.networks, excluded.networks) { address, network in
                address.count == network.mask.count
                    && zip(zip(address, network.mask), network.address).allSatisfy { $0.0 & $0.1 == $1 & $0.1 }
            }
    }

    private static func allow<Name, Constraint>(
        _ names: [Name], _ permitted: [Constraint], _ excluded: [Constraint], _ matches: (Name, Constraint) -> Bool
    ) -> Bool {
        names.allSatisfy { name in
            !excluded.contains { matches(name, $0) } && (permitted.isEmpty || permitted.contains { matches(name, $0) })
        }
    }

    private static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    /// Whether a domain is another or below it; an empty constraint takes in everything.
    private static func isUnder(_ name: [UInt8], _ constraint: [UInt8]) -> Bool {
        let name = lowercased(name)
        var domain = lowercased(constraint)[...]
        if domain.isEmpty { return true }
        let isBelowOnly = domain.first == UInt8(ascii: ".")
        if isBelowOnly { domain.removeFirst() }
        if name.elementsEqual(domain) { return !isBelowOnly }
        return name.count > domain.count && name.suffix(domain.count).elementsEqual(domain)
            && name[name.count &- domain.count &- 1] == UInt8(ascii: ".")
    }

    private static func isMailbox(_ address: [UInt8], _ constraint: [UInt8]) -> Bool {
        if constraint.contains(UInt8(ascii: "@")) { return address == constraint }
        guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { return false }
        return isHost(Array(address[(at &+ 1)...]), constraint)
    }

    /// Whether a host is the constraint, or below it if that starts with a dot.
    private static func isHost(_ host: [UInt8], _ constraint: [UInt8]) -> Bool {
        if constraint.isEmpty { return true }
        if constraint.first == UInt8(ascii: ".") { return isUnder(host, constraint) }
        return lowercased(host) == lowercased(constraint)
    }

    private static func hostName(_ resource: ResourceName) -> [UInt8] {
        Array(resource.host.utf8.prefix { $0 != UInt8(ascii: ":") })
    }

    /// The members that hold the constraints, as Go calls them.
    func members(_ writer: ValueWriter) -> [(name: Text, value: Value)] {
        func networks(_ names: Names) -> Value {
            writer.list(
                names.networks.map { network in
                    writer.object([
                        ("IP", writer.string(CertificateText.address(network.address) ?? "")),
                        ("Mask", writer.bytes(network.mask)),
                    ])
                })
        }
        return [
            ("PermittedDNSDomainsCritical", .boolean(isCritical)),
            ("PermittedDNSDomains", writer.strings(permitted.dnsNames)),
            ("ExcludedDNSDomains", writer.strings(excluded.dnsNames)),
            ("PermittedIPRanges", networks(permitted)), ("ExcludedIPRanges", networks(excluded)),
            ("PermittedEmailAddresses", writer.strings(permitted.emailAddresses)),
            ("ExcludedEmailAddresses", writer.strings(excluded.emailAddresses)),
            ("PermittedURIDomains", writer.strings(permitted.resources)),
            ("ExcludedURIDomains", writer.strings(excluded.resources)),
        ]
    }
}
