// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension SpecialPurposeRegistry {
    /// The IANA IPv4 Special-Purpose Address Registry as of 2026, and the rows of the IPv4 address space that are not
    /// unicast. Each line: block, registered name, RFCs, globally reachable.
    static let ipv4Rows: [Entry] = [
        ("0.0.0.0/8", "this network", "791", .no, .ipv4SpecialPurpose),
        ("0.0.0.0/32", "this host on this network", "1122", .no, .ipv4SpecialPurpose),
        ("10.0.0.0/8", "private use", "1918", .no, .ipv4SpecialPurpose),
        ("100.64.0.0/10", "shared address space (carrier NAT)", "6598", .no, .ipv4SpecialPurpose),
        ("127.0.0.0/8", "loopback", "1122", .no, .ipv4SpecialPurpose),
        ("169.254.0.0/16", "link local", "3927", .no, .ipv4SpecialPurpose),
        ("172.16.0.0/12", "private use", "1918", .no, .ipv4SpecialPurpose),
        ("192.0.0.0/24", "IETF protocol assignments", "6890", .no, .ipv4SpecialPurpose),
        ("192.0.0.0/29", "IPv4 service continuity prefix", "7335", .no, .ipv4SpecialPurpose),
        ("192.0.0.8/32", "IPv4 dummy address", "7600", .no, .ipv4SpecialPurpose),
        ("192.0.0.9/32", "Port Control Protocol anycast", "7723", .yes, .ipv4SpecialPurpose),
        ("192.0.0.10/32", "TURN anycast", "8155", .yes, .ipv4SpecialPurpose),
        ("192.0.0.170/32", "NAT64/DNS64 discovery", "8880, 7050", .no, .ipv4SpecialPurpose),
        ("192.0.0.171/32", "NAT64/DNS64 discovery", "8880, 7050", .no, .ipv4SpecialPurpose),
        ("192.0.2.0/24", "documentation (TEST-NET-1)", "5737", .no, .ipv4SpecialPurpose),
        ("192.31.196.0/24", "AS112-v4", "7535", .yes, .ipv4SpecialPurpose),
        ("192.52.193.0/24", "AMT", "7450", .yes, .ipv4SpecialPurpose),
        ("192.88.99.0/24", "deprecated 6to4 relay anycast", "7526", .ended, .ipv4SpecialPurpose),
        ("192.88.99.2/32", "6a44 relay anycast", "6751", .no, .ipv4SpecialPurpose),
        ("192.168.0.0/16", "private use", "1918", .no, .ipv4SpecialPurpose),
        ("192.175.48.0/24", "direct delegation AS112 service", "7534", .yes, .ipv4SpecialPurpose),
        ("198.18.0.0/15", "benchmarking", "2544", .no, .ipv4SpecialPurpose),
        ("198.51.100.0/24", "documentation (TEST-NET-2)", "5737", .no, .ipv4SpecialPurpose),
        ("203.0.113.0/24", "documentation (TEST-NET-3)", "5737", .no, .ipv4SpecialPurpose),
        ("224.0.0.0/4", "multicast", "5771", .no, .ipv4AddressSpace),
        ("240.0.0.0/4", "reserved", "1112, 8190", .no, .ipv4SpecialPurpose),
        ("255.255.255.255/32", "limited broadcast", "8190, 919", .no, .ipv4SpecialPurpose),
    ]
}
