// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension IPv6Address {
    /// Bytes of the longest text form: six full groups and a full dotted quad.
    static let longestText = 45

    /// Groups as they are read, and where the `::` stood.
    private struct Groups {
        var bits: UInt128 = 0
        var count = 0
        var gap: Int?

        mutating func append(_ group: UInt128) -> Bool {
            guard count < 8 else { return false }
            bits = bits << 16 | group
            count += 1
            return true
        }

        /// The address, when the groups fill 128 bits or one gap stands for at least one group.
        func address() -> IPv6Address? {
            guard let gap else { return count == 8 ? IPv6Address(rawValue: bits) : nil }
            guard count < 8 else { return nil }
            let tailBits = 16 * (count - gap)
            let tail = bits & ((UInt128(1) << UInt128(tailBits)) &- 1)
            let head = tailBits == 128 ? 0 : bits >> UInt128(tailBits)
            let shift = 128 - 16 * gap
            return IPv6Address(rawValue: (shift >= 128 ? 0 : head << UInt128(shift)) | tail)
        }
    }

    static func parse(_ bytes: Span<UInt8>) -> IPv6Address? {
        guard bytes.count >= 2, bytes.count <= longestText else { return nil }
        let colon = UInt8(ascii: ":")
        var groups = Groups()
        var index = 0
        if bytes[0] == colon {
            guard bytes[1] == colon else { return nil }
            groups.gap = 0
            index = 2
        }
        while index < bytes.count {
            let start = index
            var value: UInt128 = 0
            while index < bytes.count, let digit = hexDigit(bytes[index]) {
                guard index - start < 4 else { return nil }
                value = value << 4 | UInt128(digit)
                index += 1
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                guard let quad = IPv4Address.parse(bytes, from: start),
                    groups.append(UInt128(quad.rawValue >> 16)), groups.append(UInt128(quad.rawValue & 0xffff))
                else { return nil }
                return groups.address()
            }
            guard index > start, groups.append(value) else { return nil }
            if index == bytes.count { break }
            guard bytes[index] == colon else { return nil }
            index += 1
            if index < bytes.count, bytes[index] == colon {
                guard groups.gap == nil else { return nil }
                groups.gap = groups.count
                index += 1
            } else if index == bytes.count {
                return nil
            }
        }
        return groups.address()
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}
