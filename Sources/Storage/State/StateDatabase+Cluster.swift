// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

extension StateDatabase {
    /// Which quarantine of each agent this gate knows last, where several gates share them; 0 or less while it holds one
    /// that the others do not know of yet.
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

    /// The tasks that were stopped and are forgotten, and when their own time is over, in Unix seconds.
    public func stoppedTasks() throws(StateDatabaseError) -> [(id: String, expires: Int64)] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT id, expires FROM stopped_task").map { row in
                (try row.decode(forColumn: "id"), try row.decode(forColumn: "expires"))
            }
        }
    }

    /// Keeps that tasks were stopped.
    public func keep(stoppedTasks tasks: [(id: String, expires: Int64)]) throws(StateDatabaseError) {
        guard !tasks.isEmpty else { return }
        try write { database in
            for task in tasks {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO stopped_task VALUES (?, ?)", arguments: [task.id, task.expires])
            }
        }
    }

    /// Forgets the tasks whose own time is over.
    public func forgetStoppedTasks(at time: Int64) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM stopped_task WHERE expires <= ?", arguments: [time])
        }
    }
}
