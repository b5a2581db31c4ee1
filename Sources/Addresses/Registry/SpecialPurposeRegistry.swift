// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The special-purpose address registries, with the most specific row for any address.
///
/// The rows are flattened once into sorted ranges that do not overlap, so a lookup is a binary search over some sixty
/// numbers.
public struct SpecialPurposeRegistry: Sendable {
    typealias Entry = (
        block: String, name: String, rfc: String, reach: SpecialPurposeRow.Reach, source: SpecialPurposeRow.Source
    )

    /// The committed tables.
    public static let standard = SpecialPurposeRegistry(
        rows: rows(ipv4Rows + ipv6Rows)
            + CloudMetadata.entries.compactMap { entry in
                // Only what no other row refuses needs a row of its own.
                guard let address = IPAddress(entry.address), entry.address == "168.63.129.16" else { return nil }
                return SpecialPurposeRow(
                    block: AddressBlock(only: address), name: entry.service, rfc: "", reach: .no, source: .cloudProvider
                )
            })

    /// All rows, as in the tables.
    public let rows: [SpecialPurposeRow]

    private let ipv4: RangeTable<UInt32>
    private let ipv6: RangeTable<UInt128>

    init(rows: [SpecialPurposeRow]) {
        self.rows = rows
        var four: [RangeTable<UInt32>.Interval] = []
        var six: [RangeTable<UInt128>.Interval] = []
        for (index, row) in rows.enumerated() {
            switch (row.block.first, row.block.last) {
            case (.v4(let first), .v4(let last)):
                four.append((first.rawValue, last.rawValue, row.block.prefixLength, index))
            case (.v6(let first), .v6(let last)):
                six.append((first.rawValue, last.rawValue, row.block.prefixLength, index))
            default:
                continue
            }
        }
        ipv4 = RangeTable(four)
        ipv6 = RangeTable(six)
    }

    /// The most specific row that holds the address; nil only for ordinary IPv4 unicast.
    public func row(for address: IPAddress) -> SpecialPurposeRow? {
        let index =
            switch address {
            case .v4(let address): ipv4.row(for: address.rawValue)
            case .v6(let address): ipv6.row(for: address.rawValue)
            }
        return index.map { rows[$0] }
    }

    /// Whether the tables call the address globally reachable. Embedded addresses are not looked at.
    public func isGloballyReachable(_ address: IPAddress) -> Bool {
        guard let row = row(for: address) else {
            if case .v4 = address { return true }
            return false
        }
        return row.reach == .yes
    }

    static func rows(_ entries: [Entry]) -> [SpecialPurposeRow] {
        entries.compactMap { entry in
            AddressBlock(entry.block).map {
                SpecialPurposeRow(
                    block: $0, name: entry.name, rfc: entry.rfc, reach: entry.reach, source: entry.source)
            }
        }
    }
}
