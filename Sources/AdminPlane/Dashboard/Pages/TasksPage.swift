// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tasks: what agents do for whom, with which of their grants, for how long.
struct TasksPage {
    let gate: any GateControl
    let visitor: DashboardVisitor

    func page() async throws -> Page {
        let tasks = try await gate.tasks()
        var page = Page(.tasks)
        let open = tasks.filter { $0.state == "open" }
        page.summary = "\(Amount.count(open.count)) open"
        page.content = Part.section("open", "Open", table(open, "No task is open."))
        let over = tasks.filter { $0.state != "open" }
        if !over.isEmpty { page.content += Part.section("over", "Over", table(Array(over.prefix(100)), "")) }
        return page
    }

    private func table(_ tasks: [TaskReport], _ empty: String) -> HTML {
        let rows = tasks.map { task -> [HTML] in
            var stop = HTML.none
            if task.state == "open", visitor.role >= .operator {
                stop = Part.form(
                    to: "/actions/stop", of: visitor, [("task", task.id), ("next", "/tasks")], button: "Stop",
                    look: .danger,
                    confirm: "Stop the task “\(task.purpose)” and those below it?")
            }
            let person: HTML = task.person.map { Part.name($0) } ?? Part.nothing
            return [
                "<a href=\"/audit?task=\(FormEncoded.text(task.id))\" title=\"\(task.id)\"><bdi>\(task.purpose)</bdi></a>",
                Part.agent(task.agent), "\(person)<small class=\"muted\">\(task.origin)</small>",
                "\(task.grants.map(\.name).joined(separator: ", "))", Self.use(task),
                "\(Amount.count(task.connections))",
                task.state == "open"
                    ? "\(Amount.time(seconds: task.secondsLeft))"
                    : "\(task.state)\(task.stoppedWhy.map { ": \($0)" } ?? "")",
                stop,
            ]
        }
        return Part.table(
            "Tasks",
            ["Purpose", "Agent", "For", "Grants", "Used", "#Open", tasks.first?.state == "open" ? "#Left" : "End", ""],
            rows, empty: empty)
    }

    private static func use(_ task: TaskReport) -> HTML {
        var parts: [String] = []
        if let used = task.usedCalls {
            parts.append("\(Amount.count(used)) of \(task.calls.map { Amount.count($0) } ?? "∞") calls")
        }
        if let used = task.usedBytes {
            parts.append("\(Amount.bytes(Int64(used))) of \(task.bytes.map { Amount.bytes(Int64($0)) } ?? "∞")")
        }
        if let used = task.usedTokens {
            parts.append("\(Amount.count(used)) of \(task.tokens.map { Amount.count($0) } ?? "∞") tokens")
        }
        if let used = task.usedCost { parts.append("\(used) of \(task.cost ?? "∞")") }
        return parts.isEmpty ? Part.nothing : "\(parts.joined(separator: ", "))"
    }
}
