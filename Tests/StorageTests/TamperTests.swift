// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GRDB
import Storage
import Testing

/// A closed log of 1,000 decisions (3 full tiles and a rest), and ways to change its files.
struct Victim {
    static let count = 1000
    let workspace: Workspace
    let key: NoteVerifierKey
    let size: UInt64
    var directory: String { workspace.directory }

    init(hasIndex: Bool = true) throws {
        workspace = try Workspace()
        let log = try AuditLog.open(try workspace.configuration())
        try log.fill(0..<Self.count)
        if hasIndex { _ = try log.query(AuditQuery()) }
        log.close()
        key = log.verifierKey
        size = try AuditReader(directory: workspace.directory).size
        if !hasIndex { for suffix in ["", "-wal", "-shm"] { try remove("index.sqlite" + suffix) } }
    }

    func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory + "/" + path)))
    }

    func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + path))
    }

    func remove(_ path: String) throws {
        try? FileManager.default.removeItem(atPath: directory + "/" + path)
    }

    func entries(_ path: String) throws -> [[UInt8]] {
        let bytes = try bytes(path)
        return try EntryBundle.ranges(in: bytes).map { Array(bytes[$0]) }
    }

    func write(entries: [[UInt8]], _ path: String) throws {
        var bundle: [UInt8] = []
        for entry in entries { entry.withUnsafeBytes { _ = EntryBundle.append($0, to: &bundle) } }
        try write(bundle, path)
    }

    var journal: String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/journal")) ?? []
        return "journal/" + (names.sorted().last ?? "")
    }

    /// The journal as records.
    func frames() throws -> [[UInt8]] {
        let bytes = try bytes(journal)
        var frames: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            frames.append(Array(bytes[offset + 8..<offset + 8 + length]))
            offset += 8 + length
        }
        return frames
    }

    func write(frames: [[UInt8]]) throws {
        try write(frames.flatMap { Self.frame($0) }, journal)
    }

    /// A frame with a right checksum, computed bit by bit.
    static func frame(_ record: [UInt8]) -> [UInt8] {
        var checksum: UInt32 = 0xffff_ffff
        for byte in record {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xedb8_8320 : checksum >> 1 }
        }
        let numbers = [UInt32(record.count), ~checksum]
        return numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } } + record
    }

    func verify(checkpoint: [UInt8]? = nil) throws -> VerificationReport {
        try AuditVerifier.verify(directory: directory, key: key, checkpoint: checkpoint)
    }

    func has(_ kind: VerificationReport.Problem.Kind, _ record: UInt64?, _ report: VerificationReport) -> Bool {
        report.problems.contains { problem in
            problem.kind == kind && problem.record == record
                && (record == nil || problem.decision == nil || problem.decision == decision(record ?? 0))
        }
    }

    func decision(_ record: UInt64) -> String? {
        // Record 0 is the mark of the first checkpoint interval; the decisions follow.
        record == 0 ? nil : "d-\(record - 1)"
    }

    static func altered(_ record: [UInt8]) -> [UInt8] {
        Array(String(decoding: record, as: UTF8.self).replacingOccurrences(of: "deny", with: "allow").utf8)
    }

    /// Replaces a record in bundle and level-0 tile.
    func alter(_ record: UInt64, alsoTile: Bool, alsoJournal: Bool) throws {
        let group = Int(record / 256)
        let width = min(256, Int(size) - group * 256)
        let suffix = "00\(group)" + (width == 256 ? "" : ".p/\(width)")
        var entries = try entries("tile/entries/\(suffix)")
        let position = Int(record % 256)
        entries[position] = Self.altered(entries[position])
        try write(entries: entries, "tile/entries/\(suffix)")
        if alsoTile {
            var tile = try bytes("tile/0/\(suffix)")
            tile.replaceSubrange(position * 32..<position * 32 + 32, with: MerkleHash.leaf(entries[position]).bytes)
            try write(tile, "tile/0/\(suffix)")
        }
        if alsoJournal {
            var frames = try frames()
            frames[Int(record)] = entries[position]
            try write(frames: frames)
        }
    }
}

@Suite struct TamperTests {
    @Test func `an untouched log is intact`() throws {
        let victim = try Victim()
        let report = try victim.verify()
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(report.verifiedRecords == victim.size)
        #expect(report.head?.size == victim.size)
    }

    @Test(arguments: [(UInt64(300), false, false), (300, true, false), (300, true, true), (300, false, true)])
    func `a changed record is named`(record: UInt64, alsoTile: Bool, alsoJournal: Bool) throws {
        let victim = try Victim()
        try victim.alter(record, alsoTile: alsoTile, alsoJournal: alsoJournal)
        let report = try victim.verify()
        #expect(victim.has(.changed, record, report), "\(report.problems)")
        #expect(!victim.has(.changed, record + 1, report))
        #expect(victim.has(.tile, record, report) == alsoTile)
        #expect(victim.has(.journal, record, report) == alsoJournal)
    }

    @Test func `a changed record in the unfinished tile is named`() throws {
        let victim = try Victim()
        try victim.alter(900, alsoTile: true, alsoJournal: false)
        #expect(victim.has(.changed, 900, try victim.verify()))
    }

    @Test func `a record changed in every copy is narrowed down to its tile`() throws {
        let victim = try Victim(hasIndex: false)
        try victim.alter(300, alsoTile: true, alsoJournal: true)
        let report = try victim.verify()
        #expect(report.problems.contains { $0.kind == .changed && $0.record == 256 && $0.reason.contains("511") })
    }

    @Test func `a record removed from bundle and journal is named`() throws {
        let victim = try Victim()
        var entries = try victim.entries("tile/entries/001")
        entries.remove(at: 44)
        try victim.write(entries: entries, "tile/entries/001")
        var report = try victim.verify()
        #expect(victim.has(.removed, 300, report), "\(report.problems)")
        #expect(report.problems.count == 1)
        var frames = try victim.frames()
        frames.remove(at: 300)
        try victim.write(frames: frames)
        report = try victim.verify()
        #expect(victim.has(.removed, 300, report))
        #expect(victim.has(.journal, 300, report))
        #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
    }

    @Test func `a record removed with all that follows moved up is named`() throws {
        let victim = try Victim()
        var all: [[UInt8]] = []
        let paths = ["000", "001", "002", "003.p/\(victim.size % 256)"].map { "tile/entries/" + $0 }
        for path in paths { all += try victim.entries(path) }
        all.remove(at: 300)
        for (number, path) in paths.enumerated() {
            try victim.write(entries: Array(all[number * 256..<min(all.count, number * 256 + 256)]), path)
        }
        let report = try victim.verify()
        #expect(report.problems.count == 1, "\(report.problems)")
        #expect(victim.has(.removed, 300, report))
    }

    @Test func `an inserted record is named`() throws {
        let victim = try Victim()
        var entries = try victim.entries("tile/entries/001")
        entries.insert(Array("{}".utf8), at: 10)
        entries.removeLast()
        try victim.write(entries: entries, "tile/entries/001")
        let report = try victim.verify()
        #expect(report.problems.contains { $0.kind == .inserted && $0.record == 266 }, "\(report.problems)")
        #expect(victim.has(.removed, 511, report))
    }

    @Test func `exchanged records are named`() throws {
        let victim = try Victim()
        var entries = try victim.entries("tile/entries/000")
        entries.swapAt(20, 30)
        try victim.write(entries: entries, "tile/entries/000")
        var frames = try victim.frames()
        frames.swapAt(20, 30)
        try victim.write(frames: frames)
        let report = try victim.verify()
        #expect(victim.has(.reordered, 20, report) && victim.has(.reordered, 30, report), "\(report.problems)")
        #expect(victim.has(.journal, 20, report) && victim.has(.journal, 30, report))
        #expect(report.problems.count == 4)
        #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
    }

    @Test func `records cut off at the end are named`() throws {
        let victim = try Victim()
        var frames = try victim.frames()
        frames.removeLast(100)
        try victim.write(frames: frames)
        var report = try victim.verify()
        #expect(victim.has(.journal, victim.size - 100, report), "\(report.problems)")
        try victim.remove("tile/entries/003.p")
        try victim.remove("tile/0/003.p")
        report = try victim.verify()
        #expect(report.problems.contains { $0.kind == .truncated && $0.record == 768 }, "\(report.problems)")
        let error = #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
        #expect(error?.description.contains("records \(victim.size - 100) to \(victim.size - 1) are missing") == true)
    }

    @Test func `a log set back to an earlier state is found by its signed head, or by a checkpoint kept elsewhere`()
        throws
    {
        let victim = try Victim()
        let early = victim.workspace.path + "/early"
        try FileManager.default.copyItem(atPath: victim.directory, toPath: early)
        let log = try AuditLog.open(try victim.workspace.configuration())
        try log.fill(Victim.count..<Victim.count + 200)
        log.close()
        let newest = try victim.bytes("checkpoint")
        let head = try victim.bytes("signed-head")
        try FileManager.default.removeItem(atPath: victim.directory)
        try FileManager.default.moveItem(atPath: early, toPath: victim.directory)
        #expect(try victim.verify().isIntact)
        let report = try victim.verify(checkpoint: newest)
        #expect(report.problems.contains { $0.kind == .truncated && $0.record == victim.size }, "\(report.problems)")
        try victim.write(head, "signed-head")
        #expect(try !victim.verify().isIntact)
        #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
    }

    @Test func `an older checkpoint kept elsewhere is a prefix, and one of another history is not`() throws {
        let victim = try Victim()
        let old = try victim.bytes("checkpoint")
        let log = try AuditLog.open(try victim.workspace.configuration())
        try log.fill(Victim.count..<Victim.count + 20)
        log.close()
        #expect(try victim.verify(checkpoint: old).isIntact)
        // The same key signs another history, as somebody could who holds the key.
        let other = try Workspace()
        try FileManager.default.createDirectory(
            atPath: other.directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(atPath: victim.directory + "/key", toPath: other.directory + "/key")
        let forged = try AuditLog.open(try other.configuration())
        try forged.fill(5..<500)
        forged.close()
        let report = try victim.verify(
            checkpoint: [UInt8](try Data(contentsOf: URL(fileURLWithPath: other.directory + "/checkpoint"))))
        #expect(report.problems.map(\.kind) == [.checkpoint], "\(report.problems)")
    }

    @Test func `a changed hash tile is told from a changed record`() throws {
        let victim = try Victim()
        var tile = try victim.bytes("tile/0/001")
        tile[44 * 32] ^= 1
        try victim.write(tile, "tile/0/001")
        var parent = try victim.bytes("tile/1/000.p/3")
        parent[40] ^= 1
        try victim.write(parent, "tile/1/000.p/3")
        let report = try victim.verify()
        #expect(victim.has(.tile, 300, report), "\(report.problems)")
        #expect(report.problems.contains { $0.kind == .tile && $0.reason.contains("tile/1/000.p/3") })
        #expect(report.problems.count == 2)
        #expect(report.verifiedRecords == victim.size)
    }

    @Test func `a removed bundle and a damaged frame are named`() throws {
        let victim = try Victim()
        try victim.remove("tile/entries/001")
        var journal = try victim.bytes(victim.journal)
        journal[journal.count / 2] ^= 1
        try victim.write(journal, victim.journal)
        let report = try victim.verify()
        #expect(victim.has(.removed, 256, report), "\(report.problems)")
        #expect(report.problems.contains { $0.kind == .journal && $0.reason.contains("damaged") })
        #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
    }

    @Test(arguments: ["host = 'x'", "verdict = 'allow'", "leaf = zeroblob(32)", "decision = 'd-1'", "reasons = NULL"])
    func `an edited row of the query index is named`(change: String) throws {
        let victim = try Victim()
        let database = try DatabaseQueue(path: victim.directory + "/index.sqlite")
        try database.write { try $0.execute(sql: "UPDATE record SET \(change) WHERE number = 300") }
        try database.close()
        let report = try victim.verify()
        #expect(report.problems.count == 1, "\(report.problems)")
        #expect(victim.has(.index, 300, report))
    }

    @Test func `a query index that was only begun is none`() throws {
        let victim = try Victim()
        for suffix in ["", "-wal", "-shm"] { try? victim.remove("index.sqlite" + suffix) }
        try victim.write([], "index.sqlite")
        #expect(try victim.verify().isIntact)
    }

    @Test func `a deleted row of the query index is named and an index of another tree is made anew`() throws {
        let victim = try Victim()
        let database = try DatabaseQueue(path: victim.directory + "/index.sqlite")
        try database.write { try $0.execute(sql: "DELETE FROM record WHERE number = 300") }
        #expect(victim.has(.index, 300, try victim.verify()))
        try database.write { try $0.execute(sql: "UPDATE head SET root = zeroblob(32)") }
        try database.close()
        #expect(try !victim.verify().isIntact)
        let log = try AuditLog.open(try victim.workspace.configuration())
        #expect(try log.records(decision: "d-299").count == 1)
        log.close()
        #expect(try victim.verify().isIntact)
    }

    @Test(arguments: ["checkpoint", "signed-head"])
    func `a missing or forged checkpoint is found`(name: String) throws {
        let victim = try Victim()
        let bytes = try victim.bytes(name)
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\n\(victim.size)\n", with: "\n9\n")
        try victim.write(Array(text.utf8), name)
        #expect(try victim.verify().problems.contains { $0.kind == .checkpoint })
        try victim.remove(name)
        #expect(try victim.verify().problems.contains { $0.kind == .checkpoint && $0.reason.contains("missing") })
        guard name == "signed-head" else { return }
        #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
    }
}
