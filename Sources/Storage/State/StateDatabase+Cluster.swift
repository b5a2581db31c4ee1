// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

extension StateDatabase {
    /// Which quarantine of each agent this gate took over last, where several gates share them; 0 for one that the others do
    /// not know of yet.
    public func sharedQuarantines() throws(StateDatabaseError) -> [(agent: String, number: Int64)] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT agent, number FROM shared_quarantine").map { row in
                (try row.decode(forColumn: "agent"), try row.decode(forColumn: "number"))
            }
        }
    }

    /// Keeps the number of the quarantine of an agent.
    public func keep(sharedQuarantine number: Int64, of agent: String) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO shared_quarantine VALUES (?, ?)", arguments: [agent, number])
        }
    }

    /// When other gates made the statements that count here, in microseconds since 1970, by entry.
    public func statementTimes() throws(StateDatabaseError) -> [(entry: String, time: Int64)] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT entry, time FROM statement").map { row in
                (try row.decode(forColumn: "entry"), try row.decode(forColumn: "time"))
            }
        }
    }

    /// Keeps when a statement was made: none that is older counts again, not after a restart either.
    public func keep(statement entry: String, time: Int64) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "INSERT OR REPLACE INTO statement VALUES (?, ?)", arguments: [entry, time])
        }
    }

    /// The tasks that began at other gates.
    public func foreignTasks() throws(StateDatabaseError) -> [String] {
        try read { database in try String.fetchAll(database, sql: "SELECT id FROM foreign_task") }
    }

    /// Keeps that a task began at another gate.
    public func keep(foreignTask id: String) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "INSERT OR IGNORE INTO foreign_task VALUES (?)", arguments: [id])
        }
    }

    /// Forgets where tasks began that are forgotten themselves.
    public func forgetForeignTasks() throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM foreign_task WHERE id NOT IN (SELECT id FROM task)")
        }
    }
}
