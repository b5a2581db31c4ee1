// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// The egress plane's limits. Times are nanoseconds, sizes bytes; each has its name in `egress.limits`.
public struct EgressSettings: Sendable {
    /// Limits of message heads and chunked bodies.
    public var http = HTTP1Limits.standard
    /// `tunnels`: connections open at one time, over all agents.
    public var connections = 20_000
    /// `tunnels_per_agent`: live permits of one agent at one time.
    public var connectionsPerAgent = 1_000
    /// `pending_dials`: look-ups and dials under way at one time on one event loop.
    public var pendingDials = 4_096
    /// `handshake_time`: from accept, or from the end of the last request, to a complete head; also for a ClientHello.
    public var handshakeTime: Int64 = 10 * second
    /// `idle_time`: without a byte in either direction.
    public var idleTime: Int64 = 300 * second
    /// `total_time`: of one tunnel.
    public var totalTime: Int64 = 86_400 * second
    /// `dial_time`: for each address.
    public var dialTime: Int64 = 10 * second
    /// `bytes_per_tunnel`: in both directions together; 0 stands for no limit.
    public var bytesPerTunnel = 0
    /// `request_body`: bytes of one request body; 0 stands for no limit.
    public var requestBody: UInt64 = 0
    /// `dns_answers`: addresses of one name that are tried.
    public var addressesTried = 4
    /// `idle_upstreams`: unused upstream connections that one event loop keeps.
    public var idleUpstreams = 256
    /// `idle_upstream_time`: how long an unused upstream connection is kept.
    public var idleUpstreamTime: Int64 = 30 * second

    /// How often the certificate behind a tunnel is looked at.
    static let certificateInterval = 2 * second

    /// Nanoseconds in a second.
    public static let second: Int64 = 1_000_000_000

    /// The defaults.
    public init() {}
}
