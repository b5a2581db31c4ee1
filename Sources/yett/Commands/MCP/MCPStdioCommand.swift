// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Glibc
import Launcher
import MCPBridge
import NIOHTTP1

/// `yett mcp stdio`: starts a local MCP server for the client that types this, with the gate between the two.
struct MCPStdioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stdio", abstract: "Start a local MCP server with the gate between it and its client.",
        usage:
            "yett mcp stdio --service <name> [--read <path> ...] [--write <path> ...] [--env <NAME=VALUE> ...] -- <program> [<argument> ...]",
        discussion: """
            For clients of MCP that start their servers by themselves: write this command in the place of the server's.
            Messages pass over standard input and output, one on each line. The gate judges every one of them by the
            grants of the client for the service. The server sees no more than a launched agent, and reaches what the
            agent may that services.<name>.stdio names. Its standard error is passed on, each line marked. The exit code
            is the server's own, 0 when the client ended first, or 125 to 127 when it could not be started.
            """)

    @Option(help: ArgumentHelp("The service, as the configuration names it.", valueName: "name"))
    var service: String

    @OptionGroup var launched: LaunchOptions

    @Option(
        name: .customLong("token"),
        help: ArgumentHelp(
            "The file with the client's token, where its process does not say who it is.", valueName: "file")
    )
    var tokenFile: String?

    @Option(help: ArgumentHelp("The admin socket of the gate.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The configuration file that names the admin socket.", valueName: "file"))
    var config: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The server and its arguments.", valueName: "program"))
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("Say what to start: yett mcp stdio --service NAME -- PROGRAM")
        }
    }

    func run() throws {
        _ = try launched.environment()
        let token = try tokenFile.map { try Self.token(in: $0) }
        let gate = AdminClient(socket: try SocketLocation.find(option: socket, configuration: config))
        let bridge: StdioBridge
        do {
            bridge = try StdioBridge()
        } catch {
            throw CommandFailure("\(error)", code: .failed)
        }
        let request = StdioRequest(
            service: service, uid: geteuid(), program: command.first, socketName: bridge.socketName,
            bringsToken: token != nil)
        let opened = try Blocking.wait {
            try await gate.ask("stdio", method: .POST, body: request, for: StdioReport.self)
        }

        var plan = try launched.plan(service, command, opened.launch)
        let ends = bridge.serverDescriptors
        plan.standardDescriptors = StandardDescriptors(input: ends.input, output: ends.output, error: ends.error)
        bridge.start(
            BridgeSettings(
                service: service, clientSocket: opened.clientSocket, gatePid: opened.gatePid,
                lineBytes: opened.lineBytes, grace: .milliseconds(opened.graceMilliseconds), token: token),
            name: service, complain: { Terminal.complain(Terminal.safe($0)) },
            stop: { kill(getpid(), SIGTERM) },
            kill: {
                Terminal.complain("yett: the server does not end, and is ended")
                // Whatever was launched dies with the process that launched it.
                _exit(128 + SIGKILL)
            })
        var code: Int32
        do {
            code = try launch(plan)
            bridge.serverEnded("The server has ended with exit code \(code).")
            if bridge.hasClientEnded { code = 0 }
        } catch {
            Terminal.complain("yett: \(error)")
            code = error.exitCode
            bridge.serverEnded("The server could not be started: \(error)", hasStarted: false)
        }
        // The gate would notice by itself that this process is gone; asking it keeps the record's cause exact.
        _ = try? Blocking.wait {
            try await gate.ask("launches/\(opened.launch.launchId)", method: .DELETE, seconds: 2)
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// The token in a file that nobody else may read.
    private static func token(in file: String) throws -> String {
        var status = stat()
        guard stat(file, &status) == 0 else {
            throw CommandFailure("\(file) cannot be read: \(String(cString: strerror(errno)))", code: .usage)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure("\(file) may be read by others", remedy: "chmod 0600 \(file)", code: .usage)
        }
        let text = String(decoding: try InputFile.read(file), as: UTF8.self)
        let token = text.utf8.filter { $0 > 0x20 && $0 < 0x7F }
        guard !token.isEmpty, token.count <= 1024 else {
            throw CommandFailure("\(file) holds no token", code: .usage)
        }
        return String(decoding: token, as: UTF8.self)
    }
}
