// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import GRDB

/// What the gate must still know after a restart besides its log, such as tasks, revocations and tools, in SQLite.
///
/// Each change is one transaction that is on the device when the call returns. The texts mean nothing here; of tokens and
/// handles the database holds what they are recognised by, and a secret only as a seal that others open.
public final class StateDatabase: Sendable {
    /// The name of the file below the gate's directory.
    public static let fileName = "state.db"

    let database: DatabaseQueue

    /// Opens or makes the file with mode 0600.
    ///
    /// - Throws: ``StateDatabaseError`` when it is damaged or of a later version.
    public init(path: String) throws(StateDatabaseError) {
        do throws(StateDatabaseError) {
            database = try Self.converting { try StateFile.open(path) }
            try write { database in
                try StateFile.prepare(database, path: path, steps: Self.steps)
            }
        } catch {
            guard case .failed(let reason) = error else { throw error }
            throw .unusable(path: path, reason: reason)
        }
    }

    /// The tables of each version, beside those of the versions before; what was once released never changes.
    private static let steps = [
        """
        CREATE TABLE task (id TEXT PRIMARY KEY, document TEXT NOT NULL, usage TEXT) STRICT;
        CREATE TABLE revocation (
            kind TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (kind, value)) STRICT;
        """,
        """
        CREATE TABLE tool (
            service TEXT NOT NULL, name TEXT NOT NULL, is_used INTEGER NOT NULL, digest TEXT NOT NULL,
            definition TEXT NOT NULL, hold TEXT, is_approved INTEGER NOT NULL,
            PRIMARY KEY (service, name, is_used)) STRICT;
        """,
        "CREATE TABLE credential (name TEXT PRIMARY KEY, origin TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;",
        """
        CREATE TABLE cutoff (
            kind TEXT NOT NULL, value TEXT NOT NULL, time INTEGER NOT NULL, certificates_from INTEGER NOT NULL,
            digests TEXT NOT NULL, expires INTEGER, why TEXT, origin TEXT NOT NULL, PRIMARY KEY (kind, value)) STRICT;
        CREATE TABLE quarantine (
            agent TEXT PRIMARY KEY, since INTEGER NOT NULL, ends INTEGER, why TEXT NOT NULL, origin TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE signal_taken (
            issuer TEXT NOT NULL, token TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (issuer, token)) STRICT;
        CREATE TABLE signal_waiting (
            number INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, claims TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE canary (
            name TEXT PRIMARY KEY, kind TEXT NOT NULL, agent TEXT, planted TEXT NOT NULL, marks TEXT NOT NULL,
            since INTEGER NOT NULL, origin TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE shared_quarantine (agent TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
        CREATE TABLE foreign_task (id TEXT PRIMARY KEY) STRICT;
        """,
        """
        CREATE TABLE sighting (
            gate TEXT PRIMARY KEY, time INTEGER NOT NULL, log TEXT NOT NULL, state TEXT NOT NULL) STRICT;
        """,
        "CREATE TABLE statement (entry TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT;",
        "CREATE TABLE stopped_task (id TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT;",
    ]

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
        } catch let fault as StateFileFault {
            throw .unusable(path: fault.path, reason: fault.reason)
        } catch {
            throw .failed(StateFile.text(of: error))
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
