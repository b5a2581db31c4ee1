// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// `yett reload`: makes the gate read its configuration again.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Make the running gate read its configuration again.",
        discussion: """
            A file with mistakes changes nothing: the old snapshot goes on serving, every mistake is printed, and the
            exit code is 2. Live connections that the new snapshot does not allow are cut.
            """)

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let answer = try await gate.ask("reload", method: .POST)
            let report = try AdminJSON.decoder.decode(ReloadReport.self, from: Data(answer.readableBytesView))
            if client.json { print(String(buffer: answer)) } else { try Self.tell(report) }
            if !report.isAccepted { throw ExitCode(CommandFailure.Code.usage.rawValue) }
        }
    }

    private static func tell(_ report: ReloadReport) throws {
        guard report.isAccepted else {
            for diagnostic in report.diagnostics { Terminal.complain(diagnostic) }
            Terminal.complain(
                "yett: the configuration was refused; revision \(report.revision) goes on serving\n"
                    + "      correct the file, then type: yett reload")
            return
        }
        print("Revision \(report.revision) serves. Cut \(Amount.count(report.cut, "connection")).")
        for setting in report.needsRestart {
            print("\(setting) changed; it comes into force when the gate is restarted.")
        }
    }
}
