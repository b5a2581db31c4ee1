// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett ps`: the live connections.
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "List the live connections, oldest first.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("connections"))) }
            let list = try await gate.ask("connections", for: ConnectionList.self)
            Terminal.write(Self.table(list.connections))
        }
    }

    private static func table(_ connections: [ConnectionReport]) -> String {
        guard !connections.isEmpty else { return "No live connections.\n" }
        var table = Table([
            ("CONNECTION", .left), ("AGENT", .left), ("KNOWN BY", .left), ("OPERATION", .left), ("TO", .left),
            ("UP", .right), ("DOWN", .right), ("AGE", .right), ("GRANT", .left), ("TASK", .left),
            ("DECISION", .left),
        ])
        for live in connections {
            let destination = live.service.map { "\($0) (\(live.destination))" } ?? live.destination
            table.add([
                live.connection, AgentName.short(live.agent), live.proof,
                live.isHeld == true ? "\(live.operation) (held)" : live.operation, destination,
                Amount.bytes(live.bytesUp), Amount.bytes(live.bytesDown),
                Amount.duration(milliseconds: live.ageMilliseconds), live.grant ?? "-",
                live.task ?? "-", live.decision,
            ])
        }
        return table.text
    }
}
