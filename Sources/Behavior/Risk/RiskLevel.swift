// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How much is wrong with an agent or a task.
public enum RiskLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Nothing to speak of.
    case normal
    /// Worth a person's look at what has an effect.
    case elevated
    /// Probably not doing what it is for.
    case high
    /// Not to be trusted with anything until a person has looked.
    case critical

    var rank: Int64 {
        switch self {
        case .normal: 0
        case .elevated: 1
        case .high: 2
        case .critical: 3
        }
    }

    /// So many levels lower, but not below normal.
    func lowered(by steps: Int64) -> RiskLevel {
        switch max(0, rank - steps) {
        case 3: .critical
        case 2: .high
        case 1: .elevated
        default: .normal
        }
    }

    /// By gravity.
    public static func < (left: RiskLevel, right: RiskLevel) -> Bool { left.rank < right.rank }
}

/// What the gate does about a level. Each includes those before it but for ``throttle``, which can come with any.
public enum RiskResponse: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// Calls with an effect wait for a person.
    case stepUp = "step_up"
    /// Only reads go through; calls with an effect are refused.
    case readsOnly = "reads_only"
    /// Nothing goes through, and what is open is cut, until a person releases the agent.
    case quarantine
}
