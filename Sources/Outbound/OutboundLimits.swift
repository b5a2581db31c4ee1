// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOCore

/// How long the gate waits for a server of its own choice, and how much it takes from one.
public struct OutboundLimits: Sendable, Hashable {
    /// For everything together: looking the name up, connecting, TLS, all redirects, the whole answer.
    public var total: TimeAmount
    /// For the connection to one address.
    public var connect: TimeAmount
    /// The body of an answer, in bytes.
    public var bodyBytes: Int
    /// The head of an answer, in bytes.
    public var headBytes: Int
    /// Addresses of a name that are tried.
    public var addresses: Int

    /// Limits with the given values.
    public init(
        total: TimeAmount = .seconds(15), connect: TimeAmount = .seconds(5), bodyBytes: Int = 256 * 1024,
        headBytes: Int = 32 * 1024, addresses: Int = 4
    ) {
        self.total = total
        self.connect = connect
        self.bodyBytes = max(bodyBytes, 0)
        self.headBytes = max(headBytes, 1024)
        self.addresses = max(addresses, 1)
    }
}
