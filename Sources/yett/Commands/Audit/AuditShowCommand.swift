// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser

/// `yett audit show`: one record, or all of one decision.
struct AuditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one record in full, or all records of one decision.")

    @Argument(help: ArgumentHelp("The record's index, or the decision.", valueName: "index or d-…"))
    var record: String

    @OptionGroup var options: AuditOptions

    func run() async throws {
        let source = try options.source()
        var query = RecordQuery()
        if let index = UInt64(record), index < .max {
            query.before = index + 1
            query.limit = 1
        } else {
            query.decision = record
        }
        let records = try await source.find(query).filter { UInt64(record) == nil || String($0.index) == record }
        guard !records.isEmpty else { throw CommandFailure("there is no record \(record)", remedy: "yett audit tail") }
        let texts = records.map { options.client.json ? $0.line + "\n" : RecordTable.sheet($0) }
        Terminal.write(texts.joined(separator: options.client.json ? "" : "\n"))
    }
}
