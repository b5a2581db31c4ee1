// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A block of addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3).
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    /// The first address of the block.
    public let first: IPAddress

    /// How many leading bits are fixed: 0...32 or 0...128.
    public let prefixLength: Int

    /// Reads `address/length`. The length has no leading zeros and the bits behind it are zero, so that a block has one
    /// spelling and a typing mistake is not widened silently.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        let bytes = text.utf8
        guard bytes.count <= IPv6Address.longestText + 4, let slash = bytes.firstIndex(of: UInt8(ascii: "/")),
            let address = IPAddress(text[..<slash]),
            let length = decimal(bytes[bytes.index(after: slash)...], limit: 128)
        else { return nil }
        self.init(first: address, prefixLength: length)
    }

    /// Makes a block of its first address and length; nil when the length does not fit the family or host bits are set.
    public init?(first: IPAddress, prefixLength: Int) {
        guard prefixLength >= 0 else { return nil }
        switch first {
        case .v4(let address):
            guard prefixLength <= 32, address.rawValue & ~Self.mask4(prefixLength) == 0 else { return nil }
        case .v6(let address):
            guard prefixLength <= 128, address.rawValue & ~Self.mask6(prefixLength) == 0 else { return nil }
        }
        self.first = first
        self.prefixLength = prefixLength
    }

    /// The block that holds one address.
    public init(only address: IPAddress) {
        first = address
        switch address {
        case .v4: prefixLength = 32
        case .v6: prefixLength = 128
        }
    }

    /// Whether the address is of the same family and inside. An IPv4-mapped IPv6 address is an IPv6 address here.
    public func contains(_ address: IPAddress) -> Bool {
        switch (first, address) {
        case (.v4(let first), .v4(let address)): (first.rawValue ^ address.rawValue) & Self.mask4(prefixLength) == 0
        case (.v6(let first), .v6(let address)): (first.rawValue ^ address.rawValue) & Self.mask6(prefixLength) == 0
        default: false
        }
    }

    /// The last address of the block.
    public var last: IPAddress {
        switch first {
        case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue | ~Self.mask4(prefixLength)))
        case .v6(let address): .v6(IPv6Address(rawValue: address.rawValue | ~Self.mask6(prefixLength)))
        }
    }

    /// Whether the block holds one address.
    public var isSingleAddress: Bool {
        first == last
    }

    /// CIDR notation.
    public var description: String {
        "\(first)/\(prefixLength)"
    }

    // Swift's smart shifts give zero when the whole width is shifted out, so a length of zero needs no case of its own.
    private static func mask4(_ length: Int) -> UInt32 {
        UInt32.max << (32 - length)
    }

    private static func mask6(_ length: Int) -> UInt128 {
        UInt128.max << (128 - length)
    }
}
