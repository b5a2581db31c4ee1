// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import AuditTree
import FoundationEssentials
import Storage

/// `yett audit verify`: checks an audit directory offline.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check tiles, journal, checkpoints and index, and name what was changed.",
        discussion: """
            Without --key the public key is taken from the directory, which proves nothing against somebody who can
            write there: keep a copy of key.pub elsewhere. A --checkpoint kept elsewhere uncovers a log that was set
            back. With --witness, that witness, or gate of the cluster, must have signed a head that stands beside the
            tree. The exit code is 1 when anything is not as it was signed.
            """)

    @Option(help: ArgumentHelp("The audit directory.", valueName: "path"))
    var directory: String

    @Option(help: ArgumentHelp("The log's public key, or a file that holds it.", valueName: "key or file"))
    var key: String?

    @Option(help: ArgumentHelp("A checkpoint that was kept elsewhere.", valueName: "file"))
    var checkpoint: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("The public key of a witness, or a file that holds it.", valueName: "key or file"))
    var witness: [String] = []

    @Flag(help: "Print JSON for programs.")
    var json = false

    func run() throws {
        let report: VerificationReport
        do {
            report = try AuditVerifier.verify(
                directory: directory, key: try LogKey.find(key, directory: directory),
                checkpoint: try checkpoint.map { try InputFile.read($0) },
                witnesses: try witness.map { try LogKey.parse($0) })
        } catch let error as AuditLogError {
            throw CommandFailure("\(error)")
        }
        if json { Terminal.write(VerifyReport(report).line) } else { Self.tell(report) }
        if !report.isIntact { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }

    private static func tell(_ report: VerificationReport) {
        for problem in report.problems { Terminal.complain(Terminal.safe("\(problem)")) }
        if report.unlistedProblems > 0 { Terminal.complain("and \(report.unlistedProblems) further problems") }
        for note in report.notes { print("note: \(Terminal.safe(note))") }
        let head = report.head.map { "\($0.size) records, root \($0.root.base64)" } ?? "no signed head"
        print("\(report.isIntact ? "intact" : "NOT INTACT"): \(head)")
        print("verified \(report.verifiedRecords), behind the signed head \(report.unsignedRecords)")
    }
}

/// The answer of `yett audit verify --json`.
private struct VerifyReport: Encodable {
    let isIntact: Bool
    let origin: String?
    let size: UInt64?
    let root: String?
    let verifiedRecords: UInt64
    let unsignedRecords: UInt64
    let problems: [String]
    let unlistedProblems: Int
    let notes: [String]

    init(_ report: VerificationReport) {
        isIntact = report.isIntact
        origin = report.head?.origin
        size = report.head?.size
        root = report.head?.root.base64
        verifiedRecords = report.verifiedRecords
        unsignedRecords = report.unsignedRecords
        problems = report.problems.map(\.description)
        unlistedProblems = report.unlistedProblems
        notes = report.notes
    }

    var line: String {
        guard let data = try? AdminJSON.encoder.encode(self) else { return "{}\n" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
