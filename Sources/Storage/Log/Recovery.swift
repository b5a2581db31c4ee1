// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc

/// Opens the files of a log: replays the journal, compares it with the tiles and the signed head, cuts a torn end.
///
/// What the signed head covers must be there and hash to its root; anything else is tampering and is refused with the
/// name of the record. What lies beyond the signed head is taken from the journal alone.
struct Recovery {
    let directory: String
    let head: Checkpoint

    private let store: TileStore
    private(set) var builder = TileBuilder()
    private(set) var bundle: [UInt8] = []
    private(set) var notes: [String] = []
    private var tile: [TreeHash] = []
    private var root: TreeHash?

    init(directory: String, head: Checkpoint) {
        self.directory = directory
        self.head = head
        store = TileStore(directory: directory)
    }

    /// Replays the journal.
    ///
    /// - Returns: the last segment and the byte after its last whole frame; nil when there is no segment.
    mutating func run() throws(AuditLogError) -> (segment: JournalSegment, end: Int)? {
        let segments = JournalSegment.all(in: directory)
        let first = segments.first?.first ?? 0
        try begin(at: first)
        var expected = first
        var last: (segment: JournalSegment, end: Int)?
        for (position, segment) in segments.enumerated() {
            guard segment.first == expected else {
                throw .tampered(
                    record: expected, decision: nil,
                    reason: "the journal goes on with record \(segment.first) in \(segment.path)")
            }
            let contents = try segment.contents()
            for number in contents.ranges.indices { try take(contents.record(number), at: expected + UInt64(number)) }
            expected += UInt64(contents.ranges.count)
            let isLast = position == segments.count - 1
            if let damage = contents.damage { try judge(damage, at: expected, isLast: isLast, segment) }
            last = (segment, contents.end)
        }
        guard builder.size >= head.size else {
            throw .tampered(
                record: builder.size, decision: nil,
                reason: "records \(builder.size) to \(head.size - 1) are missing, the signed head has size \(head.size)"
            )
        }
        guard (root ?? MerkleHash.emptyRoot) == head.root else {
            throw .tampered(record: nil, decision: nil, reason: "the records do not hash to the signed root")
        }
        try repairPartialTiles()
        return last
    }

    /// Writes the unfinished tiles of the signed head where a loss of power took them.
    private mutating func repairPartialTiles() throws(AuditLogError) {
        guard builder.size == head.size else { return }
        for tile in builder.partialTiles {
            if let path = tile.path { try repair(path, tile.bytes, isSigned: true) }
        }
        let width = UInt64(TilePath.fullWidth)
        if let path = TilePath(level: .entries, index: head.size / width, width: Int(head.size % width)) {
            try repair(path, bundle, isSigned: true)
        }
    }

    private mutating func judge(
        _ damage: JournalSegment.Damage, at index: UInt64, isLast: Bool, _ segment: JournalSegment
    ) throws(AuditLogError) {
        guard isLast, damage == .torn, index >= head.size else {
            throw .tampered(record: index, decision: nil, reason: "its journal frame in \(segment.path) is damaged")
        }
        notes.append("cut a torn end behind record \(index) of the journal; it was never acknowledged")
    }

    /// Takes up the tree at the first full tile that the journal does not need to fill.
    private mutating func begin(at first: UInt64) throws(AuditLogError) {
        let width = UInt64(TilePath.fullWidth)
        let start = (first + width - 1) / width * width
        guard start <= head.size else {
            throw .tampered(
                record: nil, decision: nil,
                reason: "the journal begins at record \(first), behind the signed head of size \(head.size)")
        }
        let store = store
        do {
            builder = try TileBuilder(continuing: start) { level, index in try store.root(level: level, index: index) }
        } catch {
            throw (error as? AuditLogError) ?? .tampered(record: nil, decision: nil, reason: "\(error)")
        }
        if start == head.size { root = builder.root }
    }

    private mutating func take(_ record: [UInt8], at index: UInt64) throws(AuditLogError) {
        guard index >= builder.size else { return }
        let leaf = MerkleHash.leaf(record)
        if index < head.size { try compare(leaf, record, at: index) }
        record.withUnsafeBytes { _ = EntryBundle.append($0, to: &bundle) }
        var finished: [TileBuilder.Tile] = []
        builder.append(leaf) { finished.append($0) }
        if builder.size == head.size { root = builder.root }
        guard !finished.isEmpty else { return }
        for tile in finished {
            if let path = tile.path { try repair(path, tile.bytes, isSigned: builder.size <= head.size) }
        }
        if let path = TilePath(level: .entries, index: index / UInt64(TilePath.fullWidth)) {
            try repair(path, bundle, isSigned: builder.size <= head.size)
        }
        bundle.removeAll(keepingCapacity: true)
    }

    /// Compares a record of the journal with its leaf hash in the level-0 tile.
    private mutating func compare(_ leaf: TreeHash, _ record: [UInt8], at index: UInt64) throws(AuditLogError) {
        let position = Int(index % UInt64(TilePath.fullWidth))
        if position == 0 || index == builder.size && tile.isEmpty {
            let number = index / UInt64(TilePath.fullWidth)
            tile = []
            if let path = TilePath.tile(level: .hashes(0), index: number, inTreeOfSize: head.size),
                let bytes = try? store.read(path), bytes.count == path.width * TreeHash.byteCount
            {
                tile = TileStore.split(bytes)
            }
        }
        guard position < tile.count, tile[position] != leaf, tile[position] != .zero else { return }
        throw .tampered(
            record: index, decision: AuditRecord(record)?.text("decision"),
            reason: "its journal frame and its leaf hash in the tiles differ")
    }

    /// Writes a tile that is missing, or that a loss of power left short; a signed one that differs is refused.
    private mutating func repair(_ path: TilePath, _ bytes: [UInt8], isSigned: Bool) throws(AuditLogError) {
        let existing = try Files.readIfPresent(directory + "/" + path.text)
        if existing == bytes { return }
        if isSigned, let existing, existing.count == bytes.count, !existing.allSatisfy({ $0 == 0 }) {
            let position = zip(existing, bytes).prefix { $0 == $1 }.count
            throw .tampered(
                record: Self.record(path, bytes, position), decision: nil,
                reason: "\(path.text) differs from the journal")
        }
        if existing != nil { notes.append("rewrote \(path.text) from the journal") }
        try store.write(path, bytes)
    }

    private static func record(_ path: TilePath, _ bytes: [UInt8], _ position: Int) -> UInt64? {
        let first = path.index * UInt64(TilePath.fullWidth)
        switch path.level {
        case .hashes(0): return first + UInt64(position / TreeHash.byteCount)
        case .hashes: return nil
        case .entries:
            let ranges = (try? EntryBundle.ranges(in: bytes)) ?? []
            return ranges.firstIndex { position < $0.upperBound }.map { first + UInt64($0) }
        }
    }
}
