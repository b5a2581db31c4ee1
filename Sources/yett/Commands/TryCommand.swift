// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett try`: what the gate would say to a request.
struct TryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try", abstract: "Say what the gate would decide on a request to a service, without making it.",
        discussion: """
            The request is read and judged by the code that serves agents: schema of the tool, grants, policy and, within
            a task, where values come from. Nothing is sent, spent, counted or recorded. Exit code 0 is allow, 1 is
            anything else.
            """)

    @Option(help: ArgumentHelp("Who would ask.", valueName: "name or SPIFFE ID"))
    var agent: String

    @Option(help: ArgumentHelp("The service.", valueName: "name"))
    var service: String

    @Option(help: ArgumentHelp("The tool of an MCP server.", valueName: "name"))
    var tool: String?

    @Option(help: ArgumentHelp("The tool's arguments.", valueName: "JSON"))
    var args: String?

    @Option(help: ArgumentHelp("The HTTP method; GET without it.", valueName: "name"))
    var method: String?

    @Option(help: ArgumentHelp("The path behind /s/<service>.", valueName: "path"))
    var path: String?

    @Option(help: ArgumentHelp("The body, where the gate reads bodies for the service.", valueName: "text"))
    var body: String?

    @Option(help: ArgumentHelp("Within this task.", valueName: "id or handle"))
    var task: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if (tool == nil) == (path == nil) { throw ValidationError("Give --tool with --args, or --path with --method.") }
        if tool != nil, method != nil || body != nil { throw ValidationError("--method and --body go with --path.") }
        if tool == nil, args != nil { throw ValidationError("--args goes with --tool.") }
    }

    func run() async throws {
        var request = TrialRequest(agent: agent, service: service)
        request.tool = tool
        request.arguments = args
        request.method = method
        request.path = path
        request.body = body
        request.task = task
        try await client.withGate { [request] gate in
            let answer = try await gate.ask("try", method: .POST, body: request)
            let report = try AdminClient.message(answer, for: TrialReport.self)
            if client.json { print(String(buffer: answer)) } else { Terminal.write(Self.text(report)) }
            if report.verdict != "allow" { throw ExitCode(CommandFailure.Code.failed.rawValue) }
        }
    }

    private static func text(_ report: TrialReport) -> String {
        var text = ""
        if let now = report.now {
            text += "Under revision \(now.revision)\n"
            for step in now.steps { text += "  \(Terminal.safe(step))\n" }
            if now.verdict != report.verdict { text += "  the policy says \(now.verdict): \(now.reason)\n" }
        }
        for line in report.provenance { text += "  ok  \(Terminal.safe(line))\n" }
        text += "→ \(report.verdict): \(report.reason)\(report.detail.map { ", \(Terminal.safe($0))" } ?? "")\n"
        if let message = report.message { text += "\n\(Terminal.safe(message))\n" }
        for note in report.notes { text += "\nNote: \(Terminal.safe(note))\n" }
        if let suggestion = report.suggestion { text += "\nThis grant would allow it:\n\n\(suggestion)" }
        return text.hasSuffix("\n") ? text : text + "\n"
    }
}
