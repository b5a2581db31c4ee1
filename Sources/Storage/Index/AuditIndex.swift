// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import FoundationEssentials
import GRDB
import Glibc

/// The query index in SQLite: columns of each record beside its leaf hash. It is made from the tiles and never trusted.
final class AuditIndex: Sendable {
    static let textColumns = [
        "agent", "connection", "decision", "host", "kind", "person", "plane", "service", "task", "verdict",
    ]
    private static let version = 1

    let database: DatabaseQueue

    /// Opens or makes the index file with mode 0600.
    init(path: String, isReadOnly: Bool = false) throws {
        if !isReadOnly { _ = try OpenFile(path, O_RDWR | O_CREAT) }
        var configuration = GRDB.Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(5)
        database = try DatabaseQueue(path: path, configuration: configuration)
        guard !isReadOnly else { return }
        try database.writeWithoutTransaction { database in
            try database.execute(
                sql:
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384; PRAGMA cache_size = -16384"
            )
        }
        // At once, so that a reader finds all of it or nothing.
        try database.write { database in
            guard try Int.fetchOne(database, sql: "PRAGMA user_version") != Self.version else { return }
            let columns = Self.textColumns.map { "\($0) TEXT" }.joined(separator: ", ")
            try database.execute(
                sql: """
                    DROP TABLE IF EXISTS record; DROP TABLE IF EXISTS head;
                    CREATE TABLE record (
                        number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, time INTEGER, reasons TEXT, \(columns));
                    CREATE INDEX record_decision ON record (decision);
                    CREATE INDEX record_connection ON record (connection);
                    CREATE INDEX record_agent ON record (agent);
                    CREATE INDEX record_host ON record (host);
                    CREATE INDEX record_time ON record (time);
                    CREATE TABLE head (origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL);
                    PRAGMA user_version = \(Self.version);
                    """)
        }
    }

    /// The tree that the index says it was made from.
    func head() throws -> (origin: String, size: UInt64, root: TreeHash)? {
        try database.read { try Self.head($0) }
    }

    static func head(_ database: Database) throws -> (origin: String, size: UInt64, root: TreeHash)? {
        guard let row = try Row.fetchOne(database, sql: "SELECT origin, size, root FROM head"),
            let origin = String.fromDatabaseValue(row["origin"]), let size = Int64.fromDatabaseValue(row["size"]),
            let root = hash(row["root"]), size >= 0
        else { return nil }
        return (origin, UInt64(size), root)
    }

    /// Forgets all rows.
    func clear() throws {
        try database.write { try $0.execute(sql: "DELETE FROM record; DELETE FROM head") }
    }

    /// Adds rows and says which tree they complete.
    func append(_ records: [IndexedRecord], completing head: (origin: String, size: UInt64, root: TreeHash)) throws {
        let columns = ["number", "leaf", "time", "reasons"] + Self.textColumns
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try database.write { database in
            let statement = try database.makeStatement(
                sql: "INSERT OR REPLACE INTO record (\(columns.joined(separator: ", "))) VALUES (\(marks))")
            for record in records {
                try statement.execute(arguments: StatementArguments(Self.values(record)))
            }
            try database.execute(sql: "DELETE FROM head")
            try database.execute(
                sql: "INSERT INTO head VALUES (?, ?, ?)",
                arguments: [head.origin, Int64(head.size), Self.blob(head.root)])
        }
    }

    /// The row that a record must have.
    static func values(_ indexed: IndexedRecord) -> [DatabaseValue] {
        let record = indexed.record
        let reasons = record?.list("reasons") ?? []
        let leaf = MerkleHash.leaf(indexed.bytes)
        return [
            Int64(clamping: indexed.index).databaseValue, blob(leaf), record?.number("time_us")?.databaseValue ?? .null,
            reasons.isEmpty ? .null : (" " + reasons.joined(separator: " ") + " ").databaseValue,
        ] + textColumns.map { record?.text($0)?.databaseValue ?? .null }
    }

    static func blob(_ hash: TreeHash) -> DatabaseValue {
        Data(hash.bytes).databaseValue
    }

    static func hash(_ value: DatabaseValue) -> TreeHash? {
        Data.fromDatabaseValue(value).flatMap { TreeHash($0) }
    }

    /// The indices of the records that match, newest first.
    func find(_ query: AuditQuery) throws -> [UInt64] {
        var conditions: [String] = []
        var arguments: [DatabaseValue] = []
        for (column, value) in query.texts {
            conditions.append("\(column) = ?")
            arguments.append(value.databaseValue)
        }
        if let reason = query.reason {
            conditions.append("instr(reasons, ?) > 0")
            arguments.append(" \(reason) ".databaseValue)
        }
        if let since = query.since {
            conditions.append("time >= ?")
            arguments.append(since.databaseValue)
        }
        if let until = query.until {
            conditions.append("time < ?")
            arguments.append(until.databaseValue)
        }
        if let before = query.before {
            conditions.append("number < ?")
            arguments.append(Int64(clamping: before).databaseValue)
        }
        let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let limit = min(max(query.limit, 0), AuditQuery.largestLimit)
        return try database.read { database in
            let numbers = try Int64.fetchAll(
                database, sql: "SELECT number FROM record\(condition) ORDER BY number DESC LIMIT \(limit)",
                arguments: StatementArguments(arguments))
            return numbers.filter { $0 >= 0 }.map { UInt64($0) }
        }
    }
}
