// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Storage

/// `yett audit export`: writes records for other programs.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write records for other programs, one JSON object a line.",
        discussion: "Without --from it begins with the first record; it ends with the last one that is signed.")

    /// The forms of an export.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case ocsf
    }

    @Option(
        help: ArgumentHelp(
            "jsonl: the records as they are; ocsf: Open Cybersecurity Schema Framework 1.4.", valueName: "form"))
    var format: Format = .jsonl

    @Option(help: ArgumentHelp("Begin with this record.", valueName: "index"))
    var from: UInt64 = 0

    @Option(
        name: [.customShort("o"), .long], help: ArgumentHelp("Write here, not to standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var options: AuditOptions

    func run() async throws {
        let file = try OutputFile(path: output)
        let source = try options.source()
        var next = from
        while true {
            let records = try await source.page(from: next)
            guard let last = records.last else { return }
            for record in records { try file.write(line(record)) }
            next = last.index + 1
        }
    }

    private func line(_ record: RecordLine) -> [UInt8] {
        let indexed = IndexedRecord(index: record.index, bytes: Array(record.json.utf8))
        switch format {
        case .jsonl: return JSONLinesExport.line(indexed)
        case .ocsf: return OCSFExport.line(indexed, version: Version.text) ?? []
        }
    }
}
