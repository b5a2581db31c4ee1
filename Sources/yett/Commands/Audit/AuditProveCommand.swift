// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett audit prove`: writes the proof of one record.
struct AuditProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Write a proof that a record is in the tree.",
        discussion: """
            The proof (C2SP tlog-proof) holds the record, its path in the tree and the signed head. Whoever has the
            public key of the log checks it without the log: yett audit check-proof.
            """)

    @Argument(help: ArgumentHelp("The record's index.", valueName: "index"))
    var record: UInt64

    @Option(
        name: [.customShort("o"), .long], help: ArgumentHelp("Write here, not to standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var options: AuditOptions

    func run() async throws {
        let proof = try await options.source().proof(of: record)
        try OutputFile(path: output).write(proof.utf8)
    }
}
