// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOCore

/// How much of this program a Workload API may hold, and for how long anything is waited for.
public struct WorkloadClientLimits: Sendable, Hashable {
    /// One message that arrives, in bytes. SPIRE's own limit.
    public var messageBytes = 4 * 1024 * 1024
    /// The metadata of one answer, in bytes as HPACK counts them.
    public var metadataBytes = 16 * 1024
    /// Identities of one message.
    public var identities = 64
    /// Trust domains of one message.
    public var trustDomains = 256
    /// Certificates of one trust domain's bundle.
    public var certificates = 256
    /// Within which a connection is made.
    public var connect: TimeAmount = .seconds(5)
    /// Within which the first message of a stream, or the answer to a request, has to arrive.
    public var answer: TimeAmount = .seconds(15)
    /// How long the first pause is after a failure. Each one is twice as long as the one before.
    public var firstPause: Duration = .milliseconds(100)
    /// How long no pause exceeds.
    public var longestPause: Duration = .seconds(15)

    /// The limits that hold unless it is said otherwise.
    public init() {}
}
