// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// The definition of a tool as it is kept: the one in use, or one that waits.
public struct StoredTool: Sendable, Hashable {
    /// The service whose server gave it.
    public var service: String
    /// The tool's name.
    public var name: String
    /// Whether it is in use; else it waits.
    public var isUsed: Bool
    /// What the definition is recognised by.
    public var digest: String
    /// The definition as JSON.
    public var definition: String
    /// Why it waits.
    public var hold: String?
    /// Whether an operator approved it.
    public var isApproved: Bool

    /// A definition to keep.
    public init(
        service: String, name: String, isUsed: Bool, digest: String, definition: String, hold: String? = nil,
        isApproved: Bool
    ) {
        self.service = service
        self.name = name
        self.isUsed = isUsed
        self.digest = digest
        self.definition = definition
        self.hold = hold
        self.isApproved = isApproved
    }
}

extension StateDatabase {
    /// Every tool that is kept.
    public func tools() throws(StateDatabaseError) -> [StoredTool] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM tool ORDER BY service, name, is_used DESC").map { row in
                StoredTool(
                    service: try row.decode(forColumn: "service"), name: try row.decode(forColumn: "name"),
                    isUsed: try row.decode(forColumn: "is_used"), digest: try row.decode(forColumn: "digest"),
                    definition: try row.decode(forColumn: "definition"), hold: try row.decode(forColumn: "hold"),
                    isApproved: try row.decode(forColumn: "is_approved"))
            }
        }
    }

    /// Keeps what is known of some tools of a service now; what was kept of them before is gone.
    ///
    /// - Parameter names: The tools; one of which nothing is given is forgotten.
    public func keep(tools: [StoredTool], named names: [String], of service: String) throws(StateDatabaseError) {
        guard !names.isEmpty else { return }
        try write { database in
            for name in names {
                try database.execute(
                    sql: "DELETE FROM tool WHERE service = ? AND name = ?", arguments: [service, name])
            }
            for tool in tools {
                try database.execute(
                    sql: "INSERT INTO tool VALUES (?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        service, tool.name, tool.isUsed, tool.digest, tool.definition, tool.hold, tool.isApproved,
                    ])
            }
        }
    }
}
