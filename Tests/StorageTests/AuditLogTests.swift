// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc
import Storage
import Testing

/// A directory of its own for one test, removed afterwards.
final class Workspace: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/yett-audit-XXXXXX".utf8CString)
        guard let name = mkdtemp(&template) else { throw AuditLogError.unavailable("no temporary directory") }
        path = String(cString: name)
    }

    deinit {
        _ = Shell.run("/bin/rm", ["-rf", path])
    }

    var directory: String { path + "/log" }

    func configuration() throws -> AuditLog.Configuration {
        var configuration = AuditLog.Configuration(
            directory: directory, origin: try #require(NoteName("gate.example/audit")))
        configuration.now = { 1_790_000_000_000_000 }
        return configuration
    }
}

func event(_ number: Int) -> AuditEvent {
    var event = AuditEvent(kind: .decision, time: 1_790_000_000_000_000 + Int64(number))
    event.decision = "d-\(number)"
    event.agent = "spiffe://techresolve.local/agent/a\(number % 3)"
    event.host = "host\(number % 5).example"
    event.verdict = number % 2 == 0 ? .allow : .deny
    event.reasons = number % 2 == 0 ? [] : ["no_grant"]
    return event
}

extension AuditLog {
    /// Records `count` decisions, 50 a flush.
    func fill(_ range: Range<Int>) throws {
        let lane = makeLane()
        for number in range {
            try #require(lane.append(event(number)))
            if number % 50 == 49 { try #require(lane.flushNow()) }
        }
        try #require(lane.flushNow())
        try synchronize()
    }
}

@Suite struct AuditLogTests {
    @Test func `what is recorded can be read, found and proven, also after reopening`() throws {
        let workspace = try Workspace()
        let configuration = try workspace.configuration()
        for round in 0..<3 {
            let log = try AuditLog.open(configuration)
            #expect(log.openingNotes.isEmpty)
            try log.fill(round * 700..<(round + 1) * 700)
            let found = try log.records(decision: "d-\(round * 700 + 13)")
            let index = try #require(found.first?.index)
            #expect(found.count == 1)
            #expect(found.first?.record?.text("host") == "host3.example")
            let proof = try log.prove(index)
            let parsed = try TransparencyProof(proof.bytes)
            let proven = try parsed.verify(key: log.verifierKey)
            #expect(proven.record == found.first?.bytes)
            log.close()
            #expect(!log.isAvailable)
        }
        let reader = try AuditReader(directory: workspace.directory)
        #expect(reader.size >= 2103)
        var decisions: [String] = []
        try reader.forEachRecord(in: 0..<reader.size) { _, bytes in
            if let decision = AuditRecord(bytes)?.text("decision") { decisions.append(decision) }
        }
        #expect(decisions == (0..<2100).map { "d-\($0)" })
    }
}
