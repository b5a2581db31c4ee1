// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore
import NIOHTTP1

/// `yett tools approve`: takes definitions of tools into use.
struct ToolsApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve definitions of tools, so that agents see and call them.",
        discussion: """
            Shows what would be approved and asks, unless --hash or --yes is given. What is approved is the definition
            that was shown: when the server says something else meanwhile, nothing is approved. The record names you.
            """)

    @Argument(help: ArgumentHelp("The service.", valueName: "service"))
    var service: String

    @Argument(help: ArgumentHelp("The tools.", valueName: "tool"))
    var tools: [String] = []

    @Flag(help: "Every tool of the service that is held.")
    var all = false

    @Option(help: ArgumentHelp("The tool's definition must be the one with this hash.", valueName: "sha256:…"))
    var hash: String?

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("Why, for the audit record.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if all != tools.isEmpty { throw ValidationError("Name tools, or say --all.") }
        if hash != nil, tools.count != 1 { throw ValidationError("--hash is that of one tool.") }
    }

    func run() async throws {
        try await client.withGate { gate in
            let path = "tools/\(FormText.escaped(service))"
            let wanted = try await wanted(gate, path)
            guard !wanted.isEmpty else { return print("No tool of \(service) is held.") }
            let body = ToolApproval(tools: wanted, why: why)
            let answer = try await gate.ask(path + "/approve", method: .POST, body: body)
            let report = try AdminClient.message(answer, for: ToolApprovalReport.self)
            if client.json {
                print(String(buffer: answer))
            } else if !report.approved.isEmpty {
                print("Approved \(report.approved.joined(separator: ", ")).")
            }
            guard !report.refused.isEmpty else { return }
            throw CommandFailure(
                report.refused.map { "\($0.name) is not approved: \($0.why)" }.joined(separator: "\n      "),
                remedy: "yett tools diff \(service)")
        }
    }

    /// The definitions that the person has seen, or was shown now.
    private func wanted(_ gate: AdminClient, _ path: String) async throws -> [ToolApproval.Tool] {
        if let hash, let tool = tools.first { return [ToolApproval.Tool(name: tool, hash: hash)] }
        var changes: [ToolChange] = []
        for tool in all ? [nil] : tools.map(Optional.some) {
            changes += try await gate.ask(path + "/changes", query: [("tool", tool)], for: ToolChangeList.self).changes
        }
        if all { changes.removeAll { !$0.tool.canBeApproved } }
        if !client.json { Terminal.write(changes.map(ToolsDiffCommand.text).joined(separator: "\n")) }
        if !changes.isEmpty, !yes { try ask() }
        return changes.map { ToolApproval.Tool(name: $0.tool.name, hash: $0.tool.hash ?? "") }
    }

    private func ask() throws {
        guard Terminal.canAsk else {
            throw CommandFailure(
                "nobody is there to be asked", remedy: "say --yes, or give the --hash that you have seen", code: .usage)
        }
        Terminal.write("Approve? [y/N] ")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure("nothing was approved")
        }
    }
}
