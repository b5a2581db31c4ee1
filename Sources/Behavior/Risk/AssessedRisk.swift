// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The risk of an agent, or of an agent in a task, at one time: an input of decisions.
public struct AssessedRisk: Sendable, Hashable {
    /// The score in thousandths of a point.
    public let millipoints: Int64
    /// The level, which falls more slowly than the score.
    public let level: RiskLevel
    /// What the score is made of, by name.
    public let signals: [Signal]
    /// Whether the rate of calls is to be limited, whatever the level.
    public let isThrottled: Bool
    /// Whether the level stays until a person releases the agent.
    public let needsPerson: Bool
    /// The score in thousandths of what is critical, from 0 to 1000; 1000 exactly when the level is critical.
    public let permille: Int

    /// Nothing was seen.
    public static let none = AssessedRisk(
        millipoints: 0, level: .normal, signals: [], isThrottled: false, needsPerson: false, permille: 0)

    /// What the gate does about it.
    public var response: RiskResponse { RiskLadder.response(to: level) }

    /// The graver of two, with what either rests on.
    func joined(with other: AssessedRisk) -> AssessedRisk {
        AssessedRisk(
            millipoints: max(millipoints, other.millipoints), level: max(level, other.level),
            signals: Set(signals + other.signals).sorted(), isThrottled: isThrottled || other.isThrottled,
            needsPerson: needsPerson || other.needsPerson, permille: max(permille, other.permille))
    }
}
