// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett audit`: reads and checks the audit tree.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read, check and hand out the audit tree.",
        discussion: """
            tail, query, show, export and prove ask the running gate, or read a directory with --directory. verify,
            check-proof and serve need no gate.
            """,
        subcommands: [
            AuditTailCommand.self, AuditQueryCommand.self, AuditShowCommand.self, AuditExportCommand.self,
            AuditVerifyCommand.self, AuditProveCommand.self, AuditCheckProofCommand.self, AuditServeCommand.self,
        ])
}

/// Where the commands that read records take them from.
struct AuditOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read this audit directory instead of asking the gate.", valueName: "path"))
    var directory: String?

    @OptionGroup var client: ClientOptions

    /// The records of the gate or of the directory.
    func source() throws -> any RecordSource {
        if let directory { return try DirectoryRecords(directory: directory) }
        let socket = try SocketLocation.find(option: client.socket, configuration: client.config)
        return GateRecords(gate: AdminClient(socket: socket))
    }
}
