// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is remembered of one agent.
struct AgentState: Sendable {
    var ledger = RiskLedger()
    var callRate = CallRateDetector()
    var loop = LoopDetector()
    var denials = DenialDetector()
    var canary = CanaryDetector()
    /// The last alarms, the oldest first.
    var alarms: [Alarm] = []
    var events: Int64 = 0

    /// Counts what was found, and keeps the alarm.
    mutating func count(
        _ finding: Finding, _ signal: Signal, _ event: BehaviorEvent, _ now: Int64, _ settings: BehaviorSettings
    ) -> Alarm {
        ledger.count(finding, signal, at: now, settings)
        let alarm = Alarm(
            signal: signal, time: now, agent: event.agent, task: event.task, millipoints: finding.millipoints,
            action: finding.action, events: finding.events, sentence: finding.sentence,
            score: ledger.score(at: now, settings), level: ledger.level(at: now, settings))
        let excess = alarms.count + 1 - settings.capacity.alarms
        if excess > 0 { alarms.removeFirst(min(excess, alarms.count)) }
        if settings.capacity.alarms > 0 { alarms.append(alarm) }
        return alarm
    }
}

/// What is remembered of one role.
struct RoleState: Sendable {
    var newDestination = NewDestinationDetector()
}
