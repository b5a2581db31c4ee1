// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett cut`: ends live connections.
struct CutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "End live connections at once.",
        discussion: """
            Every selection that is given must hold. The agent may connect again; to stop it from doing so, use
            `yett quarantine`.
            """)

    @Option(help: ArgumentHelp("Connections of this agent.", valueName: "name or SPIFFE ID"))
    var agent: String?

    @Option(help: ArgumentHelp("Connections of this task.", valueName: "id"))
    var task: String?

    @Option(help: ArgumentHelp("Connections to this service or host.", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("This connection, as `yett ps` names it.", valueName: "id"))
    var connection: String?

    @Option(help: ArgumentHelp("Why, for the audit record.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if agent == nil, task == nil, service == nil, connection == nil {
            throw ValidationError("Say what to cut: --agent, --task, --service or --connection.")
        }
    }

    func run() async throws {
        let selection = CutRequest(agent: agent, task: task, service: service, connection: connection, why: why)
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("cut", method: .POST, body: selection))) }
            let report = try await gate.ask("cut", method: .POST, body: selection, for: CutReport.self)
            print("Cut \(Amount.count(report.cut, "connection")).")
        }
    }
}
