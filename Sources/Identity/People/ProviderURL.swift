// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// The address of a page of an OpenID provider, or of ours: `https`, or `http` on a loopback address where that is allowed.
///
/// No user, no fragment, no white space, no control character. The text is kept as it was written, because issuers are
/// compared byte by byte.
public struct ProviderURL: Sendable, Hashable, CustomStringConvertible {
    /// The text as it was written.
    public let description: String
    /// Whether it is `https`.
    public let isSecure: Bool
    /// Host and port.
    public let endpoint: Endpoint
    /// Path and query; a slash at least.
    public let target: String

    /// The longest text, in bytes.
    public static let longest = 2048

    /// Reads an address.
    ///
    /// - Parameter allowsLoopback: Whether `http` is good enough for a loopback address that is written as one.
    public init?(_ text: String, allowsLoopback: Bool = false) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        let rest: Substring
        if text.utf8.starts(with: "https://".utf8) {
            isSecure = true
            rest = text.dropFirst(8)
        } else if allowsLoopback, text.utf8.starts(with: "http://".utf8) {
            isSecure = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let endpoint = try? Endpoint(parsing: String(rest[..<end]), defaultPort: isSecure ? 443 : 80) else {
            return nil
        }
        if !isSecure {
            guard case .address(let address) = endpoint.host, address.isLoopback else { return nil }
        }
        self.endpoint = endpoint
        let tail = String(rest[end...])
        target = tail.utf8.first == UInt8(ascii: "/") ? tail : "/" + tail
        description = text
    }

    /// The same address without path and query on another port.
    public func onPort(_ port: UInt16) -> ProviderURL? {
        ProviderURL((isSecure ? "https://" : "http://") + "\(endpoint.host):\(port)", allowsLoopback: true)
    }

    /// Whether the address has a query.
    public var hasQuery: Bool { target.utf8.contains(UInt8(ascii: "?")) }

    /// Scheme, host and port, as browsers write them in `Origin`.
    public var origin: String {
        let isDefault = endpoint.port == (isSecure ? 443 : 80)
        return (isSecure ? "https://" : "http://") + (isDefault ? "\(endpoint.host)" : "\(endpoint)")
    }

    /// Whether this is what a request to this address has for `Host`; the case of letters does not matter.
    public func isAuthority(_ text: String) -> Bool {
        guard let given = try? Endpoint(parsing: text, defaultPort: isSecure ? 443 : 80) else { return false }
        return given == endpoint
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x21...0x7e).contains(byte) && !"#\\\"<>^`{|}".utf8.contains(byte)
    }
}
