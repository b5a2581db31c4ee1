// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the guard refuses an address.
public struct AddressRefusal: Hashable, Sendable, CustomStringConvertible {
    /// The rule that refused.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        /// The gate itself listens there.
        case ownListener = "own_listener"
        /// A cloud's metadata service.
        case metadata
        /// The address carries an IPv4 address.
        case embedded
        /// A registry says that the address is not globally reachable.
        case specialPurpose = "special_purpose"
        /// The name has no address.
        case noAnswer = "no_answer"
    }

    /// The rule that refused.
    public let rule: Rule

    /// The refused address; nil when there was none.
    public let address: IPAddress?

    /// The row that decided, where a row did: block, registered name, RFC, registry.
    public let row: SpecialPurposeRow?

    /// The IPv4 address inside, where there is one.
    public let embedded: EmbeddedIPv4?

    /// The metadata service at the address or at the one it embeds.
    public let metadataService: String?

    init(
        _ rule: Rule, address: IPAddress? = nil, row: SpecialPurposeRow? = nil, embedded: EmbeddedIPv4? = nil,
        metadataService: String? = nil
    ) {
        self.rule = rule
        self.address = address
        self.row = row
        self.embedded = embedded
        self.metadataService = metadataService
    }

    /// The block of the row that decided.
    public var block: AddressBlock? {
        row?.block
    }

    /// The name of the registry that decided.
    public var registry: String? {
        row?.source.rawValue
    }

    /// A sentence for a person.
    public var description: String {
        guard let address else { return "the name has no address" }
        if rule == .ownListener { return "\(address) is where the gate itself listens" }
        var text = "\(address) is not a public address"
        if let row {
            text += ": \(row.block) is \(row.name) (\(row.rfc.isEmpty ? "" : "RFC \(row.rfc), ")\(row.source.rawValue))"
        }
        if let embedded { text += "; it embeds \(embedded)" }
        if let metadataService { text += "; metadata address: \(metadataService)" }
        return text
    }
}
