// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// A moment up to which something is revoked, as it is kept.
public struct StoredCutoff: Sendable, Hashable {
    /// What kind of thing is revoked.
    public var kind: String
    /// Its name.
    public var value: String
    /// The moment, in microseconds since 1970.
    public var time: Int64
    /// Up to which beginning certificates are revoked, in Unix seconds.
    public var certificatesFrom: Int64
    /// Digests of tokens without a time, in hexadecimal digits with spaces between them.
    public var digests: String
    /// Until when it matters, in Unix seconds; `nil` for ever.
    public var expires: Int64?
    /// Why.
    public var why: String?
    /// Who revoked.
    public var origin: String

    /// A revocation to keep.
    public init(
        kind: String, value: String, time: Int64, certificatesFrom: Int64, digests: String = "", expires: Int64? = nil,
        why: String? = nil, origin: String
    ) {
        self.kind = kind
        self.value = value
        self.time = time
        self.certificatesFrom = certificatesFrom
        self.digests = digests
        self.expires = expires
        self.why = why
        self.origin = origin
    }
}

/// A quarantine as it is kept.
public struct StoredQuarantine: Sendable, Hashable {
    /// Who is in quarantine, by SPIFFE ID.
    public var agent: String
    /// Since when, in microseconds since 1970.
    public var since: Int64
    /// When it ends by itself, in microseconds since 1970; `nil` for not at all.
    public var ends: Int64?
    /// Why.
    public var why: String
    /// Who wanted it.
    public var origin: String

    /// A quarantine to keep.
    public init(agent: String, since: Int64, ends: Int64? = nil, why: String, origin: String) {
        self.agent = agent
        self.since = since
        self.ends = ends
        self.why = why
        self.origin = origin
    }
}

extension StateDatabase {
    /// Every revocation that is kept.
    public func cutoffs() throws(StateDatabaseError) -> [StoredCutoff] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM cutoff ORDER BY kind, value").map { row in
                StoredCutoff(
                    kind: try row.decode(forColumn: "kind"), value: try row.decode(forColumn: "value"),
                    time: try row.decode(forColumn: "time"),
                    certificatesFrom: try row.decode(forColumn: "certificates_from"),
                    digests: try row.decode(forColumn: "digests"), expires: try row.decode(forColumn: "expires"),
                    why: try row.decode(forColumn: "why"), origin: try row.decode(forColumn: "origin"))
            }
        }
    }

    /// Keeps a revocation in place of what is kept about the same.
    public func keep(_ cutoff: StoredCutoff) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO cutoff VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    cutoff.kind, cutoff.value, cutoff.time, cutoff.certificatesFrom, cutoff.digests, cutoff.expires,
                    cutoff.why, cutoff.origin,
                ])
        }
    }

    /// Forgets revocations that void nothing any more.
    public func forget(cutoffs: [(kind: String, value: String)]) throws(StateDatabaseError) {
        guard !cutoffs.isEmpty else { return }
        try write { database in
            for (kind, value) in cutoffs {
                try database.execute(
                    sql: "DELETE FROM cutoff WHERE kind = ? AND value = ?", arguments: [kind, value])
            }
        }
    }

    /// Every quarantine that is kept.
    public func quarantines() throws(StateDatabaseError) -> [StoredQuarantine] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM quarantine ORDER BY agent").map { row in
                StoredQuarantine(
                    agent: try row.decode(forColumn: "agent"), since: try row.decode(forColumn: "since"),
                    ends: try row.decode(forColumn: "ends"), why: try row.decode(forColumn: "why"),
                    origin: try row.decode(forColumn: "origin"))
            }
        }
    }

    /// Keeps a quarantine in place of one of the same agent.
    public func keep(_ quarantine: StoredQuarantine) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    quarantine.agent, quarantine.since, quarantine.ends, quarantine.why, quarantine.origin,
                ])
        }
    }

    /// Forgets the quarantine of an agent.
    public func forget(quarantineOf agent: String) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM quarantine WHERE agent = ?", arguments: [agent])
        }
    }
}
