// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import GRDB
internal import Glibc

/// What the gate must still know after a restart besides its log: tasks and revocations, in SQLite.
///
/// Each change is one transaction that is on the device when the call returns. The texts mean nothing here; the database
/// holds no token and no handle, only what they are recognised by.
public final class StateDatabase: Sendable {
    /// The name of the file below the gate's directory.
    public static let fileName = "state.db"
    private static let version = 1

    let database: DatabaseQueue

    /// Opens or makes the file with mode 0600.
    ///
    /// - Throws: ``StateDatabaseError`` when it is damaged or of a later version.
    public init(path: String) throws(StateDatabaseError) {
        do {
            _ = try OpenFile(path, O_RDWR | O_CREAT)
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
        database = try Self.converting { () throws -> DatabaseQueue in
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(5)
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try database.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
                        PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 1048576;
                        """)
            }
            return database
        }
        try write { (database) throws in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version <= Self.version else {
                throw StateDatabaseError.unusable(path: path, reason: "it was written by a later version")
            }
            guard try String.fetchOne(database, sql: "PRAGMA quick_check(1)") == "ok" else {
                throw StateDatabaseError.unusable(path: path, reason: "it is damaged; restore it from a backup")
            }
            guard version == 0 else { return }
            try database.execute(sql: Self.schema)
            try database.execute(sql: "PRAGMA user_version = \(Self.version)")
        }
    }

    private static let schema = """
        CREATE TABLE task (id TEXT PRIMARY KEY, document TEXT NOT NULL, usage TEXT) STRICT;
        CREATE TABLE revocation (
            kind TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (kind, value)) STRICT;
        """

    func write<Result>(_ body: (Database) throws -> Result) throws(StateDatabaseError) -> Result {
        try Self.converting { try database.write(body) }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(StateDatabaseError) -> Result {
        try Self.converting { try database.read(body) }
    }

    /// Drops from a database error what could have been an argument.
    private static func converting<Result>(_ body: () throws -> Result) throws(StateDatabaseError) -> Result {
        do {
            return try body()
        } catch let error as StateDatabaseError {
            throw error
        } catch let error as DatabaseError {
            throw .failed("SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "no message")")
        } catch {
            throw .failed("it holds something that this version does not understand")
        }
    }
}

/// Why the gate's state cannot be read or kept.
public enum StateDatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be used at all.
    case unusable(path: String, reason: String)
    /// One change or look failed.
    case failed(String)

    /// What happened.
    public var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path): \(reason)"
        case .failed(let reason): "the gate's state: \(reason)"
        }
    }
}
