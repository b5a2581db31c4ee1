// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOSSL
public import PKI

/// Where a member of an etcd cluster answers clients.
public struct EtcdEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address.
    public let host: String
    /// The port.
    public let port: UInt16

    /// Names a member.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `host:port`, an IPv6 address in brackets.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether ``host`` is an address. Addresses are never sent as the server's name.
    var isAddress: Bool {
        host.utf8.contains(UInt8(ascii: ":"))
            || host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// How connections to etcd are protected.
public enum EtcdProtection: Sendable {
    /// Not at all; for loopback addresses and tests.
    case none
    /// Certificates by name: what is trusted and shown stands in the context, which offers `h2`.
    case names(NIOSSLContext)
    /// Certificates with SPIFFE IDs; the gate shows its own.
    case identities(SVIDClientTLS)
}

/// How much of this program etcd may hold, and for how long anything is waited for.
public struct EtcdLimits: Sendable, Hashable {
    /// One message that arrives, in bytes. Twice what etcd takes in one request.
    public var messageBytes = 4 * 1024 * 1024
    /// The metadata of one answer, in bytes as HPACK counts them.
    public var metadataBytes = 16 * 1024
    /// Messages of one stream that nobody has taken yet.
    public var waitingMessages = 1024
    /// Entries that are read at once.
    public var page: Int64 = 512
    /// Entries in all. More than that is no state of gates.
    public var entries = 262_144
    /// Within which a connection is made, in milliseconds.
    public var connectMilliseconds: Int64 = 2_000
    /// Within which a request is answered, in milliseconds.
    public var answerMilliseconds: Int64 = 2_000

    /// The limits that hold unless it is said otherwise.
    public init() {}
}
