// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is remembered of one task: the points of all its agents.
struct TaskState: Sendable {
    /// Agents that are remembered as having added points; the release of any of them clears the task.
    static let agents = 16

    private(set) var ledger = RiskLedger()
    private var contributors: [ByteName] = []

    /// Counts what was found about one of its agents.
    mutating func count(
        _ finding: Finding, _ signal: Signal, of agent: ByteName, at now: Int64, _ settings: BehaviorSettings
    ) {
        ledger.count(finding, signal, at: now, settings)
        if contributors.count < Self.agents, !contributors.contains(agent) { contributors.append(agent) }
    }

    /// Begins anew when the agent has added to the score.
    mutating func release(_ agent: ByteName) {
        if contributors.contains(agent) { self = TaskState() }
    }
}
