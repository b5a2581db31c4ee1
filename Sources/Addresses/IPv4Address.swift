// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An IPv4 address (RFC 791).
public struct IPv4Address: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 32 bits in host order: 127.0.0.1 is 0x7f00_0001.
    public let rawValue: UInt32

    /// Makes an address of 32 bits in host order.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes an address of its four octets, the first one first.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// Reads the canonical dotted quad and nothing else: four decimal parts of 0...255 without leading zeros.
    /// Octal, hexadecimal, short and single-number forms, which resolvers read differently, give nil.
    public init?(canonical text: some StringProtocol) {
        guard let address = Self.parse(String(text).utf8.span) else { return nil }
        self = address
    }

    /// Reads the canonical dotted quad from ASCII bytes.
    public init?(canonical bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(Self.longestText + 1))
        guard let address = Self.parse(head.span) else { return nil }
        self = address
    }

    /// The canonical dotted quad.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.longestText) { text in
            var end = 0
            func append(_ byte: UInt8) {
                text[end] = byte
                end &+= 1
            }
            for shift: UInt32 in [24, 16, 8, 0] {
                let octet = UInt8(truncatingIfNeeded: rawValue &>> shift)
                if octet >= 100 { append(UInt8(ascii: "0") &+ octet / 100) }
                if octet >= 10 { append(UInt8(ascii: "0") &+ octet / 10 % 10) }
                append(UInt8(ascii: "0") &+ octet % 10)
                if shift > 0 { append(UInt8(ascii: ".")) }
            }
            return end
        }
    }

    /// Orders addresses by their number.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Bytes of `255.255.255.255`.
    static let longestText = 15

    static func parse(_ bytes: Span<UInt8>) -> IPv4Address? {
        parse(bytes, from: 0)
    }

    /// Reads a dotted quad that fills `bytes` from `start` to the end.
    static func parse(_ bytes: Span<UInt8>, from start: Int) -> IPv4Address? {
        guard bytes.count - start >= 7, bytes.count - start <= longestText else { return nil }
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var parts = 0
        for index in start..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if digits > 0, part == 0 { return nil }
                part = part * 10 + UInt32(byte &- UInt8(ascii: "0"))
                digits += 1
                if part > 255 { return nil }
            case UInt8(ascii: "."):
                if digits == 0 || parts == 3 { return nil }
                value = value << 8 | part
                parts += 1
                part = 0
                digits = 0
            default:
                return nil
            }
        }
        guard parts == 3, digits > 0 else { return nil }
        return IPv4Address(rawValue: value << 8 | part)
    }
}
