// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Storage
import Testing

/// What the gate keeps besides its log.
@Suite struct StateDatabaseTests {
    private static func withPath(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "yett-state-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory + "/state.db")
    }

    @Test func `Tasks are found again as they were kept last`() throws {
        try Self.withPath { path in
            let database = try StateDatabase(path: path)
            try database.keep(StoredTask(id: "t-1", document: "{}"))
            try database.keep(usage: [("t-1", "[1,2]"), ("t-9", "[]")])
            try database.keep(StoredTask(id: "t-1", document: "{\"stopped\":1}"))
            try database.keep(StoredTask(id: "t-2", document: "{}"))
            try database.forget(tasks: ["t-2"])
            let again = try StateDatabase(path: path)
            #expect(try again.tasks() == [StoredTask(id: "t-1", document: "{\"stopped\":1}", usage: "[1,2]")])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func `A file that others may read, a link and a damaged one are not used`() throws {
        try Self.withPath { path in
            _ = try StateDatabase(path: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let open = #expect(throws: StateDatabaseError.self) { try StateDatabase(path: path) }
            #expect(open?.description.contains("chmod 600") == true)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            try FileManager.default.createSymbolicLink(atPath: path + ".link", withDestinationPath: path)
            #expect(throws: StateDatabaseError.self) { try StateDatabase(path: path + ".link") }
            try Data(repeating: 7, count: 8192).write(to: URL(filePath: path + ".bad"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + ".bad")
            #expect(throws: StateDatabaseError.self) { try StateDatabase(path: path + ".bad") }
        }
    }

    @Test func `What other gates said and what was seen of their trees outlives a restart`() throws {
        try Self.withPath { path in
            let database = try StateDatabase(path: path)
            try database.keep(statement: "keys/b", time: 5)
            try database.keep(statement: "keys/b", time: 7)
            var sighting = StoredSighting(gate: "b", time: 1, log: "key", state: "")
            try database.keep(sighting)
            sighting.state = "5 root origin\n"
            try database.keep(sighting)
            let again = try StateDatabase(path: path)
            #expect(try again.statementTimes().map(\.entry) == ["keys/b"])
            #expect(try again.statementTimes().map(\.time) == [7])
            #expect(try again.sightings() == [sighting])
        }
    }

    @Test func `That a task was stopped is known until its own time is over, and which quarantines are known too`()
        throws
    {
        try Self.withPath { path in
            let database = try StateDatabase(path: path)
            try database.keep(stoppedTasks: [("t-1", 10), ("t-2", 20)])
            try database.keep(stoppedTasks: [("t-1", 15)])
            try database.keep(sharedQuarantine: -3, of: "a")
            let again = try StateDatabase(path: path)
            #expect(try again.stoppedTasks().map(\.expires).sorted() == [15, 20])
            #expect(try again.sharedQuarantines().map(\.number) == [-3])
            try again.forgetStoppedTasks(at: 15)
            #expect(try again.stoppedTasks().map(\.id) == ["t-2"])
        }
    }

    @Test func `Revocations hold until they end, the longer of two`() throws {
        try Self.withPath { path in
            let database = try StateDatabase(path: path)
            try database.keep(StoredRevocation(kind: "jti", value: "a", expires: 20))
            try database.keep(StoredRevocation(kind: "jti", value: "a", expires: 10))
            try database.keep(StoredRevocation(kind: "txn", value: "a", expires: 5))
            let again = try StateDatabase(path: path)
            #expect(try again.revocations(now: 5) == [StoredRevocation(kind: "jti", value: "a", expires: 20)])
            #expect(try again.revocations(now: 20).isEmpty)
        }
    }

    @Test func `Cutoffs and quarantines are found again as they were kept last, until they are forgotten`() throws {
        try Self.withPath { path in
            let database = try StateDatabase(path: path)
            var cutoff = StoredCutoff(kind: "agent", value: "a", time: 1, certificatesFrom: 2, origin: "uid:0")
            try database.keep(cutoff)
            cutoff.time = 9
            cutoff.digests = "00ff 01"
            cutoff.expires = 7
            cutoff.why = "w"
            try database.keep(cutoff)
            try database.keep(StoredCutoff(kind: "key", value: "a", time: 1, certificatesFrom: 2, origin: "uid:0"))
            var quarantine = StoredQuarantine(agent: "a", since: 1, why: "w", origin: "uid:0")
            try database.keep(quarantine)
            quarantine.ends = 5
            try database.keep(quarantine)
            try database.keep(StoredQuarantine(agent: "b", since: 1, why: "w", origin: "uid:0"))
            try database.forget(quarantineOf: "b")
            try database.forget(cutoffs: [("key", "a")])
            let again = try StateDatabase(path: path)
            #expect(try again.cutoffs() == [cutoff])
            #expect(try again.quarantines() == [quarantine])
        }
    }

    @Test func `Of events that wait the oldest are dropped, and each stream has its own`() throws {
        try Self.withPath { path in
            let database = try StateDatabase(path: path)
            for number in 1...3 {
                #expect(try database.keep(event: "\(number)", for: "a", limit: 2) == (number == 3 ? 1 : 0))
            }
            #expect(try database.keep(event: "x", for: "b", limit: 2) == 0)
            let again = try StateDatabase(path: path)
            let oldest = try #require(try again.event(of: "a"))
            #expect(oldest.claims == "2")
            try again.forget(event: oldest.number)
            #expect(try again.event(of: "a")?.claims == "3" && again.event(of: "b")?.claims == "x")
            #expect(try again.event(of: "c") == nil)
        }
    }

    @Test func `A file that is no database is refused and left as it is`() throws {
        try Self.withPath { path in
            let bytes = Data(repeating: 7, count: 8192)
            try bytes.write(to: URL(filePath: path))
            #expect(throws: StateDatabaseError.self) { try StateDatabase(path: path) }
            #expect(FileManager.default.contents(atPath: path) == bytes)
        }
    }
}
