// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore
import NIOHTTP1

/// `yett approvals refuse`: a person's answer.
struct ApprovalsRefuseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Refuse a call.",
        discussion: "The same call is refused without asking again until the question is forgotten.")

    @Argument(help: ArgumentHelp("The approval.", valueName: "id"))
    var approval: String

    @Option(help: ArgumentHelp("Why, for the audit record and the agent, which is told.", valueName: "text"))
    var why: String

    @Flag(help: "Put the name of your session into the record. Sign in first: yett login.")
    var asMe = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        var body = ApprovalAnswerRequest(why: why)
        if asMe { body.session = try SessionFile.read().session }
        try await client.withGate { [body] gate in
            let path = "approvals/\(FormText.escaped(approval))/refuse"
            if client.json { return print(String(buffer: try await gate.ask(path, method: .POST, body: body))) }
            let report = try await gate.ask(path, method: .POST, body: body, for: ApprovalReport.self)
            print("Refused \(report.call) of \(AgentName.short(report.agent)).")
        }
    }
}
