// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An IPv4 address inside an IPv6 address, and by which mechanism.
public struct EmbeddedIPv4: Hashable, Sendable, CustomStringConvertible {
    /// How an IPv6 address carries an IPv4 address.
    public enum Mechanism: String, Hashable, Sendable {
        /// `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
        case mapped = "IPv4-mapped"
        /// `::a.b.c.d` (RFC 4291 section 2.5.5.1).
        case compatible = "IPv4-compatible"
        /// `64:ff9b::a.b.c.d` (RFC 6052).
        case nat64 = "NAT64"
        /// `64:ff9b:1::/48` (RFC 8215), with the address where RFC 6052 section 2.2 puts it for a /48 or a /96.
        case localNAT64 = "local NAT64"
        /// `2002:aabb:ccdd::` (RFC 3056).
        case sixToFour = "6to4"
        /// The client's address in 2001::/32, with all bits inverted (RFC 4380).
        case teredo = "Teredo"
        /// The interface identifier `::0:5efe:a.b.c.d` or `::200:5efe:a.b.c.d` (RFC 5214).
        case isatap = "ISATAP"
    }

    /// The mechanism.
    public let mechanism: Mechanism

    /// The IPv4 address that the packets would reach.
    public let address: IPv4Address

    /// The address and its mechanism, for a person.
    public var description: String {
        "\(mechanism.rawValue) \(address)"
    }

    /// What an IPv6 address embeds, or nil. `::` and `::1` embed nothing.
    public init?(in outer: IPv6Address) {
        let low32 = UInt32(truncatingIfNeeded: outer.low)
        if outer.high == 0, outer.low >> 32 == 0xffff {
            self.init(.mapped, low32)
        } else if outer.high == 0, outer.low >> 32 == 0, low32 > 1 {
            self.init(.compatible, low32)
        } else if outer.high == 0x0064_ff9b_0000_0000, outer.low >> 32 == 0 {
            self.init(.nat64, low32)
        } else if outer.high >> 16 == 0x0064_ff9b_0001 {
            // Where the address stands depends on the prefix that the network chose; a /96 is the usual one.
            let split = Self.translated(outer, prefixLength: 48)?.rawValue ?? 0
            self.init(.localNAT64, low32 == 0 ? split : low32)
        } else if outer.high >> 48 == 0x2002 {
            self.init(.sixToFour, UInt32(truncatingIfNeeded: outer.high >> 16))
        } else if outer.high >> 32 == 0x2001_0000 {
            self.init(.teredo, ~low32)
        } else if (outer.low >> 32) & ~0x0300_0000 == 0x5efe {
            // The universal/local and group bits may be set (RFC 5214 section 6.1).
            self.init(.isatap, low32)
        } else {
            return nil
        }
    }

    /// The IPv4 address behind a translation prefix of the given length (RFC 6052 section 2.2, which leaves bits 64...71
    /// out); nil for a length that the RFC does not have.
    static func translated(_ outer: IPv6Address, prefixLength: Int) -> IPv4Address? {
        let number = outer.rawValue
        if prefixLength == 96 { return IPv4Address(rawValue: UInt32(truncatingIfNeeded: number)) }
        guard [32, 40, 48, 56, 64].contains(prefixLength) else { return nil }
        // Close the gap of bits 64...71, so that the address is 32 consecutive bits.
        let closed = number & (UInt128.max << 64) | (number & (UInt128.max >> 72)) << 8
        return IPv4Address(rawValue: UInt32(truncatingIfNeeded: closed >> UInt128(96 - prefixLength)))
    }

    private init(_ mechanism: Mechanism, _ number: UInt32) {
        self.mechanism = mechanism
        address = IPv4Address(rawValue: number)
    }
}
