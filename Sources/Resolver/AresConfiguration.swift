// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// How `AresResolver` asks, and its limits.
public struct AresConfiguration: Hashable, Sendable {
    /// A name server.
    public struct Server: Hashable, Sendable, CustomStringConvertible {
        /// Its address.
        public let address: IPAddress

        /// Its port, for UDP and TCP.
        public let port: UInt16

        /// Makes a server of address and port.
        public init(_ address: IPAddress, port: UInt16 = 53) {
            self.address = address
            self.port = port
        }

        /// Address and port, an IPv6 address in brackets.
        public var description: String {
            "\(Host.address(address)):\(port)"
        }
    }

    /// The servers to ask, in this order; empty means those of `/etc/resolv.conf`.
    public var servers: [Server]

    /// Milliseconds to wait for one answer before asking again.
    public var queryTimeoutMilliseconds: Int

    /// How often each server is asked.
    public var tries: Int

    /// Milliseconds after which a lookup fails, whatever has been tried.
    public var deadlineMilliseconds: Int

    /// Milliseconds for which one family's answer waits for the other's (RFC 8305 section 3 calls it resolution delay).
    public var resolutionDelayMilliseconds: Int

    /// Addresses accepted for one name.
    public var maximumAnswers: Int

    /// Lookups under way at once.
    public var maximumPending: Int

    /// Makes a configuration; the defaults suit a gate beside its name servers.
    public init(
        servers: [Server] = [], queryTimeoutMilliseconds: Int = 1500, tries: Int = 3, deadlineMilliseconds: Int = 5000,
        resolutionDelayMilliseconds: Int = 250, maximumAnswers: Int = 64, maximumPending: Int = 1024
    ) {
        self.servers = servers
        self.queryTimeoutMilliseconds = queryTimeoutMilliseconds
        self.tries = tries
        self.deadlineMilliseconds = deadlineMilliseconds
        self.resolutionDelayMilliseconds = resolutionDelayMilliseconds
        self.maximumAnswers = maximumAnswers
        self.maximumPending = maximumPending
    }
}
