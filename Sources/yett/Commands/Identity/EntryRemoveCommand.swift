// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Identity
import NIOHTTP1

/// `yett entry remove`: removes an entry.
struct EntryRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove an entry that was added; whoever has its identity is not given it again.")

    @Argument(help: ArgumentHelp("The entry.", valueName: "id"))
    var entry: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            _ = try await gate.ask("entries/\(FormText.escaped(entry))", method: .DELETE)
            if !client.json { print("Removed entry \(entry).") }
        }
    }
}
