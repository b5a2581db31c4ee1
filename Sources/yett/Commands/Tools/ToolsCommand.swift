// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett tools`: the tools of MCP servers as they were pinned.
struct ToolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools", abstract: "Look at the tools of MCP servers, and approve their definitions.",
        discussion: """
            The gate remembers each definition that it has seen. One that is new, changed or suspicious is held: it is
            neither shown to agents nor called until it is approved.
            """,
        subcommands: [
            ToolsListCommand.self, ToolsDiffCommand.self, ToolsApproveCommand.self, ToolsAnnotateCommand.self,
        ])
}
