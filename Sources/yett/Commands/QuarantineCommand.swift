// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett quarantine`: denies everything to an agent.
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Deny everything to an agent and cut its live connections.",
        discussion: "The quarantine holds until `yett release`, or until the gate is restarted.")

    @Argument(help: ArgumentHelp("The agent.", valueName: "name or SPIFFE ID"))
    var agent: String

    @Option(help: ArgumentHelp("Why, for the audit record and the agent's refusals.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let body = QuarantineRequest(agent: agent, why: why)
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("quarantine", method: .POST, body: body))) }
            let report = try await gate.ask("quarantine", method: .POST, body: body, for: QuarantineReport.self)
            print("\(report.agent) is quarantined. Cut \(Amount.count(report.cut, "connection")).")
        }
    }
}
