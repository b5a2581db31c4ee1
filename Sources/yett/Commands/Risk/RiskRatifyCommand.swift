// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Behavior
import NIOCore
import NIOHTTP1

/// `yett risk ratify`: puts a baseline in force.
struct RiskRatifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ratify", abstract: "Compare agents with a baseline from now on.",
        discussion: """
            Shows how the baseline differs from the one in force and asks, unless --yes is given. The record names you. It
            stays in force through restarts, until another one is or --none ends it.
            """)

    @Argument(help: ArgumentHelp("The baseline, as yett risk learn wrote it.", valueName: "file"))
    var file: String?

    @Flag(help: "Compare with none.")
    var none = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("Why, for the audit record.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if none == (file != nil) { throw ValidationError("Name a baseline, or say --none.") }
    }

    func run() async throws {
        var text: String?
        var wanted: Baseline?
        if let file {
            let bytes = try InputFile.read(file, limit: Baseline.Limits.bytes)
            do {
                wanted = try Baseline(decoding: bytes)
            } catch {
                throw CommandFailure("\(file) is no baseline: \(error)", remedy: "yett risk learn --help")
            }
            text = String(decoding: bytes, as: UTF8.self)
        }
        try await client.withGate { gate in
            let current = try await gate.ask("risk/baseline", for: BaselineReport.self)
            let before = try current.baseline.map { try Baseline(decoding: Array($0.utf8)) }
            if !client.json { Self.show(wanted, before) }
            if !yes { try Self.ask() }
            let body = BaselineRequest(baseline: text, why: why)
            let answer = try await gate.ask("risk/baseline", method: .POST, body: body)
            if client.json { return print(String(buffer: answer)) }
            let report = try AdminClient.message(answer, for: BaselineReport.self)
            print(report.digest.map { "In force: \($0)." } ?? "No baseline is in force.")
        }
    }

    private static func show(_ wanted: Baseline?, _ before: Baseline?) {
        let lines = (wanted ?? Baseline()).differences(from: before)
        guard !lines.isEmpty else { return print("It does not differ from what is in force.") }
        for line in lines { print(Terminal.safe(line)) }
    }

    private static func ask() throws {
        guard Terminal.canAsk else {
            throw CommandFailure("nobody is there to be asked", remedy: "say --yes", code: .usage)
        }
        Terminal.write("Put it in force? [y/N] ")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure("nothing was changed")
        }
    }
}
