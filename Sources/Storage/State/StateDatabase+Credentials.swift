// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import GRDB

/// A secret that the gate was given while it ran, as it is kept: sealed.
public struct StoredCredential: Sendable, Hashable {
    /// What it is for.
    public var name: String
    /// What it replaced, in a form that says nothing.
    public var origin: String
    /// The sealed secret.
    public var sealed: [UInt8]

    /// A secret to keep.
    public init(name: String, origin: String, sealed: [UInt8]) {
        self.name = name
        self.origin = origin
        self.sealed = sealed
    }
}

extension StateDatabase {
    /// The secret that is kept under a name.
    public func credential(named name: String) throws(StateDatabaseError) -> StoredCredential? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM credential WHERE name = ?", arguments: [name]).map { row in
                let sealed: Data = try row.decode(forColumn: "sealed")
                return StoredCredential(
                    name: try row.decode(forColumn: "name"), origin: try row.decode(forColumn: "origin"),
                    sealed: Array(sealed))
            }
        }
    }

    /// Keeps a secret in place of the one under its name.
    public func keep(_ credential: StoredCredential) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO credential VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET origin = excluded.origin, sealed = excluded.sealed
                    """, arguments: [credential.name, credential.origin, Data(credential.sealed)])
        }
    }
}
