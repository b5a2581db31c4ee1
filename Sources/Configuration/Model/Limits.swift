// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The limits of the forward proxy, `egress.limits`. ``LimitField`` tables give each its name, range and meaning.
public struct EgressLimits: Sendable, Hashable {
    /// `header_bytes`.
    public var headerBytes = 32 << 10
    /// `header_count`.
    public var headerCount = 100
    /// `request_line`.
    public var requestLine = 8 << 10
    /// `request_body`.
    public var requestBody = 0
    /// `tunnels`.
    public var tunnels = 20_000
    /// `tunnels_per_agent`.
    public var tunnelsPerAgent = 1_000
    /// `pending_dials`.
    public var pendingDials = 4_096
    /// `bytes_per_tunnel`.
    public var bytesPerTunnel = 0
    /// `dns_answers`.
    public var dnsAnswers = 64
    /// `addresses_tried`.
    public var addressesTried = 4
    /// `idle_upstreams`.
    public var idleUpstreams = 256
    /// `handshake_time`.
    public var handshakeTime: Duration = .seconds(10)
    /// `dial_time`.
    public var dialTime: Duration = .seconds(10)
    /// `idle_time`.
    public var idleTime: Duration = .seconds(300)
    /// `total_time`.
    public var totalTime: Duration = .seconds(86_400)
    /// `idle_upstream_time`.
    public var idleUpstreamTime: Duration = .seconds(30)

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<EgressLimits>] = [
        .size("header_bytes", \.headerBytes, 1 << 10...1 << 20, "the head of one request or response"),
        .count("header_count", \.headerCount, 1...4_096, "header fields of one message"),
        .size("request_line", \.requestLine, 64...64 << 10, "the request line"),
        .size("request_body", \.requestBody, 0...1 << 50, "the body of one request; 0 for no limit"),
        .count("tunnels", \.tunnels, 1...1_000_000, "client connections open at one time"),
        .count("tunnels_per_agent", \.tunnelsPerAgent, 1...1_000_000, "connections of one agent open at one time"),
        .count("pending_dials", \.pendingDials, 1...1_000_000, "look-ups and dials under way at one time"),
        .size("bytes_per_tunnel", \.bytesPerTunnel, 0...1 << 60, "both directions of one tunnel; 0 for no limit"),
        .count("dns_answers", \.dnsAnswers, 1...1_024, "addresses accepted for one name"),
        .count("addresses_tried", \.addressesTried, 1...64, "addresses of one name that are dialled one after another"),
        .count("idle_upstreams", \.idleUpstreams, 0...1_000_000, "unused upstream connections that are kept"),
        .time("handshake_time", \.handshakeTime, 100...600_000, "from connecting to a complete request or ClientHello"),
        .time("dial_time", \.dialTime, 100...600_000, "connecting to one address"),
        .time("idle_time", \.idleTime, 1_000...604_800_000, "a connection without a byte in either direction"),
        .time("total_time", \.totalTime, 1_000...31_536_000_000, "one tunnel from its start to its end"),
        .time(
            "idle_upstream_time", \.idleUpstreamTime, 100...3_600_000, "how long an unused upstream connection is kept"),
    ]
}

/// The limits of the process as a whole, `limits`.
public struct ProcessLimits: Sendable, Hashable {
    /// `workers`.
    public var workers = 0
    /// `open_files`.
    public var openFiles = 0
    /// `shutdown_grace`.
    public var shutdownGrace: Duration = .seconds(10)

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<ProcessLimits>] = [
        .count("workers", \.workers, 0...256, "threads that carry traffic; 0 for one for each processor"),
        .count("open_files", \.openFiles, 0...10_000_000, "file descriptors asked of the system; 0 for what it grants"),
        .time("shutdown_grace", \.shutdownGrace, 0...3_600_000, "how long open connections may end by themselves"),
    ]
}

/// A limit in the configuration: how it is written, what is allowed and what it bounds.
public struct LimitField<Root: Sendable>: Sendable {
    /// The key.
    public let name: String
    /// What the limit bounds.
    public let meaning: String
    /// What is allowed, in the limit's unit.
    public let range: ClosedRange<Int>
    /// Where the value is kept, and its unit.
    public let storage: Storage

    /// The units.
    public enum Storage: Sendable {
        /// A number of things.
        case count(any WritableKeyPath<Root, Int> & Sendable)
        /// Bytes.
        case size(any WritableKeyPath<Root, Int> & Sendable)
        /// A span of time; the range is in milliseconds.
        case time(any WritableKeyPath<Root, Duration> & Sendable)
    }

    static func count(
        _ name: String, _ path: any WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>, _ meaning: String
    ) -> Self {
        Self(name: name, meaning: meaning, range: range, storage: .count(path))
    }

    static func size(
        _ name: String, _ path: any WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>, _ meaning: String
    ) -> Self {
        Self(name: name, meaning: meaning, range: range, storage: .size(path))
    }

    static func time(
        _ name: String, _ path: any WritableKeyPath<Root, Duration> & Sendable, _ range: ClosedRange<Int>,
        _ meaning: String
    ) -> Self {
        Self(name: name, meaning: meaning, range: range, storage: .time(path))
    }

    /// The value as it is written.
    public func written(_ root: Root) -> String {
        switch storage {
        case .count(let path): String(root[keyPath: path])
        case .size(let path): Quantity.size(root[keyPath: path])
        case .time(let path): Quantity.time(root[keyPath: path].milliseconds)
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
