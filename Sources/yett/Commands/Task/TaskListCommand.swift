// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett task list`: the tasks.
struct TaskListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tasks, the newest first.",
        discussion: "Tasks that are over are listed for an hour.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("tasks"))) }
            let list = try await gate.ask("tasks", for: TaskList.self)
            Terminal.write(Self.table(list.tasks))
        }
    }

    private static func table(_ tasks: [TaskReport]) -> String {
        guard !tasks.isEmpty else { return "No tasks.\n" }
        var table = Table([
            ("TASK", .left), ("STATE", .left), ("AGENT", .left), ("FOR", .left), ("LEFT", .right), ("OPEN", .right),
            ("GRANTS", .left), ("PURPOSE", .left),
        ])
        for task in tasks {
            table.add([
                task.id, task.state, AgentName.short(task.agent), task.person ?? task.origin,
                Amount.duration(milliseconds: task.secondsLeft * 1000), "\(task.connections)",
                task.grants.map(\.name).joined(separator: ", "), task.purpose,
            ])
        }
        return table.text
    }
}
