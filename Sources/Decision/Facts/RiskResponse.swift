// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What is done about an agent's risk, whatever grants and policy allow.
public enum RiskResponse: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// Calls with an effect wait for a person.
    case stepUp = "step_up"
    /// Calls with an effect are refused.
    case readsOnly = "reads_only"
    /// Everything is refused.
    case quarantine
}

/// Knows the risk of agents; asked on every decision, from any thread.
public protocol RiskSource: Sendable {
    /// The risk of an agent, in a task where one is named.
    ///
    /// - Parameter time: Now, in Unix seconds.
    func risk(of agent: SPIFFEID, task: String?, at time: Int64) -> Risk
}
