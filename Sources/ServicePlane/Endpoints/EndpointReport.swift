// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How an endpoint of a service fares.
public struct EndpointReport: Sendable, Hashable {
    /// `host:port`.
    public let endpoint: String
    /// Whether it did not answer the gate's own questions well.
    public let isUnhealthy: Bool
    /// Nanoseconds for which it still gets no requests because it failed; 0 when it gets some.
    public let ejectedFor: Int64
    /// How often that has happened.
    public let ejections: Int
    /// Failures one after the other, up to now.
    public let failures: Int
    /// What was wrong last.
    public let problem: String?
}
