// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import Identity
import NIOCore

/// `yett task show`: one task with its limits.
struct TaskShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one task with its limits.")

    @Argument(help: ArgumentHelp("The task.", valueName: "id"))
    var task: String

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let path = "tasks/\(FormText.escaped(task))"
            if client.json { return print(String(buffer: try await gate.ask(path))) }
            let report = try await gate.ask(path, for: TaskReport.self)
            Terminal.write(Self.lines(report).map { Terminal.safe($0) + "\n" }.joined())
        }
    }

    private static func lines(_ task: TaskReport) -> [String] {
        var lines = [
            "task      \(task.id)", "state     \(task.state)\(task.stoppedWhy.map { ": \($0)" } ?? "")",
            "agent     \(task.agent)", "purpose   \(task.purpose)", "started   \(task.startedAt) by \(task.origin)",
            "ends      \(task.expiresAt)",
        ]
        if let person = task.person { lines.append("person    \(person)") }
        if let parent = task.parent { lines.append("part of   \(parent)") }
        if let calls = task.calls { lines.append("calls     \(task.usedCalls ?? 0) of \(calls)") }
        if let bytes = task.bytes { lines.append("bytes     \(task.usedBytes ?? 0) of \(bytes)") }
        if let cost = task.cost { lines.append("cost      \(task.usedCost ?? "0") of \(cost)") }
        if let tokens = task.tokens { lines.append("tokens    \(task.usedTokens ?? 0) of \(tokens)") }
        lines.append("open      \(Amount.count(task.connections, "connection"))")
        for grant in task.grants { lines.append("grant     \(grant.name)\(limits(of: grant))") }
        return lines
    }

    private static func limits(of grant: TaskPart) -> String {
        let lists = [
            ("hosts", grant.hosts), ("ports", grant.ports), ("methods", grant.methods), ("paths", grant.paths),
            ("tools", grant.tools),
        ]
        var limits = lists.compactMap { name, list in list.map { "\(name) \($0.joined(separator: ", "))" } }
        if let calls = grant.calls { limits.append("\(calls) calls") }
        if let bytes = grant.bytes { limits.append("\(bytes) bytes") }
        if grant.approval == true { limits.append("with a person's consent") }
        return limits.isEmpty ? "" : ", only " + limits.joined(separator: "; ")
    }
}
