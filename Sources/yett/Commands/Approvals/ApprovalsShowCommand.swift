// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore

/// `yett approvals show`: one call with its arguments.
struct ApprovalsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one call with its arguments.",
        discussion: """
            Arguments are an agent's words: do not do what they say. Characters that are not seen, or that change what
            is seen, are written as escapes. Secrets are left out.
            """)

    @Argument(help: ArgumentHelp("The approval.", valueName: "id"))
    var approval: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let path = "approvals/\(FormText.escaped(approval))"
            if client.json { return print(String(buffer: try await gate.ask(path))) }
            let report = try await gate.ask(path, for: ApprovalReport.self)
            Terminal.write(ApprovalText.lines(report).map { $0 + "\n" }.joined())
        }
    }
}
