// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A network: an address and how many of its leading bits, of 128 in any family, its members share.
struct NetworkPrefix: Hashable {
    /// As it was written, which may be an address within the network.
    let address: NetworkAddress
    let length: Int

    /// Reads `address/length` and masks the address.
    init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text)
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), let address = NetworkAddress(bytes[..<slash]) else {
            return nil
        }
        // Written as IPv6 it counts its bits as IPv6, even if it stands for an address of IPv4.
        let isIPv6 = bytes[..<slash].contains(UInt8(ascii: ":"))
        let digits = bytes[(slash &+ 1)...]
        guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        let number = digits.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
        guard number <= (isIPv6 ? 128 : 32) else { return nil }
        let length = isIPv6 ? number : number &+ 96
        self.init(address: NetworkAddress(bits: address.bits & NetworkPrefix.mask(length)), length: length)
    }

    init(address: NetworkAddress, length: Int) {
        self.address = address
        self.length = length
    }

    /// The network of a lone address of IPv4 by its class, as before 1993.
    init(classOf address: NetworkAddress) {
        let first = UInt8(truncatingIfNeeded: address.bits >> 24)
        self.init(address: address, length: 96 + (first < 0x80 ? 8 : (first < 0xC0 ? 16 : 24)))
    }

    var isIPv4: Bool { length >= 96 && address.isIPv4 }
    var first: NetworkAddress { NetworkAddress(bits: address.bits & NetworkPrefix.mask(length)) }
    var last: NetworkAddress { NetworkAddress(bits: address.bits | ~NetworkPrefix.mask(length)) }

    /// Whether an address belongs to it; no network of IPv6 has addresses of IPv4.
    func contains(_ other: NetworkAddress) -> Bool {
        isIPv4 == other.isIPv4 && (other.bits ^ address.bits) & NetworkPrefix.mask(length) == 0
    }

    static func mask(_ length: Int) -> UInt128 {
        length <= 0 ? 0 : (length >= 128 ? .max : ~(UInt128.max >> UInt128(length)))
    }
}

extension NetworkPrefix: CustomStringConvertible {
    /// `address/length`, the length counted as the family does.
    var description: String {
        "\(address)/\(isIPv4 ? length &- 96 : length)"
    }
}

/// The addresses from one to another.
struct NetworkRange {
    let first: NetworkAddress
    let last: NetworkAddress
    /// The network that it is, if it was not merged with another one.
    let network: NetworkPrefix?

    /// The fewest networks that have the same addresses; adjacent and overlapping ones become one.
    static func merge(_ networks: [NetworkPrefix]) -> [NetworkPrefix] {
        let ranges = networks.map { NetworkRange(first: $0.first, last: $0.last, network: $0) }.sorted {
            $0.last == $1.last ? $0.first < $1.first : $0.last < $1.last
        }
        var merged: [NetworkRange] = []
        for range in ranges.reversed() {
            guard let later = merged.last, later.first.previous <= range.last else {
                merged.append(range)
                continue
            }
            merged[merged.count &- 1] = NetworkRange(
                first: min(range.first, later.first), last: later.last, network: nil)
        }
        return merged.reversed().flatMap { range in range.network.map { [$0] } ?? range.prefixes }
    }

    private var prefixes: [NetworkPrefix] {
        var result: [NetworkPrefix] = []
        var start = first.bits
        while start <= last.bits {
            // The largest block that begins here and does not pass the end.
            var size = min(start.trailingZeroBitCount, 128)
            while size > 0, start | ~NetworkPrefix.mask(128 &- size) > last.bits { size &-= 1 }
            result.append(NetworkPrefix(address: NetworkAddress(bits: start), length: 128 &- size))
            let (next, overflow) = (start | ~NetworkPrefix.mask(128 &- size)).addingReportingOverflow(1)
            if overflow { break }
            start = next
        }
        return result
    }
}
