// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import AuditTree
import Behavior
import Storage

/// `yett risk replay`: computes the scores once more from an audit tree.
struct RiskReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Compute all alarms anew from an audit tree and compare them with the recorded.",
        discussion: """
            The exit code is 1 when an alarm is recorded otherwise than the records before it lead to. Verify the tree
            itself with yett audit verify.
            """)

    @Option(help: ArgumentHelp("The audit directory.", valueName: "path"))
    var directory: String

    func run() throws {
        let store = BaselineStore(logDirectory: directory)
        var replay = RiskReplay { digest in
            (try? store.document(digest)).flatMap { $0 }.flatMap { try? RatifiedBaseline(decoding: $0) }
        }
        let size: UInt64
        do {
            let reader = try AuditReader(directory: directory)
            size = reader.size
            try reader.forEachRecord(in: 0..<size) { index, bytes in
                if let record = AuditRecord(bytes) { replay.take(record, at: index) }
            }
        } catch let error as AuditLogError {
            throw CommandFailure("\(error)")
        }
        for difference in replay.differences.prefix(100) {
            Terminal.complain(Terminal.safe("record \(difference.index): \(difference.text)"))
        }
        print("\(size) records, \(replay.alarms) alarms came again, \(replay.differences.count) differ")
        if !replay.differences.isEmpty { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }
}
