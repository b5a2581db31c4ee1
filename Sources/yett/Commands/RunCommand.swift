// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Gateway
import Glibc
import Logging
import Telemetry

/// `yett run`: runs the gate.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the gate until SIGTERM or SIGINT.",
        discussion: """
            SIGHUP, a change of the file and `yett reload` make it read its configuration again. The log goes to
            standard error, one JSON object a line.
            """)

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = "yett.yaml"

    @Option(
        help: ArgumentHelp("The least severe events to log: debug, info, notice, warning or error.", valueName: "level")
    )
    var logLevel: LogLevel = .notice

    func run() async throws {
        let supervision: Supervision
        do throws(GatewayError) {
            supervision = try Supervision.take()
        } catch {
            throw Self.failure(error)
        }
        let sink = LogSink(descriptor: STDERR_FILENO)
        defer { sink.flush() }
        let tap = LogTap()
        let level = logLevel.level
        var logger = Logger(label: "yett") { label in
            JSONLineHandler(label: label, level: level, sink: sink, tap: tap)
        }
        logger.logLevel = level
        let gateway = Gateway(
            configurationPath: try AbsolutePath.of(config), version: Version.text, logger: logger, tap: tap,
            supervision: supervision)
        do {
            try await gateway.run { ready in
                var sheet = FactSheet()
                for (index, listener) in ready.listeners.enumerated() {
                    sheet.add(index == 0 ? "Serving agents on" : "", listener)
                }
                if let socket = ready.workloadSocket {
                    sheet.add("Workloads", "SPIFFE_ENDPOINT_SOCKET=unix://\(socket)")
                }
                if let endpoints = ready.tokenEndpoints { sheet.add("Tokens", endpoints) }
                sheet.add("Operators", "yett status --socket \(ready.adminSocket)")
                Terminal.write(sheet.text)
            }
        } catch let error as GatewayError {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: GatewayError) -> CommandFailure {
        CommandFailure(
            error.lines.joined(separator: "\n      "), remedy: error.remedy,
            code: error.isConfiguration ? .usage : .failed)
    }
}

/// The severities that `--log-level` takes.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case notice
    case warning
    case error

    /// The severity in the logging library.
    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
