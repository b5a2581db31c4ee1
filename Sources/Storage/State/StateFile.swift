// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import GRDB
internal import Glibc

/// A SQLite file for what must still be known after a restart: ours alone, and each transaction on the device when it
/// returns.
public enum StateFile {
    /// Opens or makes a file of mode 0600.
    ///
    /// - Throws: ``StateFileFault`` when somebody else may read or change it; an error of the database otherwise.
    public static func open(_ path: String) throws -> DatabaseQueue {
        try checkOwner(path)
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

    /// Closed again before SQLite opens the file: closing any descriptor of it would drop SQLite's locks.
    private static func checkOwner(_ path: String) throws(StateFileFault) {
        let status: stat
        do {
            status = try OpenFile(path, O_RDWR | O_CREAT).status
        } catch {
            throw StateFileFault(path: path, reason: "\(error)")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw StateFileFault(path: path, reason: "is not ours alone; run chmod 600 on it")
        }
    }

    /// Looks whether a file can be used, and makes its tables when it is new.
    ///
    /// - Parameters:
    ///   - path: For the error.
    ///   - version: Of the tables that this program knows.
    ///   - create: Makes them.
    /// - Throws: ``StateFileFault`` when it is damaged or of a later version.
    public static func prepare(
        _ database: Database, path: String, version: Int, create: () throws -> Void
    ) throws {
        guard try check(database, path: path, version: version) == 0 else { return }
        try create()
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Looks whether a file can be used, and brings its tables to what this program knows.
    ///
    /// - Parameters:
    ///   - path: For the error.
    ///   - steps: What makes each version out of the one before, the first one out of nothing.
    /// - Throws: ``StateFileFault`` when it is damaged or of a later version.
    public static func prepare(_ database: Database, path: String, steps: [String]) throws {
        let found = try check(database, path: path, version: steps.count)
        guard found < steps.count else { return }
        for step in steps.dropFirst(found) { try database.execute(sql: step) }
        try database.execute(sql: "PRAGMA user_version = \(steps.count)")
    }

    /// The version of a file that can be used; 0 for a new one.
    private static func check(_ database: Database, path: String, version: Int) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else { throw StateFileFault(path: path, reason: "was written by a later version") }
        guard found >= 0, try String.fetchOne(database, sql: "PRAGMA quick_check(1)") == "ok" else {
            throw StateFileFault(path: path, reason: "is damaged; restore it from a backup")
        }
        return found
    }

    /// What may be said of an error: nothing that could have been an argument.
    public static func text(of error: any Error) -> String {
        guard let error = error as? DatabaseError else {
            return "it holds something that this version does not understand"
        }
        return "SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
    }
}

/// Why a file of state cannot be used at all.
public struct StateFileFault: Error, Hashable, Sendable {
    /// The file.
    public let path: String
    /// What is wrong, and where it helps what to do.
    public let reason: String
}
