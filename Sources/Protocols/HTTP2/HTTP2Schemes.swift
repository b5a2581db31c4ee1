// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What `:scheme` may be. It must be spelt as here, in lower case.
///
/// A client behind something that ends TLS for it says `https` on a plain connection, and a careless one `http` inside of
/// TLS; nothing is built from the value, so a listener that does not care may take both.
public struct HTTP2Schemes: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// Schemes of the given bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `http`.
    public static let http = HTTP2Schemes(rawValue: 1)

    /// `https`.
    public static let https = HTTP2Schemes(rawValue: 2)

    /// Both.
    public static let all: HTTP2Schemes = [.http, .https]

    /// Whether `scheme` is one of them.
    func contain(_ scheme: UnsafeRawBufferPointer) -> Bool {
        (contains(.https) && ByteScan.equals(scheme, "https")) || (contains(.http) && ByteScan.equals(scheme, "http"))
    }
}
