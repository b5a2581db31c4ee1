// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett entry list`: the entries.
struct EntryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List who gets which identity.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("entries"))) }
            let list = try await gate.ask("entries", for: EntryList.self)
            Terminal.write(Self.table(list.entries))
        }
    }

    private static func table(_ entries: [EntryReport]) -> String {
        guard !entries.isEmpty else { return "No entries.\n" }
        var table = Table([
            ("ENTRY", .left), ("IDENTITY", .left), ("FROM", .left), ("ENDS", .left), ("SELECTORS", .left),
        ])
        for entry in entries {
            table.add([
                entry.id, entry.spiffeId, entry.origin, entry.expiresAt ?? "-", entry.selectors.joined(separator: ", "),
            ])
        }
        return table.text
    }
}
