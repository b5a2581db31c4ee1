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

    @Option(
        name: .customLong("read"), parsing: .singleValue,
        help: ArgumentHelp("Show this path read-only.", valueName: "path"))
    var readablePaths: [String] = []

    @Option(
        name: .customLong("write"), parsing: .singleValue,
        help: ArgumentHelp("Show this path writable.", valueName: "path"))
    var writablePaths: [String] = []

    @Option(
        name: .customLong("env"), parsing: .singleValue,
        help: ArgumentHelp("Set a variable inside.", valueName: "NAME=VALUE"))
    var variables: [String] = []

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("Trust these certificates (PEM) inside, besides the system's.", valueName: "file"))
    var certificates: String?

    @Option(help: ArgumentHelp("Do everything within this task.", valueName: "id"))
    var task: String?

    @OptionGroup var client: ClientOptions

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program and its arguments.", valueName: "program"))
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("Say what to start: yett exec --agent NAME -- PROGRAM") }
    }

    func run() throws {
        let environment = try variables.map { text in
            guard let variable = EnvironmentVariable(text) else {
                throw CommandFailure("--env “\(text)” is not of the form NAME=VALUE", code: .usage)
            }
            return variable
        }
        let gate = AdminClient(socket: try SocketLocation.find(option: client.socket, configuration: client.config))
        let request = LaunchRequest(agent: agent, uid: geteuid(), program: command.first, task: task)
        let opened = try Blocking.wait {
            try await gate.ask("launches", method: .POST, body: request, for: LaunchReport.self)
        }

        var plan = LaunchPlan(
            agent: agent, command: command, gateSocket: opened.socketPath, workingDirectory: try Self.workingDirectory()
        )
        plan.readablePaths = readablePaths
        plan.writablePaths = writablePaths
        plan.environment = environment
        plan.serviceVariables = opened.serviceVariables.sorted { $0.key < $1.key }.map {
            EnvironmentVariable(name: $0.key, value: $0.value)
        }
        plan.callerEnvironment = Self.environment()
        plan.certificateBundle = certificates
        plan.protectedPaths = opened.protectedPaths
        plan.forbiddenSockets = opened.forbiddenSockets
        plan.workloadSocket = opened.workloadSocket
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

    private static func workingDirectory() throws -> String {
        guard let path = getcwd(nil, 0) else {
            throw CommandFailure("the working directory cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { free(path) }
        return String(cString: path)
    }

    private static func environment() -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        var entry = environ
        while let text = entry.pointee {
            if let variable = EnvironmentVariable(String(cString: text)) { variables.append(variable) }
            entry += 1
        }
        return variables
    }
}
