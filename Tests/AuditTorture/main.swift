// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Glibc
import Storage

// Usage: audit-torture DIRECTORY ROUND [disk]
//
// Opens the log and records decisions from two threads as fast as it can until it is killed. Each acknowledged decision
// id is written to standard output, with one write each, after the acknowledgement.

func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}

guard CommandLine.arguments.count >= 3, let origin = NoteName("torture.example/audit") else {
    complain("usage: audit-torture DIRECTORY ROUND [disk]")
    exit(2)
}
let round = CommandLine.arguments[2]
var configuration = AuditLog.Configuration(directory: CommandLine.arguments[1], origin: origin)
configuration.durability = CommandLine.arguments.last == "disk" ? .disk : .process
// Small limits, so that a kill meets checkpoints, full tiles and new journal files often.
configuration.checkpointMilliseconds = 15
configuration.checkpointRecords = 300
configuration.segmentBytes = 200_000
configuration.indexDelayMilliseconds = 5

@Sendable func acknowledge(_ id: String) {
    let line = Array((id + "\n").utf8)
    _ = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}

/// Records decisions for ever.
@Sendable func hammer(_ log: AuditLog, round: String, name: String) {
    let lane = log.makeLane()
    let isDurable = log.configuration.durability == .disk
    var number = 0
    while true {
        let id = "\(round)-\(name)-\(number)"
        number += 1
        var event = AuditEvent(kind: .decision, time: Int64(number))
        event.decision = id
        event.detail = String(repeating: "x", count: number % 700)
        guard lane.append(event) else { continue }
        if isDurable {
            lane.flush { if $0 { acknowledge(id) } }
        } else if lane.flushNow() {
            acknowledge(id)
        }
    }
}

do {
    let log = try AuditLog.open(configuration)
    let name = round
    Thread.detachNewThread { hammer(log, round: name, name: "b") }
    hammer(log, round: round, name: "a")
} catch {
    complain("\(error)")
    exit(1)
}
