// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tools of MCP servers: which definitions are held, and how they differ from those in use.
struct ToolsPage {
    let gate: any GateControl
    let visitor: DashboardVisitor

    func page() async throws -> Page {
        var page = Page(.tools)
        let tools: [ToolReport]
        do {
            tools = try await gate.tools(of: nil, for: nil).tools
        } catch let error as AdminError {
            page.content = "<p class=\"empty\">\(error.detail)</p>"
            return page
        }
        let services = Array(Set(tools.map(\.service))).sorted()
        let held = tools.filter { $0.state == "held" }
        page.summary =
            "\(Amount.count(tools.count, "tool")) of \(Amount.count(services.count, "service")), \(Amount.count(held.count)) held"
        for service in services where held.contains(where: { $0.service == service }) {
            let changes = (try? await gate.toolChanges(of: service, tool: nil).changes) ?? []
            for change in changes { page.content += card(change) }
        }
        for service in services {
            let rows = tools.filter { $0.service == service }.map { tool -> [HTML] in
                [
                    Part.name(tool.name),
                    Part.badge(tool.state, tool.state == "held" ? "bad" : tool.state == "approved" ? "good" : .none),
                    tool.effect.map { Part.name($0) } ?? Part.nothing,
                    "<code title=\"\(tool.hash ?? "")\">\(tool.hash?.prefix(19) ?? "-")</code>",
                    tool.why.map { Part.name($0) } ?? Part.nothing,
                ]
            }
            page.content += Part.section(
                "service-\(FragmentName.text(service))", service, note: "\(Amount.count(rows.count, "tool"))",
                Part.table(
                    "Tools of \(service)", ["Tool", "State", "Effect", "Definition", "Why held"], rows, empty: ""))
        }
        if tools.isEmpty { page.content = "<p class=\"empty\">No server has named a tool yet.</p>" }
        return page
    }

    private func card(_ change: ToolChange) -> HTML {
        let tool = change.tool
        let lines = change.lines.map { line -> HTML in
            let look: HTML =
                line.utf8.starts(with: "+ ".utf8) ? "ins" : line.utf8.starts(with: "- ".utf8) ? "del" : "span"
            return "<\(look)>\(line)</\(look)>\n"
        }
        var content: HTML =
            "<p>\(tool.why ?? "The definition is held.")</p><pre class=\"diff\" tabindex=\"0\">\(lines)</pre>"
        if tool.canBeApproved, visitor.role >= .admin, let hash = tool.hash {
            content +=
                "<div class=\"actions\">"
                + Part.form(
                    to: "/actions/approve-tool", of: visitor,
                    [("service", tool.service), ("tool", tool.name), ("hash", hash), ("next", "/tools")],
                    button: "Take into use", look: .primary, confirm: "Take this definition of \(tool.name) into use?",
                    content: Part.field("why", label: "Why")) + "</div>"
        }
        return Part.section(
            "held-\(FragmentName.text(tool.service))-\(FragmentName.text(tool.name))", "\(tool.service): \(tool.name)",
            note: Part.badge("held", "bad"), content)
    }
}
