// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1
import PolicyTool

/// `yett dashboard`: a way into the pages of the gate.
struct DashboardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Print an address that signs a browser in at the dashboard.",
        discussion: """
            The address is good once, for 60 seconds, and whoever opens it acts as the user who typed this, with the role
            admin. With --api-token it is a token for a program instead, to be sent as `Authorization: Bearer TOKEN`.
            """)

    @Flag(name: .customLong("api-token"), help: "Print a token for a program.")
    var isForProgram = false

    @Option(help: ArgumentHelp("What the program may do.", valueName: "role"))
    var role = ProgramRole.viewer

    @Option(
        name: .customLong("for"), help: ArgumentHelp("How long the program's token is good.", valueName: "duration"))
    var time = QuarantineTime(seconds: 3600)

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let body = isForProgram ? DashboardProgramRequest(role: role.role, seconds: time.seconds) : nil
            let path = isForProgram ? "dashboard/programs" : "dashboard/tokens"
            let answer = try await gate.ask(path, method: .POST, body: body)
            if client.json { return print(String(buffer: answer)) }
            let report = try AdminClient.message(answer, for: DashboardTokenReport.self)
            print(report.login ?? report.token)
        }
    }
}

/// The roles as they are typed.
enum ProgramRole: String, ExpressibleByArgument, CaseIterable {
    case viewer
    case `operator`
    case admin

    var role: DashboardRole {
        switch self {
        case .viewer: .viewer
        case .operator: .operator
        case .admin: .admin
        }
    }
}
