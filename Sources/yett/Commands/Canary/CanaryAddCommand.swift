// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett canary add`: makes a canary.
struct CanaryAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a credential that opens nothing, and look for it from now on.",
        discussion: """
            It is shown once. Plant it where an agent finds it only by looking for such things: a file of credentials, a
            variable of the environment, a record in a test account.
            """)

    @Argument(help: ArgumentHelp("What records call it.", valueName: "name"))
    var name: String

    @Option(
        help: ArgumentHelp(
            "What it looks like: aws, github, openai, stripe, slack, postgres, password or pem.", valueName: "kind"))
    var kind = "aws"

    @Option(help: ArgumentHelp("The agent with whom it is planted.", valueName: "name or SPIFFE ID"))
    var agent: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let body = CanaryRequest(name: name, kind: kind, agent: agent)
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("canaries", method: .POST, body: body))) }
            let report = try await gate.ask("canaries", method: .POST, body: body, for: CanaryReport.self)
            for field in report.fields ?? [] {
                print(field.value.contains("\n") ? field.value : "\(field.name)=\(field.value)")
            }
            Terminal.complain("Canary \(report.name) is looked for. Plant the lines above; they are not shown again.")
        }
    }
}
