// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision

/// A tool of an MCP server as an operator sees it.
public struct MCPToolStatus: Sendable {
    /// The newest definition that the server gave.
    public let newest: MCPToolRecord
    /// The definition in use until another one came, where that waits now.
    public let former: MCPToolRecord?
    /// Why the tool is held; `nil` for one in use.
    public let hold: MCPHold?
    /// What is known of the tool when it is called.
    public let annotations: ToolAnnotations?
}

extension ServicePlane {
    /// The services that speak MCP, by name.
    public var toolServices: [String] {
        core.table.all.filter { $0.tools != nil }.map(\.name).sorted()
    }

    /// The tools of a service by name, or `nil` when no such service speaks MCP.
    public func tools(of service: String) -> [MCPToolStatus]? {
        guard let state = state(of: service) else { return nil }
        var statuses: [MCPToolStatus] = []
        for record in state.records {
            let annotations = state.annotations(of: record.name)
            let last = statuses.last?.newest
            guard let last, last.name.utf8.elementsEqual(record.name.utf8) else {
                statuses.append(
                    MCPToolStatus(newest: record, former: nil, hold: record.hold, annotations: annotations))
                continue
            }
            statuses[statuses.count - 1] = MCPToolStatus(
                newest: record, former: last, hold: record.hold, annotations: annotations)
        }
        return statuses
    }

    /// Takes the definition of a tool into use; an operator who saw it asks for that.
    ///
    /// - Parameter digest: Of the definition that was seen.
    /// - Returns: False when the server's newest definition is another one, or cannot be used.
    public func approve(
        _ tool: String, digest: String, of service: String
    ) throws(MCPToolKeepingError) -> Bool {
        guard let state = state(of: service) else { return false }
        return try state.approve(tool, digest: digest)
    }

    private func state(of service: String) -> MCPServiceState? {
        core.table.service(named: Array(service.utf8))?.tools
    }
}
