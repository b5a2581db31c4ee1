// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett key list`: the keys.
struct KeyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys that sign identities, the oldest first.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("keys"))) }
            Terminal.write(Self.table(try await gate.ask("keys", for: KeyList.self).keys))
        }
    }

    static func table(_ keys: [KeyReport]) -> String {
        var table = Table([("KIND", .left), ("STAGE", .left), ("ENDS", .left), ("KEY", .left)])
        for key in keys {
            table.add([key.kind, key.stage + (key.isTainted ? ", tainted" : ""), key.expiresAt, key.id])
        }
        return table.text
    }
}
