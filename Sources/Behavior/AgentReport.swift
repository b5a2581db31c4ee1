// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the monitor knows of an agent, to be shown to people.
public struct AgentReport: Sendable {
    /// The agent.
    public let agent: String
    /// Its risk at the time that was asked for.
    public let risk: AssessedRisk
    /// What its score is made of, in thousandths of a point, in the order of ``AssessedRisk/signals``.
    public let points: [Points]
    /// Its alarms, the oldest first: the last ones, those that weigh most kept longest.
    public let alarms: [Alarm]
    /// Events that were seen of it.
    public let events: Int64
    /// The calls in ten seconds that it is used to, with one decimal.
    public let usualCalls: String

    /// What one signal counts.
    public struct Points: Sendable, Hashable {
        /// The signal.
        public let signal: Signal
        /// Thousandths of a point that are left of it.
        public let millipoints: Int64
    }
}
