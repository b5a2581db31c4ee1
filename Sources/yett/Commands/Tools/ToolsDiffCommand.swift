// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore

/// `yett tools diff`: what a server says of a tool now, and what it said before.
struct ToolsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show how held definitions differ from those in use.",
        discussion: """
            A line is one value with its path. Characters that are not seen, or move what is seen, are written as their
            code points: a definition is text of whoever runs the server.
            """)

    @Argument(help: ArgumentHelp("The service.", valueName: "service"))
    var service: String

    @Argument(help: ArgumentHelp("This tool only, held or not.", valueName: "tool"))
    var tool: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let path = "tools/\(FormText.escaped(service))/changes"
            let query = [("tool", tool)]
            if client.json { return print(String(buffer: try await gate.ask(path, query: query))) }
            let list = try await gate.ask(path, query: query, for: ToolChangeList.self)
            guard !list.changes.isEmpty else { return print("No tool of \(service) is held.") }
            Terminal.write(list.changes.map(Self.text).joined(separator: "\n"))
        }
    }

    /// A tool, why it is held, and the lines that differ.
    static func text(_ change: ToolChange) -> String {
        let tool = change.tool
        var text = "\(Terminal.safe(tool.name)): \(tool.state)\(tool.hold.map { ", \($0)" } ?? "")\n"
        if let why = tool.why { text += "  \(Terminal.safe(why))\n" }
        if let former = tool.formerHash { text += "  from \(former)\n" }
        if let hash = tool.hash { text += "  \(tool.formerHash == nil ? "is " : "to  ") \(hash)\n" }
        for line in change.lines { text += "  \(Terminal.safe(line))\n" }
        return text
    }
}
