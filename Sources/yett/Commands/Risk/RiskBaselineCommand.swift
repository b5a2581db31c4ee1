// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Behavior
import NIOCore

/// `yett risk baseline`: what agents are compared with.
struct RiskBaselineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline", abstract: "Show the baseline in force, and who ratified it.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("risk/baseline"))) }
            let report = try await gate.ask("risk/baseline", for: BaselineReport.self)
            guard let text = report.baseline, let digest = report.digest else {
                return print("No baseline is in force; yett risk learn proposes one.")
            }
            print("\(digest), by \(Terminal.safe(report.person ?? "-")) at \(report.since ?? "-")")
            for line in try Baseline(decoding: Array(text.utf8)).differences(from: nil) { print(Terminal.safe(line)) }
        }
    }
}
