// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// A set of addresses of both families.
struct AddressSet: Hashable, Sendable {
    var v4: IntervalSet
    var v6: IntervalSet

    static let empty = AddressSet(v4: .empty, v6: .empty)
    static let all4 = AddressSet(v4: IntervalSet([0...UInt128(UInt32.max)]), v6: .empty)
    static let all6 = AddressSet(v4: .empty, v6: IntervalSet([0...UInt128.max]))
    static let all = all4.union(all6)

    init(v4: IntervalSet, v6: IntervalSet) {
        self.v4 = v4
        self.v6 = v6
    }

    /// The addresses from `first` to `last`; `nil` when they are of two families or in the wrong order.
    init?(from first: IPAddress, to last: IPAddress) {
        let low = Self.number(first)
        let high = Self.number(last)
        guard low <= high else { return nil }
        switch (first, last) {
        case (.v4, .v4): self.init(v4: IntervalSet([low...high]), v6: .empty)
        case (.v6, .v6): self.init(v4: .empty, v6: IntervalSet([low...high]))
        default: return nil
        }
    }

    init(_ block: AddressBlock) {
        self = AddressSet(from: block.first, to: block.last) ?? .empty
    }

    var isEmpty: Bool { v4.isEmpty && v6.isEmpty }

    func contains(_ address: IPAddress) -> Bool {
        switch address {
        case .v4: v4.contains(Self.number(address))
        case .v6: v6.contains(Self.number(address))
        }
    }

    func union(_ other: AddressSet) -> AddressSet {
        AddressSet(v4: v4.union(other.v4), v6: v6.union(other.v6))
    }

    func intersection(_ other: AddressSet) -> AddressSet {
        AddressSet(v4: v4.intersection(other.v4), v6: v6.intersection(other.v6))
    }

    func subtracting(_ other: AddressSet) -> AddressSet {
        AddressSet(v4: v4.subtracting(other.v4), v6: v6.subtracting(other.v6))
    }

    /// The fewest blocks that make up the set.
    var blocks: [AddressBlock] {
        Self.blocks(v4, width: 32) { .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: $0))) }
            + Self.blocks(v6, width: 128) { .v6(IPv6Address(rawValue: $0)) }
    }

    private static func blocks(
        _ set: IntervalSet, width: Int, _ address: (UInt128) -> IPAddress
    ) -> [AddressBlock] {
        var blocks: [AddressBlock] = []
        for range in set.ranges {
            var low = range.lowerBound
            while true {
                // The largest block that starts here and does not reach beyond the range.
                var bits = min(low.trailingZeroBitCount, width)
                while bits > 0,
                    bits == 128 ? range != 0...UInt128.max : range.upperBound - low < (1 << UInt128(bits)) - 1
                {
                    bits -= 1
                }
                if let block = AddressBlock(first: address(low), prefixLength: width - bits) { blocks.append(block) }
                let last = bits == 128 ? UInt128.max : low + ((1 << UInt128(bits)) - 1)
                guard last < range.upperBound else { break }
                low = last + 1
            }
        }
        return blocks
    }

    static func number(_ address: IPAddress) -> UInt128 {
        switch address {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }

    /// Addresses that the gate's guard refuses for every name and literal unless an exception is configured.
    static let guarded: AddressSet = {
        let blocks = [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8",
        ]
        return blocks.compactMap { AddressBlock($0) }.reduce(.empty) { $0.union(AddressSet($1)) }
    }()
}
