// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// A task as it is kept.
public struct StoredTask: Sendable, Hashable {
    /// The task's id.
    public var id: String
    /// The task as JSON.
    public var document: String
    /// What was spent as JSON, if anything was.
    public var usage: String?

    /// A task to keep.
    public init(id: String, document: String, usage: String? = nil) {
        self.id = id
        self.document = document
        self.usage = usage
    }
}

extension StateDatabase {
    /// Every task that is kept.
    public func tasks() throws(StateDatabaseError) -> [StoredTask] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT id, document, usage FROM task ORDER BY id").map { row in
                StoredTask(
                    id: try row.decode(forColumn: "id"), document: try row.decode(forColumn: "document"),
                    usage: try row.decode(forColumn: "usage"))
            }
        }
    }

    /// Keeps a task, new or changed; what was spent stays.
    public func keep(_ task: StoredTask) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO task (id, document, usage) VALUES (?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET document = excluded.document
                    """, arguments: [task.id, task.document, task.usage])
        }
    }

    /// Keeps what was spent within tasks.
    public func keep(usage: [(id: String, usage: String)]) throws(StateDatabaseError) {
        guard !usage.isEmpty else { return }
        try write { database in
            for (id, text) in usage {
                try database.execute(sql: "UPDATE task SET usage = ? WHERE id = ?", arguments: [text, id])
            }
        }
    }

    /// Forgets tasks.
    public func forget(tasks ids: [String]) throws(StateDatabaseError) {
        guard !ids.isEmpty else { return }
        try write { database in
            for id in ids { try database.execute(sql: "DELETE FROM task WHERE id = ?", arguments: [id]) }
        }
    }
}
