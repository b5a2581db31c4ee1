// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How the gate asks by itself whether an endpoint is well.
public struct HealthRules: Sendable, Hashable {
    /// What is asked for with `GET`; a status from 200 to 299 is well.
    public var path: String
    /// Nanoseconds from one question to the next.
    public var interval: Int64 = 10_000_000_000
    /// Nanoseconds for an answer, with everything that leads to it.
    public var timeout: Int64 = 2_000_000_000
    /// Good answers one after the other until an endpoint gets requests again.
    public var healthy = 2
    /// Questions one after the other without a good answer, until it gets none any more.
    public var unhealthy = 3

    /// Asks for this path, with the defaults.
    public init(path: String) { self.path = path }
}
