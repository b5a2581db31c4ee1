// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett release`: ends a quarantine and begins a score anew.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "End the quarantine of an agent; its score begins anew.")

    @Argument(help: ArgumentHelp("The agent.", valueName: "name or SPIFFE ID"))
    var agent: String

    @Option(help: ArgumentHelp("Why, for the audit record.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let body = QuarantineRequest(agent: agent, why: why)
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("release", method: .POST, body: body))) }
            let report = try await gate.ask("release", method: .POST, body: body, for: QuarantineReport.self)
            print("\(report.agent) is released.")
        }
    }
}
