// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett token revoke`: revokes tool tokens.
struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke tool tokens: one, or all of a task, a person, an agent or a key.",
        discussion: "To end a task with all that it has open, type: yett task stop ID")

    @Option(parsing: .unconditional, help: ArgumentHelp("One token.", valueName: "jti")) var token: String?
    @Option(help: ArgumentHelp("Those of a task.", valueName: "id")) var task: String?
    @Option(help: ArgumentHelp("Those of a person.", valueName: "issuer#subject")) var person: String?
    @Option(help: ArgumentHelp("Those in which an agent acts.", valueName: "name or SPIFFE ID")) var agent: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Those that a key signed.", valueName: "kid")) var key: String?
    @Option(help: ArgumentHelp("Why, for the audit record.", valueName: "text")) var why: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        guard [token, task, person, agent, key].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("Say which ones: one of --token, --task, --person, --agent and --key.")
        }
    }

    func run() async throws {
        var body = RevocationRequest()
        body.token = token
        body.task = task
        body.person = person
        body.agent = agent
        body.key = key
        body.why = why
        try await client.withGate { [body] gate in
            if client.json {
                return print(String(buffer: try await gate.ask("revocations", method: .POST, body: body)))
            }
            let report = try await gate.ask("revocations", method: .POST, body: body, for: RevocationReport.self)
            print("Revoked every token whose \(report.claim) is \(report.value).")
        }
    }
}
