// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Glibc
import ProcessSupport
import Storage
import Testing

/// The program `audit-torture`, which stands beside the test bundle.
struct Torture {
    static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("audit-torture")

    let process = ChildProcess()
    let output: String

    init(directory: String, round: Int, durability: String, output: String) throws {
        self.output = output
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.executableURL = Self.program
        process.arguments = [directory, "r\(round)", durability]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try process.run()
    }

    var acknowledged: [String] {
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        // The last line may be cut by the kill; then its writer had not finished acknowledging it.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// Waits until records are being acknowledged, and a random moment more, then kills the program.
    func killSoon() throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while acknowledged.isEmpty {
            try #require(process.isRunning && ContinuousClock.now < deadline, "audit-torture recorded nothing")
            usleep(1000)
        }
        usleep(UInt32.random(in: 0..<60_000))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

@Suite(.serialized) struct KillTests {
    @Test(arguments: [("process", 50), ("disk", 8)])
    func `killing the process at any moment loses no acknowledged record`(durability: String, rounds: Int) throws {
        let workspace = try Workspace()
        var configuration = AuditLog.Configuration(
            directory: workspace.directory, origin: try #require(NoteName("torture.example/audit")))
        configuration.indexDelayMilliseconds = 60_000
        var size: UInt64 = 0
        var total = 0
        var notes = 0
        var slowest = Duration.zero
        var key: NoteVerifierKey?
        for round in 0..<rounds {
            let torture = try Torture(
                directory: workspace.directory, round: round, durability: durability,
                output: workspace.path + "/acknowledged")
            try torture.killSoon()
            let start = ContinuousClock.now
            let log = try AuditLog.open(configuration)
            slowest = max(slowest, ContinuousClock.now - start)
            notes += log.openingNotes.count
            let reader = try log.reader()
            var recorded: Set<String> = []
            try reader.forEachRecord(in: size..<reader.size) { _, bytes in
                if let decision = AuditRecord(bytes)?.text("decision") { recorded.insert(decision) }
            }
            let lost = torture.acknowledged.filter { !recorded.contains($0) }
            #expect(lost.isEmpty, "round \(round) lost \(lost.count): \(lost.prefix(3))")
            total += torture.acknowledged.count
            size = reader.size
            key = log.verifierKey
            log.close()
            guard round % 10 == 9 || round == rounds - 1 else { continue }
            let report = try AuditVerifier.verify(directory: workspace.directory, key: try #require(key))
            #expect(report.isIntact, "\(report.problems.prefix(3))")
            #expect(report.verifiedRecords == size)
        }
        print(
            "measured: \(durability): \(rounds) kills, \(total) acknowledged records, none lost, \(size) in the log, "
                + "\(notes) repairs, slowest opening \(slowest)")
    }
}
