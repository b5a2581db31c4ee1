// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An IP address; those of IPv4 are kept as IPv6 writes them, `::ffff:1.2.3.4`.
struct NetworkAddress: Hashable, Comparable {
    let bits: UInt128

    static let firstOfIPv4 = NetworkAddress(bits: 0xFFFF_0000_0000)

    /// Whether it is an address of IPv4.
    var isIPv4: Bool { bits >> 32 == 0xFFFF }

    static func < (left: NetworkAddress, right: NetworkAddress) -> Bool {
        left.bits < right.bits
    }

    /// The address before this one, or this one if it is the first of its family.
    var previous: NetworkAddress {
        bits == 0 || self == .firstOfIPv4 ? self : NetworkAddress(bits: bits &- 1)
    }
}

extension NetworkAddress {
    /// Reads an address without a zone: IPv4 with four decimal numbers, or any form of IPv6.
    init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text)
        if bytes.contains(UInt8(ascii: ":")) {
            self.init(groups: bytes)
        } else if let number = NetworkAddress.dotted(bytes[...]) {
            self.init(bits: 0xFFFF_0000_0000 | UInt128(number))
        } else {
            return nil
        }
    }

    private static func dotted(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        var result: UInt32 = 0
        var parts = 0
        for part in bytes.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false) {
            guard (1...3).contains(part.count), part.count == 1 || part.first != 0x30 else { return nil }
            var number: UInt32 = 0
            for byte in part {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                number = number &* 10 &+ UInt32(byte &- 0x30)
            }
            guard number <= 255 else { return nil }
            result = result << 8 | number
            parts &+= 1
        }
        return parts == 4 ? result : nil
    }

    private init?(groups bytes: [UInt8]) {
        var groups: [UInt16] = []
        var gap: Int?
        var position = 0
        if bytes.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
            gap = 0
            position = 2
        }
        while position < bytes.count {
            guard groups.count < 8 else { return nil }
            let end = bytes[position...].firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            let part = bytes[position..<end]
            if part.contains(UInt8(ascii: ".")) {
                guard end == bytes.count, groups.count <= 6, let number = NetworkAddress.dotted(part) else {
                    return nil
                }
                groups.append(UInt16(truncatingIfNeeded: number >> 16))
                groups.append(UInt16(truncatingIfNeeded: number))
                position = end
                break
            }
            guard let group = NetworkAddress.group(part) else { return nil }
            groups.append(group)
            position = end
            guard position < bytes.count else { break }
            position &+= 1
            // A single colon cannot stand last, a second gap nowhere.
            guard position < bytes.count else { return nil }
            if bytes[position] == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups.count
                position &+= 1
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 &- groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        self.init(bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
    }

    private static func group(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var result: UInt16 = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit &- 0x30
            case 0x41...0x46: value = digit &- 0x41 &+ 10
            case 0x61...0x66: value = digit &- 0x61 &+ 10
            default: return nil
            }
            result = result << 4 | UInt16(value)
        }
        return result
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Dotted numbers, or the shortest form of IPv6 (RFC 5952).
    var description: String {
        if isIPv4 {
            return [24, 16, 8, 0].map { String(UInt8(truncatingIfNeeded: bits >> UInt128($0))) }.joined(separator: ".")
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        let gap = NetworkAddress.longestGap(groups)
        var result = ""
        var position = 0
        while position < 8 {
            if let gap, position == gap.lowerBound {
                result += "::"
                position = gap.upperBound
                continue
            }
            if !result.isEmpty && !result.hasSuffix("::") { result += ":" }
            result += String(groups[position], radix: 16)
            position &+= 1
        }
        return result
    }

    private static func longestGap(_ groups: [UInt16]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end &+= 1 }
            if end &- start > max(longest?.count ?? 1, 1) { longest = start..<end }
            start = max(end, start &+ 1)
        }
        return longest
    }
}
