// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser

/// `yett audit tail`: the newest records, and those to come.
struct AuditTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Show the newest records, and with --follow those to come.")

    @Flag(name: [.customShort("f"), .long], help: "Go on with new records until interrupted.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long], help: ArgumentHelp("How many records to begin with.", valueName: "count"))
    var lines = 20

    @OptionGroup var options: AuditOptions

    func validate() throws {
        guard (0...RecordQuery.largestLimit).contains(lines) else {
            throw ValidationError("--lines takes 0 to \(RecordQuery.largestLimit).")
        }
    }

    func run() async throws {
        let source = try options.source()
        var query = RecordQuery()
        query.limit = max(1, lines)
        let newest = try await source.find(query)
        if lines > 0 { show(newest) }
        guard follow else { return }
        var next = newest.last.map { $0.index + 1 } ?? 0
        while true {
            let records = try await source.follow(from: next)
            show(records)
            next = records.last.map { $0.index + 1 } ?? next
        }
    }

    private func show(_ records: [RecordLine]) {
        for record in records {
            Terminal.write((options.client.json ? record.line : RecordTable.line(record)) + "\n")
        }
    }
}
