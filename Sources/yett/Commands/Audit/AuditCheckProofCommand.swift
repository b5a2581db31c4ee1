// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import AuditTree

/// `yett audit check-proof`: checks a proof with nothing but the log's public key.
struct AuditCheckProofCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-proof", abstract: "Check a proof with nothing but the log's public key.",
        discussion: "Prints the record that is proved. The exit code is 1 when the proof does not hold.")

    @Argument(help: ArgumentHelp("The proof (C2SP tlog-proof); - reads standard input.", valueName: "file"))
    var proof: String

    @Option(help: ArgumentHelp("The log's public key, or a file that holds it.", valueName: "key or file"))
    var key: String

    @Option(help: ArgumentHelp("The record, when the proof does not hold it.", valueName: "file"))
    var record: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("The public key of a witness, or a file that holds it.", valueName: "key or file"))
    var witness: [String] = []

    @Option(help: ArgumentHelp("How many of the witnesses must have cosigned; all by default.", valueName: "count"))
    var quorum: Int?

    @Flag(help: "Print JSON for programs.")
    var json = false

    func run() throws {
        let witnesses = try witness.map { try LogKey.parse($0) }
        let key = try LogKey.parse(key)
        let bytes = try InputFile.read(proof, limit: 2 << 20)
        let proven: (record: [UInt8], checkpoint: VerifiedCheckpoint)
        let index: UInt64
        do {
            let proof = try TransparencyProof(bytes)
            proven = try proof.verify(
                record: try record.map { try InputFile.read($0) }, key: key, witnesses: witnesses,
                quorum: quorum ?? witnesses.count)
            index = proof.inclusion.index
        } catch let fault as TransparencyProof.Fault {
            throw CommandFailure("the proof does not hold: \(fault)")
        }
        let line = RecordLine(index: index, json: String(decoding: proven.record, as: UTF8.self))
        let head = proven.checkpoint.checkpoint
        if json {
            print(line.line)
        } else {
            Terminal.write(RecordTable.sheet(line))
            print("\nThe record is number \(index) of \(head.origin), signed with \(head.size) records.")
        }
    }
}
