// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision

extension GateConfiguration {
    /// The grants of every agent, indexed, by the agent's name.
    public func grantIndexes() -> [String: GrantIndex] {
        var indexes: [String: GrantIndex] = [:]
        for agent in agents {
            indexes[agent.name] = GrantIndex(agent: agent.name, grants: agent.grants.map(\.grant))
        }
        return indexes
    }
}
