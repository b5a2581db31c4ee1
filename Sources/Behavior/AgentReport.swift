// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the monitor knows of an agent, to be shown to people.
public struct AgentReport: Sendable {
    /// The agent.
    public let agent: String
    /// Its risk at the time that was asked for.
    public let risk: AssessedRisk
    /// Its last alarms, the oldest first.
    public let alarms: [Alarm]
    /// Events that were seen of it.
    public let events: Int64
    /// The calls in ten seconds that it is used to, with one decimal.
    public let usualCalls: String
}
