// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An IPv6 address (RFC 4291), without a zone.
public struct IPv6Address: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The first 64 bits, in host order.
    public let high: UInt64

    /// The last 64 bits, in host order: the interface identifier of most unicast addresses.
    public let low: UInt64

    /// Makes an address of its two halves, in host order.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the text forms of RFC 4291 section 2.2 (with `::`, with a dotted quad at the end) and nothing else:
    /// no brackets, no zone, at most four digits a group, `::` only where it stands for at least one group.
    public init?(canonical text: some StringProtocol) {
        guard let address = Self.parse(String(text).utf8.span) else { return nil }
        self = address
    }

    /// Reads the text forms of RFC 4291 section 2.2 from ASCII bytes.
    public init?(canonical bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(Self.longestText + 1))
        guard let address = Self.parse(head.span) else { return nil }
        self = address
    }

    /// All 128 bits as one number.
    public var rawValue: UInt128 {
        UInt128(high) << 64 | UInt128(low)
    }

    /// Makes an address of 128 bits in host order.
    public init(rawValue: UInt128) {
        high = UInt64(truncatingIfNeeded: rawValue >> 64)
        low = UInt64(truncatingIfNeeded: rawValue)
    }

    /// The eight 16-bit groups, the first one first.
    public var groups: [UInt16] {
        [high, high, high, high, low, low, low, low].enumerated().map { index, half in
            UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (index % 4)))
        }
    }

    /// Orders addresses by their number.
    public static func < (left: IPv6Address, right: IPv6Address) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The canonical text of RFC 5952: lower case, the longest run of zero groups (the first of equals, at least two)
    /// as `::`, and a dotted quad only in the IPv4-mapped block.
    public var description: String {
        if high == 0, low >> 32 == 0xffff {
            return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)))"
        }
        let groups = groups
        let gap = Self.longestZeroRun(groups)
        var text = ""
        for (index, group) in groups.enumerated() {
            if gap.contains(index) {
                if index == gap.lowerBound { text += "::" }
                continue
            }
            if !text.isEmpty, !gap.contains(index - 1) { text += ":" }
            text += String(group, radix: 16)
        }
        return text
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > max(best.count, 1) {
                best = start..<index + 1
            }
        }
        return best
    }
}
