// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import AuditTree
import PolicyTool

/// `yett policy replay`: judges recorded decisions by a candidate policy.
struct PolicyReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Judge recorded decisions by a candidate policy and print what would change.",
        discussion: """
            Whether a grant covers a request is taken from its record. What a record does not hold, such as the query of
            a request, is absent from the input; where the policy reads it, the report says so.
            """)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The candidate: .rego and data files, or directories.", valueName: "path"))
    var against: [String]

    @Option(help: ArgumentHelp("The document that decides.", valueName: "path"))
    var entryPoint = "yett/authz/verdict"

    @Option(help: ArgumentHelp("Records not older than this, such as 12h or 7d.", valueName: "age"))
    var since: String?

    @Flag(help: "End with 1 when any decision would fall otherwise.")
    var fail = false

    @OptionGroup var options: AuditOptions

    func run() async throws {
        var replay = try PolicyFailure.reporting {
            var loading = LoadedFiles.Options()
            loading.ignored = ["*_test.rego"]
            return try PolicyReplay(files: try LoadedFiles(against, options: loading), entryPoint: entryPoint)
        }
        try await DecisionRecords.forEach(options, since: since) { replay.judge($0) }
        let report = replay.report
        Terminal.write(options.client.json ? report.json.jsonText() + "\n" : Terminal.safeLines(report.pretty))
        if fail && report.hasChanges { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }
}

/// The decisions in an audit tree.
enum DecisionRecords {
    /// Visits the decisions, oldest first.
    static func forEach(
        _ options: AuditOptions, since: String?, _ body: (RecordedDecision) -> Void
    ) async throws {
        let source = try options.source()
        let earliest = try since.map {
            Int64(clamping: try Age.ago($0)).multipliedReportingOverflow(by: 1_000_000).partialValue
        }
        var next: UInt64 = 0
        while true {
            let records = try await source.page(from: next)
            guard let last = records.last else { return }
            for line in records {
                guard let record = line.record, (record.number("time_us") ?? 0) >= earliest ?? .min else { continue }
                if let decision = RecordedDecision(index: line.index, record: record) { body(decision) }
            }
            next = last.index + 1
        }
    }
}
