// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore

/// `yett tools annotate`: what a person may say of tools.
struct ToolsAnnotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate", abstract: "Propose what the configuration says of a service's tools.",
        discussion: """
            Guesses, by plain rules from names and schemas, what each tool does and what its arguments are for, and prints
            lines for the configuration. Read them, mend them, and put them under `services`: only that counts. Tools of
            which the configuration says something are left out.
            """)

    @Argument(help: ArgumentHelp("The service.", valueName: "service"))
    var service: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let path = "tools/\(FormText.escaped(service))/proposal"
            if client.json { return print(String(buffer: try await gate.ask(path))) }
            let proposal = try await gate.ask(path, for: ToolProposal.self)
            guard let text = proposal.yaml else {
                return print("The configuration speaks of every tool of \(service).")
            }
            Terminal.write(Terminal.safeLines(text))
        }
    }
}
