// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOCore

/// How much of the plane its callers may hold at once. What goes beyond is refused, and harms nobody else.
public struct IdentityPlaneLimits: Sendable, Hashable {
    /// Connections of all users together. One costs up to five descriptors.
    public var connections = 1024
    /// Connections of one user.
    public var connectionsOfUser = 256
    /// Calls, long-lived streams among them, of all users together.
    public var calls = 2048
    /// Calls of one user.
    public var callsOfUser = 512
    /// Calls that one user may begin within a second: each one is attested.
    public var callsOfUserPerSecond = 1000
    /// Calls on one connection.
    public var callsOfConnection = 256
    /// The metadata of one call, in bytes as HPACK counts them.
    public var metadataBytes = 16 * 1024
    /// One request message. Envoy's first one lists every extension that it was built with.
    public var requestBytes = 256 * 1024
    /// Request messages of one call that wait to be read.
    public var waitingRequests = 2
    /// Streams that a connection may abort, and control frames that it may send, within half a minute.
    public var framesInWindow = 4000
    /// For how long a connection may be without a call.
    public var idle: TimeAmount = .seconds(120)
    /// Within which the first request message of a call has to arrive.
    public var request: TimeAmount = .seconds(10)

    /// The limits that hold unless it is said otherwise.
    public init() {}
}
