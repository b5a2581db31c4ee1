// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a client may name as a destination: a DNS name or an address in its one canonical spelling.
public enum Host: Hashable, Sendable, CustomStringConvertible {
    /// A DNS name.
    case name(HostName)

    /// An address literal.
    case address(IPAddress)

    /// Reads a name, a canonical dotted quad or an IPv6 address in brackets.
    public init(parsing bytes: Span<UInt8>) throws(HostError) {
        guard !bytes.isEmpty else { throw .empty }
        if bytes[0] == UInt8(ascii: "[") {
            self = .address(.v6(try Self.literal(bytes)))
        } else if let address = IPv4Address.parse(bytes) {
            self = .address(.v4(address))
        } else {
            self = .name(try HostName(parsing: bytes))
        }
    }

    /// Reads a name, a canonical dotted quad or an IPv6 address in brackets.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(HostError) {
        try self.init(parsing: bytes.assumingMemoryBound(to: UInt8.self).span)
    }

    /// Reads a name, a canonical dotted quad or an IPv6 address in brackets.
    public init(parsing text: String) throws(HostError) {
        try self.init(parsing: text.utf8.span)
    }

    /// The host as it stands in an authority: an IPv6 address in brackets.
    public var description: String {
        switch self {
        case .name(let name): name.description
        case .address(.v4(let address)): address.description
        case .address(.v6(let address)): "[\(address)]"
        }
    }

    private static func literal(_ bytes: Span<UInt8>) throws(HostError) -> IPv6Address {
        guard bytes.count >= 2, bytes[bytes.count - 1] == UInt8(ascii: "]") else { throw .unbalancedBracket }
        guard bytes.count <= IPv6Address.longestText + 64 else { throw .badIPv6Literal }
        let inner = bytes.extracting(1..<bytes.count - 1)
        if let address = IPv6Address.parse(inner) { return address }
        for index in inner.indices where inner[index] == UInt8(ascii: "%") { throw .zone }
        throw .badIPv6Literal
    }
}
