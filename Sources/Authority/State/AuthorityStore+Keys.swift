// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import GRDB

extension AuthorityStore {
    /// Everything that is known of keys.
    struct Keys: Sendable, Hashable {
        /// Grows with each change of the published keys.
        var sequence: Int64
        /// All keys.
        var keys: [StoredKey]
    }

    /// Reads the keys.
    func keys() throws(AuthorityError) -> Keys {
        try read { database in
            let sequence = try Int64.fetchOne(database, sql: "SELECT sequence FROM authority") ?? 0
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM key ORDER BY published, id")
            return Keys(sequence: sequence, keys: try rows.map(Self.key))
        }
    }

    /// Puts the keys in the place of the ones that are stored.
    func replace(_ keys: Keys) throws(AuthorityError) {
        try write { database in
            try database.execute(sql: "DELETE FROM key")
            for stored in keys.keys {
                let key = stored.key
                try database.execute(
                    sql: "INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        key.kind.rawValue, key.id, key.stage.rawValue, key.isTainted, key.notBefore, key.notAfter,
                        key.published, Data(stored.publicBytes), stored.sealed.map { Data($0) },
                    ])
            }
            try database.execute(sql: "UPDATE authority SET sequence = ?", arguments: [keys.sequence])
        }
    }

    private static func key(_ row: Row) throws -> StoredKey {
        guard let kind = KeyKind(rawValue: try row.decode(forColumn: "kind")),
            let stage = KeyStage(rawValue: try row.decode(forColumn: "stage"))
        else { throw AuthorityError.storage("it holds a key of a kind that this version does not know") }
        return StoredKey(
            key: AuthorityKey(
                kind: kind, id: try row.decode(forColumn: "id"), stage: stage,
                isTainted: try row.decode(forColumn: "tainted"), notBefore: try row.decode(forColumn: "not_before"),
                notAfter: try row.decode(forColumn: "not_after"), published: try row.decode(forColumn: "published")),
            publicBytes: Array(try row.decode(Data.self, forColumn: "public")),
            sealed: try row.decode(Data?.self, forColumn: "sealed").map { Array($0) })
    }
}
