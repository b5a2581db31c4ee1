// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore
import NIOHTTP1

/// `yett task stop`: ends a task before its time.
struct TaskStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop a task: void its tokens and cut its connections, at once.",
        discussion: "The tasks below it are stopped with it. A stopped task cannot be started again.")

    @Argument(help: ArgumentHelp("The task.", valueName: "id"))
    var task: String

    @Option(help: ArgumentHelp("Why, for the audit record and the agent's refusals.", valueName: "text"))
    var why: String?

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let body = TaskStopRequest(why: why)
        try await client.withGate { gate in
            let path = "tasks/\(FormText.escaped(task))/stop"
            if client.json { return print(String(buffer: try await gate.ask(path, method: .POST, body: body))) }
            let report = try await gate.ask(path, method: .POST, body: body, for: TaskStopReport.self)
            let tasks = Amount.count(report.stopped.count, "task")
            print("Stopped \(tasks). Cut \(Amount.count(report.cut, "connection")).")
        }
    }
}
