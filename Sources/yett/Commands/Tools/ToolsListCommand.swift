// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett tools list`: the tools that servers named.
struct ToolsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tools that MCP servers named.",
        discussion: """
            STATE is `approved` by an operator, `seen` when the tool is in use because the server named it first, or
            `held`. EFFECT is what a call does, where the configuration or an approved definition says it.
            """)

    @Argument(help: ArgumentHelp("Tools of this service only.", valueName: "service"))
    var service: String?

    @Option(help: ArgumentHelp("Say which tools this agent may call outside of tasks.", valueName: "name or SPIFFE ID"))
    var agent: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let query = [("service", service), ("agent", agent)]
            if client.json { return print(String(buffer: try await gate.ask("tools", query: query))) }
            let list = try await gate.ask("tools", query: query, for: ToolList.self)
            Terminal.write(Self.table(list.tools, hasAgent: agent != nil))
        }
    }

    private static func table(_ tools: [ToolReport], hasAgent: Bool) -> String {
        guard !tools.isEmpty else { return "No tools. The gate learns them when an agent lists them.\n" }
        var columns: [(title: String, alignment: Table.Alignment)] = [
            ("SERVICE", .left), ("TOOL", .left), ("STATE", .left),
        ]
        if hasAgent { columns.append(("CALLS", .left)) }
        columns += [("EFFECT", .left), ("ARGUMENTS", .left), ("HASH", .left), ("WHY", .left)]
        var table = Table(columns)
        for tool in tools {
            let roles = (tool.arguments ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            var row = [tool.service, tool.name, tool.state]
            if hasAgent { row.append(tool.isAllowed == true ? "yes" : "no") }
            row += [tool.effect ?? "-", roles.joined(separator: ","), tool.hash ?? "-", tool.hold ?? ""]
            table.add(row)
        }
        return table.text
    }
}
