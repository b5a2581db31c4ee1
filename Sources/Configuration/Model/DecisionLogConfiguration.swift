// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The log of decisions in OPA's form, for tools that read it; the audit tree is the record that counts.
public struct DecisionLogConfiguration: Sendable, Hashable {
    /// `file`: where each event is a line.
    public var file: String?
    /// `url`: where events are posted to, as OPA posts them.
    public var url: String?
    /// `token`: the bearer token for the URL.
    public var token: SecretReference?
    /// `labels`: names and values that every event bears.
    public var labels: [String: String] = [:]
    /// `buffer`.
    public var buffer = 10_000
    /// `upload`.
    public var upload = 32 << 10
    /// `interval`.
    public var interval: Duration = .seconds(5)

    /// The defaults.
    public init() {}

    /// Whether events go anywhere.
    public var isOn: Bool { file != nil || url != nil }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<DecisionLogConfiguration>] = [
        .count("buffer", \.buffer, 10...1_000_000, "events that wait; more are thrown away and counted"),
        .size("upload", \.upload, 1 << 10...64 << 20, "one upload, compressed"),
        .time("interval", \.interval, 100...3_600_000, "the longest time from a decision to its event"),
    ]
}
