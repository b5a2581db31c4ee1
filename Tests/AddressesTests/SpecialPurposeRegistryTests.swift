// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct SpecialPurposeRegistryTests {
    static let rows = SpecialPurposeRegistry.standard.rows

    /// The row that a plain walk over all rows finds: the oracle for the flattened lookup.
    private func walk(_ address: IPAddress) -> SpecialPurposeRow? {
        Self.rows.filter { $0.block.contains(address) }.max { $0.block.prefixLength < $1.block.prefixLength }
    }

    private func neighbours(_ block: AddressBlock) -> [IPAddress] {
        switch (block.first, block.last) {
        case (.v4(let first), .v4(let last)):
            let middle = first.rawValue + (last.rawValue - first.rawValue) / 2
            return [first.rawValue, middle, last.rawValue, first.rawValue &- 1, last.rawValue &+ 1]
                .map { .v4(IPv4Address(rawValue: $0)) }
        case (.v6(let first), .v6(let last)):
            let middle = first.rawValue + (last.rawValue - first.rawValue) / 2
            return [first.rawValue, middle, last.rawValue, first.rawValue &- 1, last.rawValue &+ 1]
                .map { .v6(IPv6Address(rawValue: $0)) }
        default:
            return []
        }
    }

    @Test("finds the most specific row at the edges, in the middle and beside every block", arguments: rows)
    func walksTheTable(row: SpecialPurposeRow) {
        for address in neighbours(row.block) {
            #expect(SpecialPurposeRegistry.standard.row(for: address) == walk(address), "\(address)")
        }
        #expect(!row.name.isEmpty)
    }

    @Test("holds every row of the tables")
    func complete() {
        #expect(Self.rows.count == 27 + 30 + 1)
        #expect(Set(Self.rows.map(\.block)).count == Self.rows.count)
    }

    @Test(
        "takes the longest prefix",
        arguments: [
            ("192.0.0.7", "192.0.0.0/29", false), ("192.0.0.8", "192.0.0.8/32", false),
            ("192.0.0.9", "192.0.0.9/32", true),
            ("192.0.0.10", "192.0.0.10/32", true), ("192.0.0.11", "192.0.0.0/24", false),
            ("192.88.99.2", "192.88.99.2/32", false), ("0.0.0.0", "0.0.0.0/32", false), ("0.0.0.1", "0.0.0.0/8", false),
            ("255.255.255.255", "255.255.255.255/32", false), ("240.0.0.1", "240.0.0.0/4", false),
            ("239.1.1.1", "224.0.0.0/4", false), ("2001:1::1", "2001:1::1/128", true),
            ("2001:1::4", "2001::/23", false),
            ("2001:20::1", "2001:20::/28", true), ("2001:40::1", "2001::/23", false),
            ("2001:4:112::1", "2001:4:112::/48", true),
            ("2001:4:113::1", "2001::/23", false), ("2001:200::1", "2000::/3", true), ("4000::1", "::/0", false),
            ("1fff::1", "::/0", false), ("3ffe::1", "2000::/3", true), ("3fff:0fff::1", "3fff::/20", false),
            ("3fff:1000::1", "2000::/3", true), ("100:0:0:2::1", "::/0", false),
            ("168.63.129.16", "168.63.129.16/32", false),
        ])
    func longestPrefix(address: String, block: String, isReachable: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(SpecialPurposeRegistry.standard.row(for: address)?.block == AddressBlock(block))
        #expect(SpecialPurposeRegistry.standard.isGloballyReachable(address) == isReachable)
    }

    @Test(
        "has no row for ordinary IPv4 unicast",
        arguments: ["1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "223.255.255.255"])
    func ordinary(text: String) throws {
        #expect(try SpecialPurposeRegistry.standard.row(for: #require(IPAddress(text))) == nil)
    }
}
