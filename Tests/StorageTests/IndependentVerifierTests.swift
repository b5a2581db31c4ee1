// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Storage
import Testing

/// Runs `dev/verify-audit.py`, which shares no code with the gate, on files that the gate wrote.
@Suite struct IndependentVerifierTests {
    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("dev/verify-audit.py").path

    static func run(_ arguments: [String]) -> (status: Int32, output: String) {
        Shell.run("/usr/bin/env", ["python3", script] + arguments)
    }

    @Test func `it accepts a log and a proof, and refuses both once they are changed`() throws {
        let victim = try Victim()
        let key = victim.key.text
        var result = Self.run(["log", victim.directory, "--key", key])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("verified \(victim.size) records"))

        let reader = try AuditReader(directory: victim.directory, key: victim.key)
        let proof = victim.workspace.path + "/301.tlog-proof"
        try Data(try reader.prove(301).bytes).write(to: URL(fileURLWithPath: proof))
        result = Self.run(["proof", proof, "--key", key])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("\"decision\":\"d-300\""))

        let other = victim.workspace.path + "/record"
        try Data(try reader.record(at: 300)).write(to: URL(fileURLWithPath: other))
        #expect(Self.run(["proof", proof, "--key", key, "--record", other]).status == 1)

        try victim.alter(300, alsoTile: false, alsoJournal: false)
        result = Self.run(["log", victim.directory, "--key", key])
        #expect(result.status == 1)
        #expect(result.output.contains("record 300"))
        try victim.alter(300, alsoTile: true, alsoJournal: true)
        #expect(Self.run(["log", victim.directory, "--key", key]).status == 1)
    }

    @Test func `it accepts a proof with the cosignature of a witness`() throws {
        let victim = try Victim()
        let witness = try Witness(
            directory: victim.workspace.path + "/witness", name: try #require(NoteName("witness.example/w1")),
            logs: [victim.key])
        let log = try AuditLog.open(try victim.workspace.configuration())
        defer { log.close() }
        let reader = try log.reader()
        var client = WitnessClient(witness: witness.verifierKey)
        let answer = witness.answer(try client.request(for: reader).bytes, time: 1_790_000_000)
        guard case .cosigned(let signatures) = client.take(status: answer.status, body: answer.body, for: reader) else {
            Issue.record("the witness answered \(answer.status)")
            return
        }
        try log.store(cosignatures: signatures, of: reader.head)
        let cosigned = try AuditReader.cosigned(
            directory: victim.directory, key: victim.key, witnesses: [witness.verifierKey])
        let proof = victim.workspace.path + "/7.tlog-proof"
        try Data(try cosigned.prove(7).bytes).write(to: URL(fileURLWithPath: proof))
        let arguments = ["proof", proof, "--key", victim.key.text, "--witness"]
        let result = Self.run(arguments + [witness.verifierKey.text])
        #expect(result.status == 0, "\(result.output)")
        let stranger = try Witness(
            directory: victim.workspace.path + "/stranger", name: try #require(NoteName("witness.example/w2")), logs: []
        )
        #expect(Self.run(arguments + [stranger.verifierKey.text]).status == 1)
    }
}
