// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// Something that tokens are refused for, as it is kept.
public struct StoredRevocation: Sendable, Hashable {
    /// Which claim.
    public var kind: String
    /// The claim's value.
    public var value: String
    /// Until when it matters, in Unix seconds.
    public var expires: Int64

    /// A revocation to keep.
    public init(kind: String, value: String, expires: Int64) {
        self.kind = kind
        self.value = value
        self.expires = expires
    }
}

extension StateDatabase {
    /// Every revocation that still matters; forgets the others.
    public func revocations(now: Int64) throws(StateDatabaseError) -> [StoredRevocation] {
        try write { database in
            try database.execute(sql: "DELETE FROM revocation WHERE expires <= ?", arguments: [now])
            return try Row.fetchAll(database, sql: "SELECT * FROM revocation ORDER BY kind, value").map { row in
                StoredRevocation(
                    kind: try row.decode(forColumn: "kind"), value: try row.decode(forColumn: "value"),
                    expires: try row.decode(forColumn: "expires"))
            }
        }
    }

    /// Keeps a revocation; of two for the same value the longer one stays.
    public func keep(_ revocation: StoredRevocation) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO revocation VALUES (?, ?, ?)
                    ON CONFLICT (kind, value) DO UPDATE SET expires = max(expires, excluded.expires)
                    """, arguments: [revocation.kind, revocation.value, revocation.expires])
        }
    }
}
