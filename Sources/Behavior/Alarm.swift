// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a detector saw, with its evidence.
public struct Alarm: Sendable, Hashable {
    /// The detector.
    public let signal: Signal
    /// When, in event time: Unix microseconds.
    public let time: Int64
    /// The agent.
    public let agent: String
    /// The task, where the event had one.
    public let task: String?
    /// What it weighs, in thousandths of a point.
    public let millipoints: Int64
    /// What the gate should do at once, apart from what the level asks for.
    public let action: Action
    /// The events that raised it, the oldest first, at most 16; the last one is the event that was observed.
    public let events: [UInt64]
    /// What happened, in one sentence with its numbers. Names in it are escaped.
    public let sentence: String
    /// The agent's score after it, in thousandths of a point.
    public let score: Int64
    /// The agent's level after it.
    public let level: RiskLevel

    /// What the gate should do at once.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// Tell people.
        case alert
        /// Limit the rate of calls for a while.
        case throttle
        /// Let a person agree to the call and those like it.
        case stepUp = "step_up"
        /// Refuse the call.
        case deny
        /// Quarantine the agent and cut what it has open.
        case quarantine
    }

    /// The alarm as canonical JSON, for records and comparisons.
    public var encoded: [UInt8] {
        var object = FlatObject()
        object.text("action", action.rawValue)
        object.text("agent", agent)
        object.list("events", events.map(HexadecimalText.of))
        object.text("level", level.rawValue)
        object.number("millipoints", millipoints, isAlways: true)
        object.number("score", score, isAlways: true)
        object.text("sentence", sentence)
        object.text("signal", signal.rawValue)
        object.text("task", task)
        object.number("time", time, isAlways: true)
        return object.finish()
    }
}
