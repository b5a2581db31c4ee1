// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// When an endpoint of a service that fails gets no requests for a while, `services.<name>.ejection`.
public struct EjectionConfiguration: Sendable, Hashable {
    /// `failures`.
    public var failures = 5
    /// `time`.
    public var time: Duration = .seconds(30)
    /// `longest`.
    public var longest: Duration = .seconds(300)
    /// `share`.
    public var share = 50

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<EjectionConfiguration>] = [
        .count("failures", \.failures, 1...1_000, "failures one after the other until an endpoint is ejected"),
        .time("time", \.time, 10...86_400_000, "the first ejection; each one that follows soon is as much longer"),
        .time("longest", \.longest, 10...86_400_000, "the longest ejection"),
        .count("share", \.share, 0...100, "of 100 endpoints, how many may be ejected at one time; 0 for none"),
    ]
}
