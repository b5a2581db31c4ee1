// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import GRDB
internal import Identity

extension AuthorityStore {
    private enum ValueKind {
        static let selector = "selector"
        static let dnsName = "dns"
        static let domain = "domain"
    }

    /// Reads the entries.
    func entries() throws(AuthorityError) -> [RegistrationEntry] {
        try read { database in
            var values: [String: [String: [String]]] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT * FROM entry_value ORDER BY entry, kind, position") {
                let entry: String = try row.decode(forColumn: "entry")
                let kind: String = try row.decode(forColumn: "kind")
                values[entry, default: [:]][kind, default: []].append(try row.decode(forColumn: "value"))
            }
            return try Row.fetchAll(database, sql: "SELECT * FROM entry ORDER BY id").map { row in
                try Self.entry(row, values[try row.decode(forColumn: "id")] ?? [:])
            }
        }
    }

    /// Removes entries and adds others.
    func change(removing removed: [String], adding added: [RegistrationEntry]) throws(AuthorityError) {
        guard !removed.isEmpty || !added.isEmpty else { return }
        try write { database in
            for id in removed { try database.execute(sql: "DELETE FROM entry WHERE id = ?", arguments: [id]) }
            for entry in added { try Self.insert(entry, database) }
        }
    }

    private static func insert(_ entry: RegistrationEntry, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                entry.id, entry.spiffeID.description, entry.parentID.description, entry.x509Lifetime,
                entry.jwtLifetime, entry.hint, entry.expires, entry.origin.rawValue,
            ])
        let values = [
            ValueKind.selector: entry.selectors.map(\.description), ValueKind.dnsName: entry.dnsNames,
            ValueKind.domain: entry.federatesWith.map(\.name),
        ]
        for (kind, values) in values {
            for (position, value) in values.enumerated() {
                try database.execute(
                    sql: "INSERT INTO entry_value VALUES (?, ?, ?, ?)", arguments: [entry.id, kind, position, value])
            }
        }
    }

    private static func entry(_ row: Row, _ values: [String: [String]]) throws -> RegistrationEntry {
        guard let origin = RegistrationEntry.Origin(rawValue: try row.decode(forColumn: "origin")) else {
            throw AuthorityError.storage("it holds an entry of an origin that this version does not know")
        }
        return try RegistrationEntry(
            spiffeID: SPIFFEID(parsing: try row.decode(String.self, forColumn: "spiffe_id")),
            parentID: SPIFFEID(parsing: try row.decode(String.self, forColumn: "parent_id")),
            selectors: (values[ValueKind.selector] ?? []).map { try Selector(parsing: $0) },
            x509Lifetime: try row.decode(forColumn: "x509_lifetime"),
            jwtLifetime: try row.decode(forColumn: "jwt_lifetime"), hint: try row.decode(forColumn: "hint"),
            dnsNames: values[ValueKind.dnsName] ?? [],
            federatesWith: (values[ValueKind.domain] ?? []).map { try TrustDomain(parsing: $0) },
            expires: try row.decode(forColumn: "expires"), origin: origin)
    }

    // MARK: Join tokens

    /// Stores the digest of a token, and forgets the ones that have expired.
    func insert(_ token: JoinToken, now: Int64) throws(AuthorityError) {
        try write { database in
            try database.execute(sql: "DELETE FROM join_token WHERE expires <= ?", arguments: [now])
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM join_token") ?? 0
            guard count < JoinToken.largestCount else {
                throw AuthorityError.refused("\(JoinToken.largestCount) join tokens wait for their use already")
            }
            try database.execute(
                sql: "INSERT INTO join_token VALUES (?, ?, ?)",
                arguments: [Data(token.digest), token.spiffeID.description, token.expires])
        }
    }

    /// Forgets the tokens for somebody.
    func removeTokens(of id: SPIFFEID) throws(AuthorityError) {
        try write { database in
            try database.execute(sql: "DELETE FROM join_token WHERE spiffe_id = ?", arguments: [id.description])
        }
    }

    /// Takes a token out. Whoever comes second finds none: the row is deleted in the transaction that reads it.
    ///
    /// - Returns: The ID that it was for, or `nil` when there is no such token or it has expired.
    func consumeToken(_ digest: [UInt8], now: Int64) throws(AuthorityError) -> SPIFFEID? {
        try write { database in
            let rows = try Row.fetchAll(
                database, sql: "DELETE FROM join_token WHERE digest = ? RETURNING spiffe_id, expires",
                arguments: [Data(digest)])
            guard rows.count == 1, let row = rows.first, now < (try row.decode(Int64.self, forColumn: "expires"))
            else { return nil }
            return try SPIFFEID(parsing: try row.decode(String.self, forColumn: "spiffe_id"))
        }
    }
}
