// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// Addresses and address blocks of one family to grants.
///
/// Blocks are sorted within each prefix length; a look-up searches each length that occurs, so its cost grows with the
/// number of lengths (33 or 129 at the most) and the logarithm of the number of blocks.
struct BlockTable: Sendable {
    private var groups: [Group] = []

    private struct Group: Sendable {
        var mask: UInt128
        var starts: [UInt128]
        var grants: [[UInt32]]
    }

    /// Builds the table.
    ///
    /// - Parameter blocks: First address and number of fixed bits out of 128, each with the grants in ascending order.
    init(_ blocks: [Key: [UInt32]]) {
        for length in Set(blocks.keys.map(\.length)).sorted(by: >) {
            let members = blocks.filter { $0.key.length == length }.sorted { $0.key.start < $1.key.start }
            groups.append(
                Group(
                    mask: UInt128.max << (128 - length), starts: members.map(\.key.start), grants: members.map(\.value))
            )
        }
    }

    /// How many prefix lengths occur; each may have one block with the address.
    var lengthCount: Int { groups.count }

    /// Whether a block of the given prefix length, counted from the longest, is one address.
    func isSingle(_ length: Int, _ address: IPAddress) -> Bool {
        switch address {
        case .v4: groups[length].mask == UInt128.max << 96
        case .v6: groups[length].mask == UInt128.max
        }
    }

    /// The grants of the block of the given prefix length, counted from the longest, that holds the address.
    func grants(_ length: Int, holding address: UInt128) -> [UInt32] {
        let group = groups[length]
        let start = address & group.mask
        var low = 0
        var high = group.starts.count
        while low < high {
            let middle = (low + high) / 2
            if group.starts[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low < group.starts.count && group.starts[low] == start ? group.grants[low] : []
    }

    /// A block as the table knows it: IPv4 addresses stand in the upper 32 bits.
    struct Key: Hashable {
        var start: UInt128
        var length: Int

        init(_ block: AddressBlock) {
            start = Self.number(block.first)
            length = block.prefixLength
        }

        /// The bits of an address, aligned to the left.
        static func number(_ address: IPAddress) -> UInt128 {
            switch address {
            case .v4(let address): UInt128(address.rawValue) << 96
            case .v6(let address): address.rawValue
            }
        }
    }
}
