// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How the gate asks the endpoints of a service whether they are well, `services.<name>.health`.
public struct HealthConfiguration: Sendable, Hashable {
    /// `path`.
    public var path: String
    /// `interval`.
    public var interval: Duration = .seconds(10)
    /// `timeout`.
    public var timeout: Duration = .seconds(2)
    /// `healthy`.
    public var healthy = 2
    /// `unhealthy`.
    public var unhealthy = 3

    /// Asks for a path, with the defaults.
    public init(path: String) { self.path = path }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<HealthConfiguration>] = [
        .time("interval", \.interval, 10...3_600_000, "from one question to the next"),
        .time("timeout", \.timeout, 10...60_000, "until an answer is complete, from the look-up of the name on"),
        .count("healthy", \.healthy, 1...100, "good answers in a row until an endpoint gets requests again"),
        .count("unhealthy", \.unhealthy, 1...100, "questions in a row without a good answer until it gets none"),
    ]
}
