// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

extension AuditLog {
    /// A reader of what has been signed so far.
    public func reader() throws(AuditLogError) -> AuditReader {
        try AuditReader(directory: configuration.directory, key: verifierKey)
    }

    /// Finds records, newest first, after bringing tree and index up to date.
    public func query(_ query: AuditQuery) throws -> [IndexedRecord] {
        let index = try worker.catchUpIndex()
        let reader = try reader()
        return try index.find(query).filter { $0 < reader.size }.map { number in
            IndexedRecord(index: number, bytes: try reader.record(at: number))
        }
    }

    /// The records of one decision, oldest first.
    public func records(decision: String) throws -> [IndexedRecord] {
        var query = AuditQuery()
        query.decision = decision
        query.limit = AuditQuery.largestLimit
        return try self.query(query).reversed()
    }

    /// The newest records, oldest of them first.
    public func tail(_ count: Int) throws -> [IndexedRecord] {
        try synchronize()
        return try reader().tail(count)
    }

    /// A proof for one record, under a checkpoint that covers it.
    public func prove(_ index: UInt64) throws -> TransparencyProof {
        try synchronize()
        return try reader().prove(index)
    }
}

extension AuditReader {
    /// Finds records in a log that no gate writes at the moment, newest first; makes or completes the index for it.
    public func query(_ query: AuditQuery) throws -> [IndexedRecord] {
        let keeper = IndexKeeper(directory: directory)
        _ = keeper.update(to: head, isUnlimited: true)
        return try keeper.current().find(query).filter { $0 < size }.map { number in
            IndexedRecord(index: number, bytes: try record(at: number))
        }
    }
}
