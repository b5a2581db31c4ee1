// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How agents behave, what raised alarms, and who is in quarantine.
struct AgentsPage {
    let gate: any GateControl
    let visitor: DashboardVisitor

    func page() async throws -> Page {
        async let status = gate.status()
        async let risk = gate.risk()
        let connections = try await gate.connections()
        let (state, list) = try await (status, risk)
        let known = Dictionary(list.agents.map { ($0.agent, $0) }) { $1 }
        let quarantines = Dictionary((state.quarantines ?? []).map { ($0.agent, $0) }) { $1 }
        let names = state.agents.map { "spiffe://\(state.trustDomain)/agent/\($0)" }
        let others = Set(quarantines.keys).union(known.keys).subtracting(names).sorted()
        let open = Dictionary(grouping: connections, by: \.agent).mapValues(\.count)
        var page = Page(.agents)
        page.summary = "what is watched: \(list.mode)"
        // Whoever needs a person stands first.
        let all = (names + others).enumerated().sorted { left, right in
            let (first, second) = (
                Self.rank(left.element, known, quarantines), Self.rank(right.element, known, quarantines)
            )
            return first == second ? left.offset < right.offset : first > second
        }
        for (_, agent) in all {
            page.content += card(agent, known[agent], quarantines[agent], open: open[agent] ?? 0)
        }
        if all.isEmpty { page.content = "<p class=\"empty\">The configuration names no agent.</p>" }
        return page
    }

    private static func rank(
        _ agent: String, _ known: [String: RiskReport], _ quarantines: [String: QuarantineState]
    ) -> Int64 {
        quarantines[agent] != nil ? .max : known[agent]?.millipoints ?? -1
    }

    private func card(_ agent: String, _ report: RiskReport?, _ quarantine: QuarantineState?, open: Int) -> HTML {
        var content = HTML.none
        if let quarantine {
            let until: HTML = quarantine.until.map { " until \(Amount.moment($0))" } ?? .none
            content += """
                <p class="notice failure">In quarantine since \(Amount.moment(quarantine.since))\(until), by \
                \(quarantine.by): \(quarantine.why)</p>
                """
        }
        var facts: [(name: String, value: HTML)] = [
            ("identity", Part.name(agent)), ("open", "\(Amount.count(open, "connection"))"),
        ]
        if let report {
            facts += [
                ("score", RiskMeter(millipoints: report.millipoints, level: report.level).html),
                ("response", "\(report.response)\(report.isThrottled ? ", one call a second" : "")"),
                ("signals", report.signals.isEmpty ? Part.nothing : "\(report.signals.joined(separator: ", "))"),
                ("seen", "\(Amount.count(report.events, "event"))"),
            ]
        }
        facts.append(
            (
                "records",
                "<a href=\"/decisions?agent=\(FormEncoded.text(agent))\">decisions</a> · <a href=\"/audit?agent=\(FormEncoded.text(agent))\">all records</a>"
            ))
        content += Part.list(facts)
        content += alarms(report?.alarms ?? [])
        if visitor.role >= .operator { content += actions(agent, isQuarantined: quarantine != nil, open: open) }
        let level = quarantine != nil ? "quarantined" : report?.level ?? "not seen yet"
        return Part.section(FragmentName.text(agent), AgentName.short(agent), note: Part.level(level), content)
    }

    private func alarms(_ alarms: [RiskReport.Alarm]) -> HTML {
        guard !alarms.isEmpty else { return .none }
        let items = alarms.suffix(20).reversed().map { alarm -> HTML in
            let evidence = alarm.evidence.suffix(8).map {
                "<a href=\"/audit?index=\($0)\">\(Amount.count($0))</a> " as HTML
            }
            return """
                <li><time datetime="\(alarm.at)">\(Amount.moment(alarm.at))</time> <strong>\(alarm.signal)</strong> \
                \(alarm.text) <span class="muted">evidence: \(evidence)</span></li>
                """
        }
        var list: HTML = "<h3>Alarms</h3><ul class=\"alarms\">\(Array(items.prefix(3)))</ul>"
        if items.count > 3 {
            list += """
                <details><summary>\(Amount.count(items.count - 3)) earlier ones</summary>\
                <ul class="alarms">\(Array(items.dropFirst(3)))</ul></details>
                """
        }
        return list
    }

    private func actions(_ agent: String, isQuarantined: Bool, open: Int) -> HTML {
        let name = AgentName.short(agent)
        let hidden = [(name: "agent", value: agent), (name: "next", value: "/agents")]
        let why = Part.field("why", label: "Why")
        if isQuarantined {
            return "<div class=\"actions\">"
                + Part.form(
                    to: "/actions/release", of: visitor, hidden, button: "Release", look: .primary,
                    confirm: "Let \(name) act again?", content: why) + "</div>"
        }
        let time = Part.choice(
            "seconds", label: "For",
            [("", "until released"), ("900", "15 minutes"), ("3600", "1 hour"), ("86400", "1 day")],
            chosen: "")
        var forms = Part.form(
            to: "/actions/quarantine", of: visitor, hidden, button: "Quarantine", look: .danger,
            confirm: "Deny everything to \(name) and cut what it has open?", content: why + time)
        if open > 0 {
            forms += Part.form(
                to: "/actions/cut", of: visitor, hidden, button: "Cut \(Amount.count(open, "connection"))",
                look: .quiet,
                confirm: "Cut every connection of \(name)?")
        }
        return "<div class=\"actions\">\(forms)</div>"
    }
}

/// A score on its ladder.
struct RiskMeter {
    let millipoints: Int64
    let level: String

    /// The score at which an agent is quarantined.
    private static let critical: Int64 = 15_000

    var html: HTML {
        let share = min(max(millipoints, 0), Self.critical) * 100 / Self.critical
        let look: HTML = level == "normal" ? "good" : level == "elevated" ? "wait" : "bad"
        let points = "\(millipoints / 1000).\(abs(millipoints) % 1000 / 100)"
        return """
            <span class="meter"><svg viewBox="0 0 100 8" width="100" height="8" role="img" \
            aria-label="\(points) of 15 points"><rect class="track" width="100" height="8" rx="4"/>\
            <rect class="\(look)" width="\(max(share, millipoints > 0 ? 3 : 0))" height="8" rx="4"/></svg> \(points)</span>
            """
    }
}
