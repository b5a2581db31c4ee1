// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import GRDB

/// Compares the query index, row by row, with the records that were verified.
struct IndexCheck {
    let index: AuditIndex
    /// What the index said of itself before the heads were read.
    let extent: Result<AuditIndex.Extent?, any Error>
    let check: TreeCheck

    func run(_ report: inout VerificationReport) {
        do {
            try compare(&report)
        } catch {
            report.add(.index, nil, nil, "index.sqlite cannot be read (\(error)); remove it and it is made anew")
        }
    }

    private func compare(_ report: inout VerificationReport) throws {
        let copies = check.copies
        guard let extent = try extent.get() else { return }
        guard let known = extent.head else {
            if extent.rows > 0 { report.add(.index, nil, nil, "index.sqlite does not say which tree it is of") }
            return
        }
        check.compare(
            "index.sqlite", try Checkpoint(indexed: known), &report)
        let end = min(known.size, copies.size)
        for group in 0..<copies.groups where copies.range(of: group).lowerBound < end {
            let range = copies.range(of: group).clamped(to: 0..<end)
            guard let leaves = check.trustedLeaves(of: group) else { continue }
            let entries = copies.entries(of: group) ?? []
            let rows = try index.rows(in: range)
            for record in range {
                let position = Int(record - copies.range(of: group).lowerBound)
                let copies = [position < entries.count ? entries[position] : nil, copies.journalRecord(record)]
                let bytes = copies.compactMap { $0 }.first { MerkleHash.leaf($0) == leaves[position] }
                guard let bytes else { continue }
                compare(rows[record], IndexedRecord(index: record, bytes: bytes), &report)
            }
        }
        let extra = extent.rows - Int(clamping: end)
        if extra > 0 { report.add(.index, nil, nil, "index.sqlite has \(extra) rows without a record") }
    }

    /// Compares a row with the one that an intact record must have.
    private func compare(_ row: [DatabaseValue]?, _ record: IndexedRecord, _ report: inout VerificationReport) {
        let decision = record.record?.text("decision")
        guard let row else {
            report.add(.index, record.index, decision, "its row is missing in index.sqlite")
            return
        }
        let names = ["number", "leaf", "time", "reasons"] + AuditIndex.textColumns
        let changed = zip(names, zip(row, AuditIndex.values(record))).filter { $1.0 != $1.1 }.map(\.0)
        guard !changed.isEmpty else { return }
        report.add(
            .index, record.index, decision,
            "its row in index.sqlite was changed: \(changed.joined(separator: ", "))")
    }
}

extension Checkpoint {
    init(indexed head: (origin: String, size: UInt64, root: TreeHash)) throws(AuditLogError) {
        guard let origin = NoteName(head.origin) else { throw .unavailable("the index has no origin") }
        self.init(origin: origin, size: head.size, root: head.root)
    }
}

extension AuditIndex {
    /// How far an index reaches.
    struct Extent {
        /// The tree that it says it was made from.
        let head: (origin: String, size: UInt64, root: TreeHash)?
        /// How many rows it has.
        let rows: Int
    }

    /// How far the index reaches at one moment; nil while it has no tables yet.
    func extent() throws -> Extent? {
        try database.read { database in
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0 > 0 else { return nil }
            return Extent(
                head: try Self.head(database), rows: try Int.fetchOne(database, sql: "SELECT count(*) FROM record") ?? 0
            )
        }
    }

    func rows(in range: Range<UInt64>) throws -> [UInt64: [DatabaseValue]] {
        let columns = (["number", "leaf", "time", "reasons"] + Self.textColumns).joined(separator: ", ")
        return try database.read { database in
            var rows: [UInt64: [DatabaseValue]] = [:]
            let found = try Row.fetchAll(
                database, sql: "SELECT \(columns) FROM record WHERE number >= ? AND number < ?",
                arguments: [Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound)])
            for row in found {
                let values = Array(row.databaseValues)
                if let number = values.first.flatMap({ Int64.fromDatabaseValue($0) }), number >= 0 {
                    rows[UInt64(number)] = values
                }
            }
            return rows
        }
    }

    func leaves(in range: Range<UInt64>) throws -> [TreeHash] {
        try database.read { database in
            let blobs = try DatabaseValue.fetchAll(
                database, sql: "SELECT leaf FROM record WHERE number >= ? AND number < ? ORDER BY number",
                arguments: [Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound)])
            return blobs.compactMap { Self.hash($0) }
        }
    }

    func decision(_ record: UInt64) throws -> String? {
        try database.read { database in
            try String.fetchOne(
                database, sql: "SELECT decision FROM record WHERE number = ?", arguments: [Int64(clamping: record)])
        }
    }
}
