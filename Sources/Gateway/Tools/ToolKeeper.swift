// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServicePlane
internal import Storage

/// Brings what is known of the tools of MCP servers through a restart.
struct ToolKeeper: MCPToolKeeper {
    /// The gate's state on disk.
    let database: StateDatabase

    /// Everything that is kept, by service.
    func load() throws(StateDatabaseError) -> [String: [MCPToolRecord]] {
        Dictionary(grouping: try database.tools(), by: \.service).mapValues { $0.map(MCPToolRecord.init) }
    }

    func keep(
        _ records: [MCPToolRecord], named names: [String], of service: String
    ) throws(MCPToolKeepingError) {
        let tools = records.map { record in
            StoredTool(
                service: service, name: record.name, isUsed: record.isPinned, digest: record.digest,
                definition: String(decoding: record.definition, as: UTF8.self), hold: record.hold?.rawValue,
                isApproved: record.isApproved)
        }
        do throws(StateDatabaseError) {
            try database.keep(tools: tools, named: names, of: service)
        } catch { throw MCPToolKeepingError("\(error)") }
    }
}

extension MCPToolRecord {
    /// A tool as it was kept. A reason that this version does not know is one to ask an operator.
    fileprivate init(_ tool: StoredTool) {
        self.init(
            name: tool.name, digest: tool.digest, definition: Array(tool.definition.utf8),
            hold: tool.hold.map { MCPHold(rawValue: $0) ?? .unreadable }, isPinned: tool.isUsed,
            isApproved: tool.isApproved)
    }
}
