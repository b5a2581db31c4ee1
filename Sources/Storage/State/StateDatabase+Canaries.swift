// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// Something planted that is of use to nobody, as it is kept. Its values are no secrets: they open nothing.
public struct StoredCanary: Sendable, Hashable {
    /// What records and operators call it.
    public var name: String
    /// What it looks like.
    public var kind: String
    /// The agent with whom it was planted, if with one.
    public var agent: String?
    /// What is planted, as lines of a file.
    public var text: String
    /// What is looked for, a line for each.
    public var marks: String
    /// Since when, in microseconds since 1970.
    public var since: Int64
    /// Who wanted it.
    public var origin: String

    /// A canary to keep.
    public init(
        name: String, kind: String, agent: String?, text: String, marks: String, since: Int64, origin: String
    ) {
        self.name = name
        self.kind = kind
        self.agent = agent
        self.text = text
        self.marks = marks
        self.since = since
        self.origin = origin
    }
}

extension StateDatabase {
    /// Every canary, by name.
    public func canaries() throws(StateDatabaseError) -> [StoredCanary] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM canary ORDER BY name").map { row in
                StoredCanary(
                    name: try row.decode(forColumn: "name"), kind: try row.decode(forColumn: "kind"),
                    agent: try row.decode(forColumn: "agent"), text: try row.decode(forColumn: "planted"),
                    marks: try row.decode(forColumn: "marks"), since: try row.decode(forColumn: "since"),
                    origin: try row.decode(forColumn: "origin"))
            }
        }
    }

    /// Keeps a canary.
    public func keep(_ canary: StoredCanary) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: "INSERT INTO canary VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    canary.name, canary.kind, canary.agent, canary.text, canary.marks, canary.since, canary.origin,
                ])
        }
    }

    /// Forgets a canary.
    public func forget(canary name: String) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM canary WHERE name = ?", arguments: [name])
        }
    }
}
