// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import AuditTree
import Behavior
import Storage

/// `yett risk learn`: what is usual for agents, as an audit tree shows it.
struct RiskLearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Learn from an audit tree what is usual for agents, and write it down as a baseline.",
        discussion: """
            Needs no gate. What was seen too rarely, in sessions with a strong refusal or of an agent above normal is left
            out. The baseline is a proposal: nothing is compared with it before yett risk ratify.
            """)

    @Option(help: ArgumentHelp("The audit directory.", valueName: "path"))
    var directory: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the baseline.", valueName: "file"))
    var output: String

    func run() throws {
        var replay = RiskReplay(isLearning: true)
        var time: Int64 = 0
        do {
            let reader = try AuditReader(directory: directory)
            try reader.forEachRecord(in: 0..<reader.size) { index, bytes in
                guard let record = AuditRecord(bytes) else { return }
                time = max(time, record.number("time_us") ?? 0)
                replay.take(record, at: index)
            }
        } catch let error as AuditLogError {
            throw CommandFailure("\(error)")
        }
        guard let proposal = replay.proposal(at: time), !proposal.baseline.roles.isEmpty else {
            throw CommandFailure(
                "no session of an agent has ended in \(directory), so there is nothing usual",
                remedy: "let agents work for some days; a session ends with half an hour of silence")
        }
        try OutputFile.replace(output, with: proposal.baseline.encoded, mode: 0o644)
        for line in proposal.baseline.differences(from: nil) { print(Terminal.safe(line)) }
        for line in proposal.leftOut { print(Terminal.safe("left out: \(line)")) }
        print("Look at it, then: yett risk ratify \(Terminal.safe(output)) --why TEXT")
    }
}
