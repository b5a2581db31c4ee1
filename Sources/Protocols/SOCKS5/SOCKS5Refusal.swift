// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a SOCKS5 client is turned away, and the reply that says so.
public enum SOCKS5Refusal: String, Error, Sendable, Hashable, CaseIterable {
    /// The first byte of a message is not the version it must be.
    case badVersion = "socks_bad_version"
    /// The greeting offers no authentication methods.
    case noMethods = "socks_no_methods"
    /// The user name or password is empty.
    case badCredentials = "socks_bad_credentials"
    /// BIND, UDP ASSOCIATE or an unknown command.
    case unsupportedCommand = "socks_unsupported_command"
    /// An address type besides IPv4, domain name and IPv6.
    case unsupportedAddressType = "socks_unsupported_address_type"
    /// The reserved byte is not zero, the host is no host, or the port is zero.
    case malformed = "socks_malformed"

    /// The reply code to send in the request phase (RFC 1928 section 6).
    public var reply: SOCKS5Reply {
        switch self {
        case .unsupportedCommand: .commandNotSupported
        case .unsupportedAddressType: .addressTypeNotSupported
        default: .generalFailure
        }
    }
}
