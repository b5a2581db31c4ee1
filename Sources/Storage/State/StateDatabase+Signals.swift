// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// A security event token that was taken, as it is kept, so that it is taken once.
public struct StoredSignal: Sendable, Hashable {
    /// Whose it is.
    public var issuer: String
    /// Its `jti`.
    public var token: String
    /// Until when it could be accepted again, in Unix seconds.
    public var expires: Int64

    /// A token to keep.
    public init(issuer: String, token: String, expires: Int64) {
        self.issuer = issuer
        self.token = token
        self.expires = expires
    }
}

/// A security event that waits to be sent, as it is kept.
public struct StoredEvent: Sendable, Hashable {
    /// Its place in the order of all.
    public var number: Int64
    /// The claims as JSON.
    public var claims: String
}

extension StateDatabase {
    /// Every token that could still be accepted again; forgets the others.
    public func signals(now: Int64) throws(StateDatabaseError) -> [StoredSignal] {
        try write { database in
            try database.execute(sql: "DELETE FROM signal_taken WHERE expires <= ?", arguments: [now])
            return try Row.fetchAll(database, sql: "SELECT * FROM signal_taken").map { row in
                StoredSignal(
                    issuer: try row.decode(forColumn: "issuer"), token: try row.decode(forColumn: "token"),
                    expires: try row.decode(forColumn: "expires"))
            }
        }
    }

    /// Keeps a token that was taken.
    public func keep(_ signal: StoredSignal) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO signal_taken VALUES (?, ?, ?)",
                arguments: [signal.issuer, signal.token, signal.expires])
        }
    }

    /// Forgets tokens that are too old to be accepted.
    public func forget(signalsUntil time: Int64) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM signal_taken WHERE expires <= ?", arguments: [time])
        }
    }

    /// Lets an event wait behind the others of its stream; of more than `limit` the oldest are dropped.
    ///
    /// - Returns: How many were dropped.
    public func keep(event claims: String, for stream: String, limit: Int) throws(StateDatabaseError) -> Int {
        try write { database in
            try database.execute(
                sql: "INSERT INTO signal_waiting (stream, claims) VALUES (?, ?)", arguments: [stream, claims])
            try database.execute(
                sql: """
                    DELETE FROM signal_waiting WHERE stream = ?1 AND number NOT IN (
                        SELECT number FROM signal_waiting WHERE stream = ?1 ORDER BY number DESC LIMIT ?2)
                    """, arguments: [stream, limit])
            return database.changesCount
        }
    }

    /// The event of a stream that waits longest.
    public func event(of stream: String) throws(StateDatabaseError) -> StoredEvent? {
        try read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM signal_waiting WHERE stream = ? ORDER BY number LIMIT 1",
                arguments: [stream]
            ).map { row in
                StoredEvent(number: try row.decode(forColumn: "number"), claims: try row.decode(forColumn: "claims"))
            }
        }
    }

    /// Forgets an event that was sent, or that nobody takes.
    public func forget(event number: Int64) throws(StateDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM signal_waiting WHERE number = ?", arguments: [number])
        }
    }
}
