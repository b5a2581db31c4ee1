// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One way of seeing that something is wrong, with what it must remember of one subject: an agent, a session or a role.
protocol Detector: Sendable {
    /// What it raises.
    static var signal: Signal { get }
    /// Takes an event in, and says what this event completes, if anything.
    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding?
}

/// A detector that can say of a call beforehand that it must not be.
protocol RefusingDetector: Detector {
    /// What is wrong with a call that has not been made, if anything.
    func refusal(of event: BehaviorEvent, _ scene: Scene) -> Finding?
}

/// What every detector may look at besides the event.
struct Scene: Sendable {
    /// The time that the event counts as, in microseconds; see ``EventClock``.
    let now: Int64
    let settings: BehaviorSettings
    /// What was ratified for the event's role.
    let profile: EnforcedProfile?
}

/// What a detector found.
struct Finding: Sendable {
    let millipoints: Int64
    let action: Alarm.Action
    let events: [UInt64]
    let sentence: String
}
