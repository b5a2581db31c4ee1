// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The HTTP methods a grant covers.
///
/// A tunnel counts as the method `CONNECT`, whether HTTP or SOCKS5 asked for it.
public enum MethodSet: Sendable, Hashable, CustomStringConvertible {
    /// Every method, tunnels included.
    case any
    /// These methods only; the names are case-sensitive (RFC 9110, section 9.1).
    case only([String])

    /// Whether the method is covered. Names are compared byte by byte.
    public func contains(_ method: String) -> Bool {
        switch self {
        case .any: true
        case .only(let names): names.contains { $0.utf8.elementsEqual(method.utf8) }
        }
    }

    /// The methods as the configuration writes them.
    public var description: String {
        switch self {
        case .any: "any"
        case .only(let names): names.joined(separator: ", ")
        }
    }
}
