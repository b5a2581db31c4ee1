// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett token join`: makes a join token.
struct TokenJoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Print a token for which a workload gets its first certificate, once.",
        discussion:
            "On the workload's machine, type: yett join URL --token-file FILE --trust FILE --directory DIRECTORY")

    @Argument(help: ArgumentHelp("The identity.", valueName: "SPIFFE ID or path"))
    var id: String

    @Option(help: ArgumentHelp("How long it is good; ten minutes when nothing is said.", valueName: "seconds"))
    var seconds: Int64?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let body = JoinTokenRequest(id: id, seconds: seconds)
        try await client.withGate { gate in
            if client.json {
                return print(String(buffer: try await gate.ask("join-tokens", method: .POST, body: body)))
            }
            let report = try await gate.ask("join-tokens", method: .POST, body: body, for: JoinTokenReport.self)
            print("For \(report.spiffeId), once, until \(report.expiresAt): \(report.token)")
            if report.gate == nil {
                print("The gate has no identity.endpoints yet; nobody can join before it has.")
            }
        }
    }
}
