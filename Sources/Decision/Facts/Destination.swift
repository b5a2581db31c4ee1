// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// Where the bytes of a request would go.
public struct Destination: Hashable, Sendable {
    /// The name or literal address the client asked for, canonical.
    public var host: Host
    /// The TCP port.
    public var port: UInt16
    /// The protocol as far as the request told.
    public var scheme: Scheme
    /// The addresses the name resolved to; absent until a verdict allowed the look-up.
    public var addresses: [IPAddress]?

    /// Names a destination.
    public init(host: Host, port: UInt16, scheme: Scheme, addresses: [IPAddress]? = nil) {
        self.host = host
        self.port = port
        self.scheme = scheme
        self.addresses = addresses
    }

    /// The protocol of a destination as far as the request tells it.
    public enum Scheme: String, Sendable, Hashable {
        /// Plain HTTP.
        case http
        /// TLS, to be confirmed by a ClientHello.
        case https
        /// Bytes that are not inspected.
        case tcp
    }
}
