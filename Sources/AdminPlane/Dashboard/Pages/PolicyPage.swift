// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which policy serves, and where it comes from.
struct PolicyPage {
    let gate: any GateControl
    let visitor: DashboardVisitor

    func page() async throws -> Page {
        async let policies = gate.policies()
        let state = try await gate.status()
        var query = RecordQuery()
        query.limit = 25
        query.kind = "grant_change"
        let changes = try await gate.records(query).compactMap(ShownRecord.init).reversed()
        var page = Page(.policy)
        page.summary = "revision \(state.configuration.revision) serves"
        page.content = Part.section("configuration", "Configuration", configuration(state))
        page.content += Part.section(
            "bundles", "Bundles",
            Part.table(
                "Bundles", ["Name", "State", "Revision", "Source", "Activated (UTC)", "Trouble"],
                state.bundles.map { bundle in
                    [
                        Part.name(bundle.name),
                        Part.badge(
                            bundle.isActive ? "active" : "missing",
                            bundle.isActive ? "good" : bundle.isCandidate == true ? "wait" : "bad"),
                        bundle.activeRevision.map { Part.name($0) } ?? Part.nothing, Part.name(bundle.source),
                        bundle.lastSuccessfulActivation.map { "\(Amount.moment($0))" } ?? Part.nothing,
                        bundle.message.map { Part.name($0) } ?? Part.nothing,
                    ]
                }, empty: "The policy has no bundles."))
        if let rollout = state.rollout {
            page.content += Part.section(
                "rollout", "Rollout", note: "another policy beside this one", Self.facts(rollout))
        }
        page.content += Part.section(
            "changes", "Grants that changed", note: "the newest first",
            Part.table(
                "Grants that changed", ["Time (UTC)", "Agent", "Grant", "Change", "By"],
                changes.map { record in
                    [
                        record.moment, record.text("agent").map(Part.agent) ?? Part.nothing,
                        Part.name(record.text("grant") ?? ""),
                        Part.name(record.text("cause") ?? record.text("detail") ?? ""),
                        Part.name(record.text("source") ?? "the gate"),
                    ]
                }, empty: "No reload changed a grant yet."))
        let files = try await policies.map { file -> HTML in
            """
            <details><summary><bdi>\(file.id)</bdi> <span class="muted">\(Amount.bytes(Int64(file.bytes.count)))</span></summary>\
            <pre tabindex="0">\(lines: String(decoding: file.bytes.prefix(Self.longestFile), as: UTF8.self))</pre></details>
            """
        }
        page.content += Part.section(
            "files", "Files", note: "\(Amount.count(files.count))",
            files.isEmpty ? "<p class=\"empty\">The gate's own policy serves alone.</p>" : HTML(files))
        return page
    }

    private static let longestFile = 64 << 10

    private static func facts(_ rollout: RolloutReport) -> HTML {
        Part.list([
            ("candidate", "<code>\(rollout.digest)</code>"),
            ("share of the decisions", "\("\(rollout.share)")"),
            ("result", rollout.absence.map { "\(Part.badge("not tried", "bad")) \($0)" } ?? "\(rollout.sentence)"),
        ])
    }

    private func configuration(_ state: StatusReport) -> HTML {
        var facts: [(name: String, value: HTML)] = [
            ("file", Part.name(state.configuration.path)),
            ("digest", "<code>\(state.configuration.digest)</code>"),
            ("loaded", "\(Amount.moment(state.configuration.loadedAt))"),
        ]
        var trouble = HTML.none
        if let reload = state.lastReload {
            facts.append(
                (
                    "last reload",
                    "\(Part.badge(reload.isAccepted ? "accepted" : "refused", reload.isAccepted ? "good" : "bad")) \(Amount.moment(reload.at)) by \(reload.trigger), \(Amount.count(reload.cut, "connection")) cut"
                ))
            if !reload.needsRestart.isEmpty {
                facts.append(("waits for a restart", "\(reload.needsRestart.joined(separator: ", "))"))
            }
            if !reload.diagnostics.isEmpty {
                trouble = "<pre tabindex=\"0\">\(lines: reload.diagnostics.joined(separator: "\n"))</pre>"
            }
        }
        var actions = HTML.none
        if visitor.role >= .admin {
            actions =
                "<div class=\"actions\">"
                + Part.form(
                    to: "/actions/reload", of: visitor, [("next", "/policy")], button: "Reload", look: .primary,
                    confirm: "Read the configuration again?") + "</div>"
        }
        return Part.list(facts) + trouble + actions
    }
}
