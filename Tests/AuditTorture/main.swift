// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import Glibc
import Storage

// Usage: audit-torture DIRECTORY ROUND [disk]
//        audit-torture DIRECTORY full
//
// The second form lets files grow to 100,000 bytes only, records until that is reached, lifts the limit and goes on; it
// fails unless records are refused in between, and prints the acknowledged decision ids.
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

/// Records with a limit on the size of files, and then without.
func fill(_ configuration: AuditLog.Configuration) throws -> Int32 {
    var configuration = configuration
    configuration.retryMilliseconds = 1
    configuration.checkpointMilliseconds = 60_000
    configuration.checkpointRecords = 1_000_000
    signal(SIGXFSZ, SIG_IGN)
    let log = try AuditLog.open(configuration)
    let lane = log.makeLane()
    func attempt(_ number: Int) -> Bool {
        var event = AuditEvent(kind: .decision, time: Int64(number))
        event.decision = "d-\(number)"
        event.detail = String(repeating: "x", count: 500)
        guard lane.append(event), lane.flushNow() else { return false }
        acknowledge("d-\(number)")
        return true
    }
    var limit = rlimit(rlim_cur: 100_000, rlim_max: rlim_t.max)
    setrlimit(__rlimit_resource_t(1), &limit)
    var number = 0
    while attempt(number) { number += 1 }
    guard number > 100, number < 200, !log.isAvailable, !attempt(number + 1) else {
        complain("nothing was refused after \(number) records")
        return 1
    }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(1), &limit)
    usleep(5000)
    for later in 1000..<1010 where !attempt(later) {
        complain("record \(later) was refused")
        return 1
    }
    log.close()
    return 0
}

do {
    if round == "full" { exit(try fill(configuration)) }
    let log = try AuditLog.open(configuration)
    let name = round
    Thread.detachNewThread { hammer(log, round: name, name: "b") }
    hammer(log, round: round, name: "a")
} catch {
    complain("\(error)")
    exit(1)
}
