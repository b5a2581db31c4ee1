// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Identity
import NIOHTTP1

/// `yett canary remove`: forgets a canary.
struct CanaryRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Do not look for something any more. Take it from where it was planted first.")

    @Argument(help: ArgumentHelp("The canary.", valueName: "name"))
    var name: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            _ = try await gate.ask("canaries/\(FormText.escaped(name))", method: .DELETE)
            if !client.json { print("Removed canary \(name).") }
        }
    }
}
