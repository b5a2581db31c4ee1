// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension SpecialPurposeRegistry {
    /// The IANA IPv6 Special-Purpose Address Registry as of 2026, and the rows of the IPv6 address space around global
    /// unicast (2000::/3), which is itself the row for every ordinary address. Each line: block, registered name, RFCs,
    /// globally reachable.
    static let ipv6Rows: [Entry] = [
        ("::/0", "not assigned to global unicast", "4291", .no, .ipv6AddressSpace),
        ("2000::/3", "global unicast", "4291", .yes, .ipv6AddressSpace),
        ("::/96", "IPv4-compatible (deprecated)", "4291", .ended, .ipv6AddressSpace),
        ("::1/128", "loopback", "4291", .no, .ipv6SpecialPurpose),
        ("::/128", "unspecified address", "4291", .no, .ipv6SpecialPurpose),
        ("::ffff:0:0/96", "IPv4-mapped", "4291", .no, .ipv6SpecialPurpose),
        ("64:ff9b::/96", "IPv4/IPv6 translation (NAT64)", "6052", .yes, .ipv6SpecialPurpose),
        ("64:ff9b:1::/48", "local-use IPv4/IPv6 translation (NAT64)", "8215", .no, .ipv6SpecialPurpose),
        ("100::/64", "discard only", "6666", .no, .ipv6SpecialPurpose),
        ("100:0:0:1::/64", "dummy prefix", "9780", .no, .ipv6SpecialPurpose),
        ("2001::/23", "IETF protocol assignments", "2928", .no, .ipv6SpecialPurpose),
        ("2001::/32", "Teredo", "4380, 8190", .notApplicable, .ipv6SpecialPurpose),
        ("2001:1::1/128", "Port Control Protocol anycast", "7723", .yes, .ipv6SpecialPurpose),
        ("2001:1::2/128", "TURN anycast", "8155", .yes, .ipv6SpecialPurpose),
        ("2001:1::3/128", "DNS-SD SRP anycast", "9665", .yes, .ipv6SpecialPurpose),
        ("2001:2::/48", "benchmarking", "5180", .no, .ipv6SpecialPurpose),
        ("2001:3::/32", "AMT", "7450", .yes, .ipv6SpecialPurpose),
        ("2001:4:112::/48", "AS112-v6", "7535", .yes, .ipv6SpecialPurpose),
        ("2001:10::/28", "deprecated ORCHID", "4843", .ended, .ipv6SpecialPurpose),
        ("2001:20::/28", "ORCHIDv2", "7343", .yes, .ipv6SpecialPurpose),
        ("2001:30::/28", "drone remote ID entity tags", "9374", .yes, .ipv6SpecialPurpose),
        ("2001:db8::/32", "documentation", "3849", .no, .ipv6SpecialPurpose),
        ("2002::/16", "6to4", "3056", .notApplicable, .ipv6SpecialPurpose),
        ("2620:4f:8000::/48", "direct delegation AS112 service", "7534", .yes, .ipv6SpecialPurpose),
        ("3fff::/20", "documentation", "9637", .no, .ipv6SpecialPurpose),
        ("5f00::/16", "segment routing (SRv6) SIDs", "9602", .no, .ipv6SpecialPurpose),
        ("fc00::/7", "unique local", "4193, 8190", .no, .ipv6SpecialPurpose),
        ("fe80::/10", "link-local unicast", "4291", .no, .ipv6SpecialPurpose),
        ("fec0::/10", "site local (deprecated)", "3879", .ended, .ipv6AddressSpace),
        ("ff00::/8", "multicast", "4291", .no, .ipv6AddressSpace),
    ]
}
