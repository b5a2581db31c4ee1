// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// The service plane's limits. Times are nanoseconds, sizes bytes; each has its name in `service_proxy.limits`.
public struct ServiceSettings: Sendable {
    /// Limits of message heads and chunked bodies.
    public var http = HTTP1Limits.standard
    /// `connections`: open at one time, over all agents.
    public var connections = 20_000
    /// `requests_per_agent`: live exchanges of one agent at one time.
    public var requestsPerAgent = 1_000
    /// `pending_dials`: look-ups and dials under way at one time on one event loop.
    public var pendingDials = 4_096
    /// `handshake_time`: from accept, or from the first byte of a request, to a complete head.
    public var handshakeTime: Int64 = 10 * second
    /// `idle_time`: without a byte in either direction.
    public var idleTime: Int64 = 300 * second
    /// `total_time`: of one exchange, streams included.
    public var totalTime: Int64 = 86_400 * second
    /// `dial_time`: for each address.
    public var dialTime: Int64 = 10 * second
    /// `answer_time`: from the complete request to the head of the response.
    public var answerTime: Int64 = 120 * second
    /// `request_body`: of a request that is read as a whole.
    public var requestBody = 8 << 20
    /// `response_body`: of a response that is read as a whole.
    public var responseBody = 32 << 20
    /// `member_time`: how long an endpoint of several MCP servers waits for one of them, where all of them are asked.
    public var memberTime: Int64 = 10 * second
    /// `event`: one event of a stream.
    public var event = 1 << 20
    /// `approvals.wait`: how long a connection is held for a person's answer.
    public var approvalWait: Int64 = 300 * second
    /// `approvals.keep_alive`: how often a client that waits for a person gets a sign of life, where it understands one.
    public var approvalKeepAlive: Int64 = 15 * second
    /// `approvals.arguments`: of a call that a person can be shown.
    public var approvalArguments = 64 << 10
    /// Addresses of one name that are tried.
    public var addressesTried = 4
    /// `endpoints_tried`: endpoints of a service that one request may be sent to, one after the other.
    public var endpointsTried = 3
    /// `idle_upstreams`: unused upstream connections that one event loop keeps.
    public var idleUpstreams = 256
    /// `idle_upstream_time`: how long an unused upstream connection is kept.
    public var idleUpstreamTime: Int64 = 30 * second

    /// How often the certificate behind an exchange is looked at.
    static let certificateInterval = 2 * second

    /// Nanoseconds in a second.
    public static let second: Int64 = 1_000_000_000

    /// The defaults.
    public init() {}
}
