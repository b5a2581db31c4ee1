// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1
import PolicyTool

/// `yett quarantine`: denies everything to an agent.
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Deny everything to an agent and cut its live connections.",
        discussion: """
            The quarantine holds until `yett release`, or for as long as --for says; a restart of the gate does not end it. Of
            two for the same agent the later one counts.
            """)

    @Argument(help: ArgumentHelp("The agent.", valueName: "name or SPIFFE ID"))
    var agent: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 15m; then it ends by itself.", valueName: "duration"))
    var time: QuarantineTime?

    @Option(help: ArgumentHelp("Why, for the audit record and the agent's refusals.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let body = QuarantineRequest(agent: agent, why: why, seconds: time?.seconds)
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("quarantine", method: .POST, body: body))) }
            let report = try await gate.ask("quarantine", method: .POST, body: body, for: QuarantineReport.self)
            let until = report.until.map { " until \($0)" } ?? ""
            print("\(report.agent) is quarantined\(until). Cut \(Amount.count(report.cut, "connection")).")
        }
    }
}

/// How long a quarantine lasts, in whole seconds.
struct QuarantineTime: ExpressibleByArgument, CustomStringConvertible {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    /// As it is typed.
    var description: String { seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds)s" }

    init?(argument: String) {
        guard let nanoseconds = DurationText.nanoseconds(argument), nanoseconds >= 1_000_000_000 else { return nil }
        seconds = Int64(clamping: nanoseconds / 1_000_000_000)
    }
}
