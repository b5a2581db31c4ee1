// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett canary list`: what is planted.
struct CanaryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what is planted; never what it says.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("canaries"))) }
            let canaries = try await gate.ask("canaries", for: CanaryList.self).canaries
            guard !canaries.isEmpty else { return print("Nothing is planted.") }
            var table = Table([("NAME", .left), ("KIND", .left), ("AGENT", .left), ("SINCE", .left), ("BY", .left)])
            for canary in canaries {
                table.add([canary.name, canary.kind, canary.agent ?? "-", canary.since, canary.by])
            }
            Terminal.write(table.text)
        }
    }
}
