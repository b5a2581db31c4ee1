// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// The copies of a record's hash that a log holds: bundle, level-0 tile, journal, query index, and the tiles above.
///
/// None is trusted. A group is the 256 records of one full tile, or the rest at the end; its root can be compared with
/// what the levels above and the signed root say.
struct LogCopies {
    static let width = UInt64(TilePath.fullWidth)

    let size: UInt64
    let store: TileStore
    private(set) var journalFirst: UInt64 = 0
    private(set) var journal: [TreeHash] = []
    private(set) var journalBytes: [(contents: JournalSegment.Contents, first: UInt64)] = []
    private let index: AuditIndex?

    init(directory: String, size: UInt64, index: AuditIndex?) {
        self.size = size
        self.index = index
        store = TileStore(directory: directory)
    }

    var groups: UInt64 { size / Self.width + (size % Self.width == 0 ? 0 : 1) }

    func range(of group: UInt64) -> Range<UInt64> {
        group * Self.width..<min((group + 1) * Self.width, size)
    }

    /// The entries of a bundle, however many there are; nil when it is missing or damaged.
    func entries(of group: UInt64) -> [[UInt8]]? {
        guard let path = TilePath.tile(level: .entries, index: group, inTreeOfSize: size),
            let bytes = try? store.read(path), let ranges = try? EntryBundle.ranges(in: bytes)
        else { return nil }
        return ranges.map { Array(bytes[$0]) }
    }

    func bundleLeaves(of group: UInt64) -> [TreeHash]? {
        entries(of: group)?.map { MerkleHash.leaf($0) }
    }

    func tileLeaves(of group: UInt64) -> [TreeHash]? {
        guard let path = TilePath.tile(level: .hashes(0), index: group, inTreeOfSize: size),
            let bytes = try? store.read(path), bytes.count == path.width * TreeHash.byteCount
        else { return nil }
        return TileStore.split(bytes)
    }

    func journalLeaves(of group: UInt64) -> [TreeHash]? {
        let range = range(of: group)
        guard range.lowerBound >= journalFirst else { return nil }
        let start = range.lowerBound - journalFirst
        let end = range.upperBound - journalFirst
        guard end <= UInt64(journal.count) else { return nil }
        return Array(journal[Int(start)..<Int(end)])
    }

    func indexLeaves(of group: UInt64) -> [TreeHash]? {
        let range = range(of: group)
        guard let leaves = try? index?.leaves(in: range), leaves.count == Int(range.upperBound - range.lowerBound)
        else {
            return nil
        }
        return leaves
    }

    /// The roots of the full groups as the level-1 tiles hold them.
    func parentRoots() -> [TreeHash]? {
        var roots: [TreeHash] = []
        var tile: UInt64 = 0
        while let path = TilePath.tile(level: .hashes(1), index: tile, inTreeOfSize: size) {
            guard let bytes = try? store.read(path), bytes.count == path.width * TreeHash.byteCount else { return nil }
            roots.append(contentsOf: TileStore.split(bytes))
            tile += 1
        }
        return roots
    }

    /// The bytes of a record in the journal.
    func journalRecord(_ record: UInt64) -> [UInt8]? {
        for (contents, first) in journalBytes where record >= first {
            let position = record - first
            if position < UInt64(contents.ranges.count) { return contents.record(Int(position)) }
        }
        return nil
    }

    /// The decision id of a record from whatever copy still tells.
    func decision(_ record: UInt64) -> String? {
        if let known = try? index?.decision(record) { return known }
        return journalRecord(record).flatMap { AuditRecord($0)?.text("decision") }
    }

    /// Reads the journal; what is wrong with its form goes into the report.
    mutating func readJournal(_ report: inout VerificationReport) throws(AuditLogError) {
        let segments = JournalSegment.all(in: store.directory)
        journalFirst = segments.first?.first ?? size
        var next = journalFirst
        for (position, segment) in segments.enumerated() {
            if segment.first != next {
                report.add(.journal, next, nil, "the journal goes on with record \(segment.first) in \(segment.path)")
            }
            let contents = try segment.contents()
            journal.append(
                contentsOf: contents.ranges.indices.map { MerkleHash.leaf(contents.record($0)) })
            journalBytes.append((contents, segment.first))
            next = segment.first + UInt64(contents.ranges.count)
            guard let damage = contents.damage else { continue }
            if damage == .torn, position == segments.count - 1, next >= size {
                report.notes.append("the journal ends in a torn write behind record \(next)")
            } else {
                report.add(.journal, next, decision(next), "its frame in \(segment.path) is damaged")
            }
        }
        report.unsignedRecords = next > size ? next - size : 0
    }
}
