// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An address of either family.
public enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 address.
    case v4(IPv4Address)

    /// An IPv6 address.
    case v6(IPv6Address)

    /// Reads a canonical dotted quad or an IPv6 text form (no brackets, no zone).
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        if let address = IPv4Address.parse(text.utf8.span) {
            self = .v4(address)
        } else if let address = IPv6Address.parse(text.utf8.span) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// The canonical text, without brackets.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }

    /// Whether this is 0.0.0.0 or ::, which a listener uses for "every local address".
    public var isUnspecified: Bool {
        switch self {
        case .v4(let address): address.rawValue == 0
        case .v6(let address): address.high == 0 && address.low == 0
        }
    }

    /// Whether this is in 127.0.0.0/8 or is ::1.
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6(let address): address.high == 0 && address.low == 1
        }
    }
}
