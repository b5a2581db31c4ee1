// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOCore
public import PKI

/// Where a data plane listens, and how it learns who is asking there.
public struct ListenerSpecification: Sendable {
    /// The kinds of sockets.
    public enum Address: Sendable {
        /// A TCP address.
        case tcp(SocketAddress)
        /// A Unix socket with its permission bits.
        case unix(path: String, mode: UInt32)
    }

    /// Ways to learn who is asking; the strongest that gives an answer counts.
    public struct Identification: OptionSet, Sendable {
        /// The set as bits.
        public let rawValue: UInt8
        /// Makes a set from bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The URI SAN of a client certificate.
        public static let certificate = Identification(rawValue: 1)
        /// The kernel's credentials of a Unix socket's peer.
        public static let process = Identification(rawValue: 2)
        /// A bearer token: in `Proxy-Authorization` or as the SOCKS5 password at a forward proxy, else in `Authorization`.
        public static let token = Identification(rawValue: 4)
        /// The network of the caller's address.
        public static let source = Identification(rawValue: 8)
    }

    /// What clients may speak.
    public struct Protocols: OptionSet, Sendable {
        /// The set as bits.
        public let rawValue: UInt8
        /// Makes a set from bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// HTTP/1.1: `CONNECT` and absolute-form requests.
        public static let http = Protocols(rawValue: 1)
        /// SOCKS5.
        public static let socks5 = Protocols(rawValue: 2)
    }

    /// Where to listen.
    public var address: Address
    /// How to learn who is asking.
    public var identification: Identification
    /// What clients may speak; told apart by their first byte.
    public var protocols: Protocols
    /// TLS of the listener, with client certificates; `nil` for plain TCP.
    public var tls: SVIDServerTLS?
    /// The socket that already listens there; `nil` where it has to be opened.
    public var handed: HandedSocket?

    /// Collects the parts.
    public init(
        address: Address, identification: Identification, protocols: Protocols = [.http, .socks5],
        tls: SVIDServerTLS? = nil, handed: HandedSocket? = nil
    ) {
        self.address = address
        self.identification = identification
        self.protocols = protocols
        self.tls = tls
        self.handed = handed
    }
}
