// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// An absolute web address in a message, as far as where it leads is judged.
public struct A2ALink: Sendable, Hashable {
    /// Whether it is `https`.
    public let isSecure: Bool
    /// Where it leads.
    public let endpoint: Endpoint
    /// Path and query as written; empty or with a slash or a question mark at its beginning.
    public let rest: String

    /// The longest address in bytes.
    static let maximumBytes = 4096

    /// Reads `http` and `https` addresses, strictly: visible ASCII, no backslash, no user information, a host in its
    /// canonical spelling; `nil` for everything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x5c }) else {
            return nil
        }
        let start = bytes.prefix(8).map(ByteScan.lowercase)
        let prefix: Int
        if start.starts(with: "https://".utf8) {
            isSecure = true
            prefix = 8
        } else if start.starts(with: "http://".utf8) {
            isSecure = false
            prefix = 7
        } else {
            return nil
        }
        let authority = bytes.dropFirst(prefix).prefix { $0 != 0x2f && $0 != 0x3f && $0 != 0x23 }
        let written = String(decoding: authority.map(ByteScan.lowercase), as: UTF8.self)
        guard let endpoint = try? Endpoint(parsing: written, defaultPort: isSecure ? 443 : 80) else { return nil }
        self.endpoint = endpoint
        rest = String(
            decoding: bytes.dropFirst(prefix &+ authority.count).prefix { $0 != 0x23 }, as: UTF8.self)
    }
}
