// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett revoke`: voids what somebody has.
struct RevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Void what an agent or a person has, a task, a token or a key, and cut what is open on it.",
        discussion: """
            Of an agent: every certificate, token, launch, connection and task that it has now; what it obtains afterwards counts
            again. Of a person: every session, token, task and unused approval. A task, a token and a key stay revoked. To deny
            everything to an agent from now on, type: yett quarantine NAME
            """)

    @Option(help: ArgumentHelp("What an agent has.", valueName: "name or SPIFFE ID")) var agent: String?
    @Option(help: ArgumentHelp("What was given on a person's behalf.", valueName: "issuer#subject")) var person: String?
    @Option(help: ArgumentHelp("A task and those below it.", valueName: "id")) var task: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("One token.", valueName: "jti")) var token: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Whatever a key signed.", valueName: "kid")) var key: String?
    @Option(help: ArgumentHelp("Why, for the audit record and refusals.", valueName: "text")) var why: String?
    @Flag(help: "Show what is revoked.") var list = false

    @OptionGroup var client: ClientOptions

    func validate() throws {
        guard [token, task, person, agent, key].count(where: { $0 != nil }) == (list ? 0 : 1), !list || why == nil
        else {
            throw ValidationError("Say what: one of --agent, --person, --task, --token and --key, or --list.")
        }
    }

    func run() async throws {
        if list { return try await show() }
        var body = RevocationRequest()
        body.agent = agent
        body.person = person
        body.task = task
        body.token = token
        body.key = key
        body.why = why
        try await client.withGate { [body] gate in
            if client.json {
                return print(String(buffer: try await gate.ask("revocations", method: .POST, body: body)))
            }
            let report = try await gate.ask("revocations", method: .POST, body: body, for: RevocationReport.self)
            print(
                "Revoked \(report.kind) \(Terminal.safe(report.value)). Cut \(Amount.count(report.cut ?? 0, "connection"))."
            )
            let ended = [
                (report.tasks, "task"), (report.launches, "launched agent"), (report.sessions, "session"),
            ].filter { ($0.0 ?? 0) > 0 }
            if !ended.isEmpty { print("Ended \(ended.map { Amount.count($0.0 ?? 0, $0.1) }.joined(separator: ", ")).") }
        }
    }

    private func show() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("revocations"))) }
            let revocations = try await gate.ask("revocations", for: RevocationList.self).revocations
            guard !revocations.isEmpty else { return print("Nothing is revoked.") }
            var table = Table([
                ("KIND", .left), ("NAME", .left), ("UP TO", .left), ("REMEMBERED UNTIL", .left), ("BY", .left),
                ("WHY", .left),
            ])
            for revocation in revocations {
                table.add([
                    revocation.kind, revocation.value, revocation.issuedUntil, revocation.rememberedUntil ?? "for ever",
                    revocation.by, revocation.why ?? "-",
                ])
            }
            Terminal.write(table.text)
        }
    }
}
