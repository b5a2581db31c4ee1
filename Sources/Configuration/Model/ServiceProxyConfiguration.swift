// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// The reverse proxy in front of the services, `service_proxy`.
public struct ServiceProxyConfiguration: Sendable, Hashable {
    /// `listeners`: where clients connect; HTTP only.
    public var listeners: [ListenerConfiguration] = []
    /// `url`: how clients reach it, without a slash at the end; `nil` when services are no OAuth resources.
    public var url: ProviderURL?
    /// `issuers`: authorization servers whose access tokens count.
    public var issuers: [TokenIssuerConfiguration] = []
    /// `limits`.
    public var limits = ServiceProxyLimits()
    /// Where the section stands in the file.
    public var place = Place.start

    /// No listener, and the default limits.
    public init() {}
}

/// The limits of the reverse proxy, `service_proxy.limits`. ``LimitField`` tables give each its name, range and meaning.
public struct ServiceProxyLimits: Sendable, Hashable {
    /// `connections`.
    public var connections = 20_000
    /// `requests_per_agent`.
    public var requestsPerAgent = 1_000
    /// `pending_dials`.
    public var pendingDials = 4_096
    /// `handshake_time`.
    public var handshakeTime: Duration = .seconds(10)
    /// `idle_time`.
    public var idleTime: Duration = .seconds(300)
    /// `total_time`.
    public var totalTime: Duration = .seconds(86_400)
    /// `dial_time`.
    public var dialTime: Duration = .seconds(10)
    /// `answer_time`.
    public var answerTime: Duration = .seconds(120)
    /// `request_body`.
    public var requestBody = 8 << 20
    /// `response_body`.
    public var responseBody = 32 << 20
    /// `event`.
    public var event = 1 << 20
    /// `endpoints_tried`.
    public var endpointsTried = 3
    /// `member_time`.
    public var memberTime: Duration = .seconds(10)
    /// `idle_upstreams`.
    public var idleUpstreams = 256
    /// `idle_upstream_time`.
    public var idleUpstreamTime: Duration = .seconds(30)
    /// `stdio_line`.
    public var stdioLine = 8 << 20
    /// `stdio_grace`.
    public var stdioGrace: Duration = .seconds(5)

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<ServiceProxyLimits>] = [
        .count("connections", \.connections, 1...1_000_000, "client connections open at one time"),
        .count("requests_per_agent", \.requestsPerAgent, 1...1_000_000, "exchanges of one agent under way at one time"),
        .count("pending_dials", \.pendingDials, 1...1_000_000, "look-ups and dials under way at one time"),
        .time("handshake_time", \.handshakeTime, 100...600_000, "from connecting to a complete head of a request"),
        .time("idle_time", \.idleTime, 1_000...604_800_000, "a connection without a byte in either direction"),
        .time(
            "total_time", \.totalTime, 1_000...31_536_000_000, "one exchange from its start to its end, streams too"),
        .time("dial_time", \.dialTime, 100...600_000, "connecting to one address, with TLS"),
        .time(
            "answer_time", \.answerTime, 100...86_400_000, "from the complete request to the head of the response"),
        .size(
            "request_body", \.requestBody, 1 << 10...1 << 30,
            "the body of a request that is read as a whole: those of mcp"),
        .size(
            "response_body", \.responseBody, 1 << 10...1 << 30, "the body of a response that is read as a whole"),
        .size("event", \.event, 1 << 10...1 << 30, "one event of a stream"),
        .count(
            "endpoints_tried", \.endpointsTried, 1...64,
            "endpoints of a service that one request may be sent to, one after the other"),
        .time(
            "member_time", \.memberTime, 100...600_000,
            "how long an endpoint of several MCP servers waits for one of them"),
        .count("idle_upstreams", \.idleUpstreams, 0...1_000_000, "unused upstream connections that are kept"),
        .time(
            "idle_upstream_time", \.idleUpstreamTime, 100...3_600_000, "how long an unused upstream connection is kept"),
        .size("stdio_line", \.stdioLine, 1 << 10...1 << 30, "one message between yett mcp stdio and client or server"),
        .time(
            "stdio_grace", \.stdioGrace, 100...600_000,
            "what yett mcp stdio leaves open requests, a server whose input ends, and one that is told to end, each"),
    ]
}
