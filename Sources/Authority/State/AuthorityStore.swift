// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Identity

/// The authority's state in SQLite. Each change is one transaction that is on the device when it returns.
final class AuthorityStore: Sendable {
    static let fileName = "authority.db"
    private static let version = 1

    let database: DatabaseQueue

    /// Opens or makes the database with mode 0600.
    ///
    /// - Throws: ``AuthorityError`` when it is damaged, of a later version or of another trust domain.
    init(directory: StateDirectory, trustDomain: TrustDomain, now: Int64) throws(AuthorityError) {
        let path = directory.file(Self.fileName)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .state(path: path, reason: "open: \(errorText(errno))") }
        var status = yett_file_status()
        let isPrivate = yett_open_file_status(file, &status) == 0 && status.mode & 0o077 == 0 && status.uid == geteuid()
        close(file)
        guard isPrivate else { throw .state(path: path, reason: "is not ours alone; run chmod 600 on it") }
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
        try prepare(path, trustDomain, now)
    }

    private func prepare(_ path: String, _ trustDomain: TrustDomain, _ now: Int64) throws(AuthorityError) {
        try write { (database) throws in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version <= Self.version else {
                throw AuthorityError.state(path: path, reason: "was written by a later version")
            }
            guard try String.fetchOne(database, sql: "PRAGMA quick_check(1)") == "ok" else {
                throw AuthorityError.state(path: path, reason: "is damaged; restore it from a backup")
            }
            if version == 0 {
                try database.execute(sql: Self.schema)
                // Begins at the time, so that a state made anew is later than the one that was lost.
                try database.execute(
                    sql: "INSERT INTO authority (id, trust_domain, sequence) VALUES (1, ?, ?)",
                    arguments: [trustDomain.name, max(now, 1)])
                try database.execute(sql: "PRAGMA user_version = \(Self.version)")
            }
            let name = try String.fetchOne(database, sql: "SELECT trust_domain FROM authority")
            guard let name, name.utf8.elementsEqual(trustDomain.name.utf8) else {
                throw AuthorityError.state(
                    path: path,
                    reason: "belongs to trust domain \(name ?? "?"), not to \(trustDomain.name); names are permanent")
            }
        }
    }

    private static let schema = """
        CREATE TABLE authority (
            id INTEGER PRIMARY KEY CHECK (id = 1), trust_domain TEXT NOT NULL, sequence INTEGER NOT NULL) STRICT;
        CREATE TABLE key (
            kind TEXT NOT NULL, id TEXT NOT NULL, stage TEXT NOT NULL, tainted INTEGER NOT NULL,
            not_before INTEGER NOT NULL, not_after INTEGER NOT NULL, published INTEGER NOT NULL,
            public BLOB NOT NULL, sealed BLOB, PRIMARY KEY (kind, id)) STRICT;
        CREATE TABLE entry (
            id TEXT PRIMARY KEY, spiffe_id TEXT NOT NULL, parent_id TEXT NOT NULL, x509_lifetime INTEGER,
            jwt_lifetime INTEGER, hint TEXT NOT NULL, expires INTEGER, origin TEXT NOT NULL) STRICT;
        CREATE TABLE entry_value (
            entry TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE, kind TEXT NOT NULL,
            position INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (entry, kind, position)) STRICT;
        CREATE TABLE join_token (
            digest BLOB PRIMARY KEY, spiffe_id TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
        """

    // MARK: Transactions

    /// Runs a transaction; it is on the device when this returns, or nothing of it is.
    func write<Result>(_ body: (Database) throws -> Result) throws(AuthorityError) -> Result {
        try Self.converting { try database.write(body) }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(AuthorityError) -> Result {
        try Self.converting { try database.read(body) }
    }

    /// Drops from a database error what could have been an argument.
    private static func converting<Result>(_ body: () throws -> Result) throws(AuthorityError) -> Result {
        do {
            return try body()
        } catch let error as AuthorityError {
            throw error
        } catch let error as DatabaseError {
            throw .storage("SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "no message")")
        } catch {
            throw .storage("it holds something that this version does not understand")
        }
    }
}
