// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How one endpoint of a service fares.
public struct ServiceEndpointReport: Codable, Sendable, Hashable {
    /// Whether it gets requests.
    public enum State: String, Codable, Sendable {
        /// It does.
        case well
        /// It does not for a while, because requests to it failed.
        case ejected
        /// It does not, because it does not answer the gate's own questions well.
        case unhealthy
    }

    /// The service.
    public var service: String
    /// `host:port`.
    public var endpoint: String
    /// Whether it gets requests.
    public var state: State
    /// Seconds until it gets requests again.
    public var ejectedSeconds: Int64?
    /// How often it was ejected since the gate started.
    public var ejections: Int?
    /// What was wrong last.
    public var problem: String?

    /// Names the endpoint.
    public init(service: String, endpoint: String, state: State) {
        self.service = service
        self.endpoint = endpoint
        self.state = state
    }
}
