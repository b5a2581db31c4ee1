// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization

/// What is known of the tools of all MCP servers, also of those that are not served at present: a service that a reload
/// takes away and another one brings back is not a new one.
final class MCPToolStates: Sendable {
    private let names = MCPToolNames()
    private let keeper: (any MCPToolKeeper)?
    private let table: Mutex<Table>

    private struct Table {
        /// What an earlier run left of services that were not served yet in this one.
        var kept: [String: [MCPToolRecord]]
        var states: [String: MCPServiceState] = [:]
    }

    /// - Parameters:
    ///   - kept: What an earlier run left, by service.
    ///   - keeper: Where changes are kept; `nil` when they end with this run.
    init(kept: [String: [MCPToolRecord]] = [:], keeper: (any MCPToolKeeper)? = nil) {
        self.keeper = keeper
        table = Mutex(Table(kept: kept))
    }

    /// What is known of a server, with these settings from now on.
    func state(of service: String, _ settings: MCPServiceSettings) -> MCPServiceState {
        table.withLock { table in
            if let known = table.states[service] {
                known.replace(settings)
                return known
            }
            let state = MCPServiceState(
                name: service, settings: settings, names: names, records: table.kept.removeValue(forKey: service) ?? [],
                keeper: keeper)
            table.states[service] = state
            return state
        }
    }
}
