// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import GRDB
internal import Identity
internal import Storage

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
        database = try Self.converting { try StateFile.open(path) }
        try prepare(path, trustDomain, now)
    }

    private func prepare(_ path: String, _ trustDomain: TrustDomain, _ now: Int64) throws(AuthorityError) {
        try write { (database) throws in
            try StateFile.prepare(database, path: path, version: Self.version) {
                try database.execute(sql: Self.schema)
                // Begins at the time, so that a state made anew is later than the one that was lost.
                try database.execute(
                    sql: "INSERT INTO authority (id, trust_domain, sequence) VALUES (1, ?, ?)",
                    arguments: [trustDomain.name, max(now, 1)])
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
        } catch let fault as StateFileFault {
            throw .state(path: fault.path, reason: fault.reason)
        } catch {
            throw .storage(StateFile.text(of: error))
        }
    }
}
