// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reply codes of RFC 1928 section 6 and the messages that a server sends.
public enum SOCKS5Reply: UInt8, Sendable, Hashable, CaseIterable {
    /// The connection stands.
    case succeeded = 0
    /// Something else went wrong.
    case generalFailure = 1
    /// The rules do not allow the destination.
    case notAllowed = 2
    /// No route to the network.
    case networkUnreachable = 3
    /// No route to the host, or its name does not resolve.
    case hostUnreachable = 4
    /// The destination refused the connection.
    case connectionRefused = 5
    /// The connection took too long.
    case timeToLiveExpired = 6
    /// Only CONNECT is offered.
    case commandNotSupported = 7
    /// Only IPv4, IPv6 and names are offered.
    case addressTypeNotSupported = 8

    /// The reply to a request. The bound address is always 0.0.0.0:0: the client has no use for the gate's own.
    public var message: [UInt8] { [5, rawValue, 0, 1, 0, 0, 0, 0, 0, 0] }

    /// The answer to a greeting; `nil` when none of the offered methods will do.
    public static func selection(_ method: SOCKS5Method?) -> [UInt8] { [5, method?.rawValue ?? 0xff] }

    /// The answer to a user name and password (RFC 1929 section 2).
    public static func authentication(succeeded: Bool) -> [UInt8] { [1, succeeded ? 0 : 1] }
}

/// The authentication methods spoken here.
public enum SOCKS5Method: UInt8, Sendable, Hashable {
    /// None.
    case none = 0
    /// User name and password (RFC 1929).
    case password = 2
}
