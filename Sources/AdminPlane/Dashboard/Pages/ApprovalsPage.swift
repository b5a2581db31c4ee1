// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Calls that wait for a person.
struct ApprovalsPage {
    let gate: any GateControl
    let visitor: DashboardVisitor

    func page() async throws -> Page {
        let approvals = try await gate.approvals()
        var page = Page(.approvals)
        let waiting = approvals.filter { $0.state == "waiting" }
        page.summary = waiting.isEmpty ? "nothing waits" : "\(Amount.count(waiting.count)) wait"
        if waiting.isEmpty {
            page.content = Part.section("waiting", "Waiting", "<p class=\"empty\">No call waits for an answer.</p>")
        }
        for approval in waiting.prefix(50) {
            // The list leaves the arguments out.
            guard let whole = try? await gate.approval(approval.id) else { continue }
            page.content += card(whole)
        }
        let over = approvals.filter { $0.state != "waiting" }.prefix(100)
        if !over.isEmpty {
            let rows = over.map { approval -> [HTML] in
                [
                    "<time datetime=\"\(approval.askedAt)\">\(Amount.moment(approval.askedAt))</time>",
                    Part.agent(approval.agent),
                    "<a href=\"/approvals/\(approval.id)\">\(Self.what(approval))</a>",
                    Part.badge(
                        approval.state,
                        approval.state == "refused" ? "bad" : approval.state == "expired" ? "wait" : .none),
                    approval.decidedBy.map { Part.name($0) } ?? Part.nothing,
                    approval.reason.map { Part.name($0) } ?? Part.nothing,
                ]
            }
            page.content += Part.section(
                "over", "Answered",
                Part.table("Answered", ["Asked (UTC)", "Agent", "What", "State", "By", "Why"], rows, empty: ""))
        }
        return page
    }

    /// One question.
    func page(of id: String) async throws -> Page {
        let approval = try await gate.approval(id)
        var page = Page(.approvals, title: "Approval \(approval.id)")
        page.summary = "\(approval.state)"
        page.content = card(approval)
        return page
    }

    private static func what(_ approval: ApprovalReport) -> HTML {
        let call = [approval.method, approval.operation, approval.tool, approval.path].compactMap { $0 }
        return "<bdi>\(approval.service)</bdi> <bdi>\(call.joined(separator: " "))</bdi>"
    }

    private func card(_ approval: ApprovalReport) -> HTML {
        var facts: [(name: String, value: HTML)] = [
            ("agent", Part.agent(approval.agent)), ("asked because", Part.name(approval.why)),
            ("from", Part.name(approval.source)),
        ]
        if let query = approval.query { facts.append(("query", Part.name(query))) }
        if let person = approval.person { facts.append(("on behalf of", Part.name(person))) }
        if let purpose = approval.purpose { facts.append(("task", Part.name(purpose))) }
        facts.append(("decision", "<a href=\"/decisions/\(approval.decision)\">\(approval.decision)</a>"))
        if let by = approval.decidedBy { facts.append(("answered by", Part.name(by))) }
        if let reason = approval.reason { facts.append(("because", Part.name(reason))) }
        var content = Part.list(facts)
        if let arguments = approval.arguments {
            content += """
                <h3>What exactly</h3><pre class="arguments" tabindex="0">\(lines: arguments)</pre>\
                <p class="muted">bound to SHA-256 \(approval.digest)</p>
                """
        }
        if approval.state == "waiting", visitor.role >= .operator {
            let hidden = [(name: "approval", value: approval.id), (name: "next", value: "/approvals")]
            content += """
                <div class="actions">
                \(Part.form(
                    to: "/actions/approve", of: visitor, hidden, button: "Approve", look: .primary,
                    confirm: "Let exactly this call through, once?", content: Part.field("why", label: "Why")))
                \(Part.form(
                    to: "/actions/refuse", of: visitor, hidden, button: "Refuse", look: .danger,
                    content: Part.field("why", label: "Why, for the agent", isRequired: true)))
                </div>
                """
        }
        let held: HTML = approval.waiting > 0 ? ", \(Amount.count(approval.waiting, "connection")) held" : .none
        let note: HTML =
            approval.state == "waiting"
            ? "lapses in \(Amount.time(seconds: approval.secondsLeft))\(held)" : Part.badge(approval.state)
        return """
            <section class="card" id="\(approval.id)" data-part><div class="head"><h2>\(Self.what(approval))</h2><p>\(note)</p></div>
            \(content)</section>

            """
    }
}
