// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// Brings the query index up to date from the tiles, and makes it anew when it is missing, damaged or of another tree.
final class IndexKeeper: @unchecked Sendable {
    private static let slice: UInt64 = 512

    private let directory: String
    private let lock = ConditionLock()
    private var open: AuditIndex?

    init(directory: String) {
        self.directory = directory
    }

    var path: String { directory + "/index.sqlite" }

    /// The index as it is; opened when it is not.
    func current() throws(AuditLogError) -> AuditIndex {
        try lock.withLock { () throws(AuditLogError) in try currentLocked() }
    }

    private func currentLocked() throws(AuditLogError) -> AuditIndex {
        if let open { return open }
        do {
            let index = try AuditIndex(path: path)
            open = index
            return index
        } catch {
            throw (error as? AuditLogError) ?? .unavailable("\(path): \(error)")
        }
    }

    /// Adds what is missing; a slice of it, or everything.
    ///
    /// - Returns: whether nothing is left to do. A failure leaves the rest to the next attempt: the log is complete
    ///   without its index.
    func update(to head: VerifiedCheckpoint, isUnlimited: Bool) -> Bool {
        for attempt in 0..<2 {
            do {
                return try add(to: head, isUnlimited: isUnlimited)
            } catch {
                lock.withLock { open = nil }
                if attempt == 0 {
                    for suffix in ["", "-wal", "-shm"] { try? Files.remove(path + suffix) }
                }
            }
        }
        return true
    }

    private func add(to head: VerifiedCheckpoint, isUnlimited: Bool) throws -> Bool {
        let index = try current()
        let reader = AuditReader(directory: directory, head: head)
        var next = try start(index, reader)
        while next < reader.size {
            let end = min(next + (isUnlimited ? Self.slice * 32 : Self.slice), reader.size)
            var records: [IndexedRecord] = []
            try reader.forEachRecord(in: next..<end) { records.append(IndexedRecord(index: $0, bytes: $1)) }
            var hashes = TileHashes(size: end) { try reader.store.read($0) }
            try index.append(records, completing: (head.checkpoint.origin, end, try hashes.root()))
            next = end
            if !isUnlimited { break }
        }
        return next >= reader.size
    }

    /// The first record that the index lacks; 0, with the index emptied, when it is of another tree.
    private func start(_ index: AuditIndex, _ reader: AuditReader) throws -> UInt64 {
        guard let known = try index.head() else {
            try index.clear()
            return 0
        }
        if known.size <= reader.size, known.origin.utf8.elementsEqual(reader.head.checkpoint.origin.utf8) {
            var hashes = reader.store.hashes(size: known.size)
            if try hashes.root() == known.root { return known.size }
        }
        try index.clear()
        return 0
    }
}
