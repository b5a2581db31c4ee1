// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One row of the tables that say which addresses are special.
public struct SpecialPurposeRow: Hashable, Sendable {
    /// The published table a row comes from.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// IANA IPv4 Special-Purpose Address Registry (RFC 6890).
        case ipv4SpecialPurpose = "IANA IPv4 Special-Purpose Address Registry"
        /// IANA IPv6 Special-Purpose Address Registry (RFC 6890).
        case ipv6SpecialPurpose = "IANA IPv6 Special-Purpose Address Registry"
        /// IANA IPv4 Address Space Registry.
        case ipv4AddressSpace = "IANA IPv4 Address Space Registry"
        /// IANA Internet Protocol Version 6 Address Space.
        case ipv6AddressSpace = "IANA Internet Protocol Version 6 Address Space"
        /// The documentation of a cloud provider.
        case cloudProvider = "cloud provider documentation"
    }

    /// The "Globally Reachable" column.
    public enum Reach: String, Hashable, Sendable {
        /// Globally reachable: may be dialled.
        case yes
        /// Not globally reachable.
        case no
        /// Reachability is that of another address, which the row embeds.
        case notApplicable
        /// The assignment has ended.
        case ended
    }

    /// The addresses of the row.
    public let block: AddressBlock

    /// The registered name.
    public let name: String

    /// The numbers of the RFCs, as in the table; empty for a row that no RFC defines.
    public let rfc: String

    /// The "Globally Reachable" column.
    public let reach: Reach

    /// The table.
    public let source: Source
}
