// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Storage
import Testing

@Suite struct DurabilityTests {
    @Test func `with durability disk a flush answers after the device has the record`() async throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        configuration.durability = .disk
        let log = try AuditLog.open(configuration)
        defer { log.close() }
        let path = workspace.directory
        try log.record(event(1))
        let recorded = await withCheckedContinuation { continuation in
            let lane = log.makeLane()
            guard lane.append(event(2)) else { return continuation.resume(returning: false) }
            lane.flush { continuation.resume(returning: $0) }
        }
        #expect(recorded)
        try log.synchronize()
        let records = try AuditReader(directory: path).tail(10).compactMap(\.record)
        #expect(records.map { $0.text("decision") } == [nil, "d-1", "d-2"])
        #expect(records[0].text("durability") == "disk")
    }

    @Test func `each checkpoint interval begins with a record that names the last head`() throws {
        let workspace = try Workspace()
        let log = try AuditLog.open(try workspace.configuration())
        defer { log.close() }
        for number in 0..<3 {
            try log.record(event(number))
            try log.synchronize()
        }
        let records = try log.tail(10).compactMap(\.record)
        #expect(
            records.map { $0.text("kind") } == Array(repeating: ["checkpoint_interval", "decision"], count: 3).joined()
                + [])
        #expect(records[4].text("detail")?.hasPrefix("after size 4 root ") == true)
        #expect(records[0].text("durability") == "process")
    }

    @Test func `records are refused while the directory is gone and taken again when it is back`() throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        configuration.checkpointMilliseconds = 1
        configuration.retryMilliseconds = 1
        let log = try AuditLog.open(configuration)
        defer { log.close() }
        try log.record(event(0))
        try log.synchronize()
        try FileManager.default.moveItem(atPath: workspace.directory, toPath: workspace.path + "/away")
        try log.record(event(1))
        #expect(throws: AuditLogError.self) { try log.synchronize() }
        #expect(!log.isAvailable)
        #expect(log.fault != nil)
        let lane = log.makeLane()
        #expect(!lane.append(event(2)) || !lane.flushNow())
        #expect(throws: AuditLogError.self) { try log.record(event(3)) }
        #expect(log.refusedRecords == 2)
        try FileManager.default.moveItem(atPath: workspace.path + "/away", toPath: workspace.directory)
        try log.synchronize()
        #expect(log.isAvailable)
        try log.record(event(4))
        let records = try log.tail(10).compactMap(\.record)
        #expect(records.compactMap { $0.text("decision") } == ["d-0", "d-1", "d-4"])
        #expect(records.contains { $0.text("kind") == "recovery" && $0.text("detail")?.contains("refused") == true })
        let report = try AuditVerifier.verify(directory: workspace.directory, key: log.verifierKey)
        #expect(report.isIntact, "\(report.problems)")
    }

    @Test func `records are refused while the journal cannot grow, and the cut write leaves no trace`() throws {
        let workspace = try Workspace()
        let result = Shell.run(Torture.program.path, [workspace.directory, "full"])
        #expect(result.status == 0, "\(result.output)")
        let key = try AuditReader.key(in: workspace.directory)
        let report = try AuditVerifier.verify(directory: workspace.directory, key: key)
        #expect(report.isIntact, "\(report.problems)")
        var decisions: [String] = []
        let reader = try AuditReader(directory: workspace.directory)
        try reader.forEachRecord(in: 0..<reader.size) { _, bytes in
            if let decision = AuditRecord(bytes)?.text("decision") { decisions.append(decision) }
        }
        #expect(decisions.map { $0 + "\n" }.joined() == result.output)
    }

    @Test func `journal files go once their records are in full bundles, and the log opens without them`() throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        configuration.segmentBytes = 20_000
        for round in 0..<3 {
            let log = try AuditLog.open(configuration)
            for part in 0..<10 { try log.fill(round * 1000 + part * 100..<round * 1000 + part * 100 + 100) }
            log.close()
            let names = try FileManager.default.contentsOfDirectory(atPath: workspace.directory + "/journal")
            #expect(names.count < 6)
            let report = try AuditVerifier.verify(directory: workspace.directory, key: log.verifierKey)
            #expect(report.isIntact, "\(report.problems)")
            #expect(report.verifiedRecords >= UInt64(round + 1) * 1000)
        }
        // Partial tiles went with the full ones that replaced them.
        let bundles = try FileManager.default.contentsOfDirectory(atPath: workspace.directory + "/tile/entries")
        #expect(bundles.filter { $0.hasSuffix(".p") }.count <= 1)
    }

    @Test(arguments: ["00", "000000ff00000000", "7b", "00000002000000007b7d"])
    func `a torn end is cut and the log goes on`(hexadecimal: String) throws {
        let victim = try Victim()
        let tail = try #require(Hexadecimal.decode(hexadecimal.utf8))
        try victim.write(try victim.bytes(victim.journal) + tail, victim.journal)
        #expect(try victim.verify().isIntact)
        let log = try AuditLog.open(try victim.workspace.configuration())
        #expect(log.openingNotes.count == 1)
        try log.fill(2000..<2010)
        log.close()
        #expect(try victim.verify().isIntact)
    }

    @Test func `whole frames behind the signed head are taken, and tiles that a crash left are made again`() throws {
        let victim = try Victim()
        let frame = Victim.frame(Array(#"{"kind":"decision","time_us":1}"#.utf8))
        try victim.write(try victim.bytes(victim.journal) + frame + frame, victim.journal)
        try victim.remove("tile/entries/001")
        try victim.write([], "tile/0/002")
        let log = try AuditLog.open(try victim.workspace.configuration())
        #expect(try log.reader().size == victim.size + 2)
        log.close()
        #expect(try victim.verify().isIntact)
    }

    @Test func `unfinished tiles that a loss of power took are made again, and a changed one is refused`() throws {
        let victim = try Victim()
        try victim.remove("tile/0/003.p")
        try victim.write([], "tile/1/000.p/3")
        let bundle = "tile/entries/003.p/\(victim.size % 256)"
        let intact = try victim.bytes(bundle)
        try victim.write(Array(intact.dropLast(100)), bundle)
        let log = try AuditLog.open(try victim.workspace.configuration())
        #expect(log.openingNotes.count == 2)
        log.close()
        #expect(try victim.verify().isIntact)
        var changed = intact
        changed[40] ^= 1
        try victim.write(changed, bundle)
        let error = #expect(throws: AuditLogError.self) { try AuditLog.open(victim.workspace.configuration()) }
        #expect(error?.description.contains("record 768") == true)
    }

    @Test func `a full queue makes a flush wait shortly and then fail`() throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        configuration.queueBytes = 1 << 17
        configuration.stallMilliseconds = 1
        let log = try AuditLog.open(configuration)
        let lane = log.makeLane()
        var large = event(0)
        large.detail = String(repeating: "x", count: 4000)
        var recorded: UInt64 = 0
        for _ in 0..<2000 where lane.append(large) && lane.flushNow() { recorded += 1 }
        log.close()
        let reader = try AuditReader(directory: workspace.directory)
        var found: UInt64 = 0
        try reader.forEachRecord(in: 0..<reader.size) { _, bytes in
            if AuditRecord(bytes)?.text("decision") != nil { found += 1 }
        }
        #expect(found == recorded)
    }
}
