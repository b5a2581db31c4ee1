// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// Where the gate brings its telemetry, `telemetry`. Without it nothing leaves the gate; metrics can be scraped anyway.
public struct TelemetryConfiguration: Sendable, Hashable {
    /// `otlp`: a collector that speaks OTLP over HTTP; `nil` for none.
    public var otlp: Collector?

    /// Nothing is brought anywhere.
    public init() {}

    /// A collector.
    public struct Collector: Sendable, Hashable {
        /// `url`: what stands before `/v1/traces`, `/v1/metrics` and `/v1/logs`.
        public var url: CollectorURL
        /// `headers`: fields of every request, by name, with their values.
        public var headers: [String: SecretReference] = [:]
        /// `ca`: authorities of the collector's certificate in the place of the web's.
        public var authority: SecretReference?
        /// `allow_private`: whether it may have an address of a private network, or of this machine.
        public var isPrivateAllowed = false
        /// `compression`: whether bodies are compressed.
        public var isCompressed = true
        /// `metrics`.
        public var hasMetrics = true
        /// `logs`.
        public var hasLogs = false
        /// `attributes`: what else is said of this gate.
        public var attributes: [String: String] = [:]
        /// `traces`.
        public var traces = Traces()
        /// `interval`, `timeout` and `buffer`.
        public var limits = Limits()

        /// Describes a collector by its URL, with the defaults.
        public init(url: CollectorURL) { self.url = url }

        /// How often, how long, how much.
        public struct Limits: Sendable, Hashable {
            /// `interval`.
            public var interval: Duration = .seconds(10)
            /// `timeout`.
            public var timeout: Duration = .seconds(5)
            /// `buffer`.
            public var buffer = 4 << 20

            /// The defaults.
            public init() {}

            /// Every limit with its name, its range and what it bounds.
            public static let fields: [LimitField<Limits>] = [
                .time("interval", \.interval, 100...3_600_000, "the longest time from an event to its delivery"),
                .time("timeout", \.timeout, 100...60_000, "one request to the collector, look-up and answer included"),
                .size("buffer", \.buffer, 64 << 10...1 << 30, "what waits for a collector that does not answer"),
            ]
        }
    }

    /// Which exchanges are traced.
    public struct Traces: Sendable, Hashable {
        /// `sample`: out of a million.
        public var perMillion = 0
        /// `context`: whether the trace that an agent names goes on.
        public var continuesTraces = true
        /// `queue`.
        public var queue = 2048

        /// None are.
        public init() {}

        /// Every limit with its name, its range and what it bounds.
        public static let fields: [LimitField<Traces>] = [
            .count("queue", \.queue, 16...1_000_000, "spans of one event loop that wait; more are dropped and counted")
        ]
    }
}

/// Where a collector is: `https`, or `http` at a loopback address.
public struct CollectorURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether it is asked over TLS.
    public let isSecure: Bool
    /// The host and the port.
    public let endpoint: Endpoint
    /// What the paths of OTLP are appended to; empty, or a slash and more without one at the end.
    public let path: String

    /// Reads a URL; `nil` for one that is none of those, or that has a query, a fragment or user information.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let isSecure = bytes.starts(with: "https://".utf8)
        guard bytes.count <= 1024, isSecure || bytes.starts(with: "http://".utf8) else { return nil }
        let rest = bytes.dropFirst(isSecure ? 8 : 7)
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let authority = String(decoding: rest[..<end], as: UTF8.self)
        guard let endpoint = try? Endpoint(parsing: authority, defaultPort: isSecure ? 443 : 80) else { return nil }
        if !isSecure {
            guard case .address(let address) = endpoint.host, address.isLoopback else { return nil }
        }
        var path = rest[end...]
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        guard path.allSatisfy({ Self.isPathByte($0) }) else { return nil }
        self.isSecure = isSecure
        self.endpoint = endpoint
        self.path = String(decoding: path, as: UTF8.self)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "/-._~!$&'()*+,;=:".utf8.contains(byte)
    }

    /// The URL.
    public var description: String { (isSecure ? "https://" : "http://") + "\(endpoint)" + path }
}
