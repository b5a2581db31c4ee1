// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Glibc
import Launcher
import NIOCore
import NIOHTTP1

/// `yett exec`: starts an agent that has no other way out than the gate.
struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Start an agent that has no other way out than the gate.",
        usage:
            "yett exec --agent <name> [--read <path> ...] [--write <path> ...] [--env <NAME=VALUE> ...] -- <program> [<argument> ...]",
        discussion: """
            The program sees a read-only system, the working directory, and what --read and --write add. Its proxy
            variables point at the gate. The exit code is the program's own, 128 and the signal's number when a signal
            ended it, or 125 to 127 when it could not be started.
            """)

    @Option(help: ArgumentHelp("The agent to start, as the configuration names it.", valueName: "name"))
    var agent: String

    @OptionGroup var launched: LaunchOptions

    @Option(help: ArgumentHelp("Do everything within this task.", valueName: "id"))
    var task: String?

    @OptionGroup var client: ClientOptions

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program and its arguments.", valueName: "program"))
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("Say what to start: yett exec --agent NAME -- PROGRAM") }
    }

    func run() throws {
        _ = try launched.environment()
        let gate = AdminClient(socket: try SocketLocation.find(option: client.socket, configuration: client.config))
        let request = LaunchRequest(agent: agent, uid: geteuid(), program: command.first, task: task)
        let opened = try Blocking.wait {
            try await gate.ask("launches", method: .POST, body: request, for: LaunchReport.self)
        }

        let plan = try launched.plan(agent, command, opened)
        let code: Int32
        do {
            code = try launch(plan)
        } catch {
            Terminal.complain("yett: \(error)")
            code = error.exitCode
        }
        // The gate would notice by itself that this process is gone; asking it keeps the record's cause exact.
        _ = try? Blocking.wait { try await gate.ask("launches/\(opened.launchId)", method: .DELETE, seconds: 2) }
        throw ExitCode(code)
    }
}
