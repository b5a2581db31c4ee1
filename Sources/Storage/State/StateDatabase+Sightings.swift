// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRDB

/// What this gate has seen of another gate's audit tree.
public struct StoredSighting: Sendable, Hashable {
    /// The gate.
    public var gate: String
    /// When that gate said what was seen, in microseconds since 1970.
    public var time: Int64
    /// The key of its tree.
    public var log: String
    /// The newest head that was signed, as text.
    public var state: String

    /// Describes what was seen.
    public init(gate: String, time: Int64, log: String, state: String) {
        self.gate = gate
        self.time = time
        self.log = log
        self.state = state
    }
}

extension StateDatabase {
    /// What was seen of other gates' audit trees.
    public func sightings() throws(StateDatabaseError) -> [StoredSighting] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT gate, time, log, state FROM sighting").map { row in
                StoredSighting(
                    gate: try row.decode(forColumn: "gate"), time: try row.decode(forColumn: "time"),
                    log: try row.decode(forColumn: "log"), state: try row.decode(forColumn: "state"))
            }
        }
    }

    /// Keeps what was seen; only then it may be signed.
    public func keep(_ sighting: StoredSighting) throws(StateDatabaseError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?)",
                arguments: [sighting.gate, sighting.time, sighting.log, sighting.state])
        }
    }
}
