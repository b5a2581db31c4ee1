// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is open now: agents, services, and what goes between them.
struct MapPage {
    let gate: any GateControl
    let visitor: DashboardVisitor

    func page() async throws -> Page {
        async let status = gate.status()
        async let connections = gate.connections()
        async let risk = gate.risk()
        async let approvals = gate.approvals()
        var query = RecordQuery()
        query.kind = "decision"
        query.limit = 1000
        let records = try await gate.records(query).compactMap(ShownRecord.init)
        let (state, live) = try await (status, connections)
        let waiting = try await approvals.count { $0.state == "waiting" }
        let levels = Dictionary(try await risk.agents.map { ($0.agent, $0.level) }) { $1 }
        var page = Page(.map)
        page.summary = "\(state.trustDomain), revision \(state.configuration.revision)"
        let denied = records.count { $0.text("verdict") == "deny" }
        page.content = """
            <div class="tiles" id="tiles" data-part>\
            \(Part.tile("live connections", Amount.count(live.count), href: "#connections"))\
            \(Part.tile("agents", Amount.count(state.agents.count), href: "/agents"))\
            \(Part.tile("in quarantine", Amount.count(state.quarantined.count), href: "/agents", kind: state.quarantined.isEmpty ? .none : "bad"))\
            \(Part.tile("waiting for you", Amount.count(waiting), href: "/approvals", kind: waiting == 0 ? .none : "wait"))\
            \(Part.tile("denied of the last \(Amount.count(records.count))", Amount.count(denied), href: "/decisions?verdict=deny"))\
            </div>
            """
        page.content += Part.section(
            "map", "Agents and services",
            note: "lines are open connections, wider with more bytes",
            ConnectionMap(
                agents: state.agents.map { "spiffe://\(state.trustDomain)/agent/\($0)" },
                quarantined: state.quarantined,
                levels: levels, connections: live
            ).html)
        page.content += Part.section(
            "decisions", "Decisions", note: "the newest \(Amount.count(records.count)), the latest on the right",
            DecisionChart(records).html)
        page.content += Part.section("connections", "Live connections", table(live, state, levels))
        return page
    }

    private func table(_ live: [ConnectionReport], _ state: StatusReport, _ levels: [String: String]) -> HTML {
        let shown = live.suffix(Self.mostRows).reversed()
        let rows = shown.map { connection -> [HTML] in
            let isQuarantined = state.quarantined.contains { $0.utf8.elementsEqual(connection.agent.utf8) }
            let held: HTML = connection.isHeld == true ? " \(Part.badge("held", "wait"))" : .none
            let target = connection.service ?? connection.destination
            var buttons: HTML = .none
            if visitor.role >= .operator {
                buttons = """
                    \(Part.form(
                        to: "/actions/cut", of: visitor, [("connection", connection.connection), ("next", "/")],
                        button: "Cut", look: .danger,
                        confirm: "Cut the connection of \(AgentName.short(connection.agent)) to \(target)?"))\
                    \(isQuarantined ? .none : Part.form(
                        to: "/actions/quarantine", of: visitor, [("agent", connection.agent), ("next", "/")],
                        button: "Quarantine", look: .quiet,
                        confirm: "Deny everything to \(AgentName.short(connection.agent)) and cut what it has open?"))
                    """
            }
            return [
                "\(Part.agent(connection.agent)) \(isQuarantined ? Part.level("quarantined") : levels[connection.agent].map(Part.level) ?? .none)",
                "\(Part.name(target))\(held)", "\(Part.name(connection.operation))",
                connection.grant.map { Part.name($0) } ?? Part.nothing,
                "\(Amount.bytes(Int64(connection.bytesUp)))", "\(Amount.bytes(Int64(connection.bytesDown)))",
                "\(Amount.time(seconds: connection.ageMilliseconds / 1000))",
                "<a class=\"muted\" href=\"/decisions/\(connection.decision)\">why</a> \(buttons)",
            ]
        }
        let more: HTML =
            live.count > Self.mostRows
            ? "<p class=\"muted\">\(Amount.count(live.count - Self.mostRows)) older ones are not shown: yett ps</p>"
            : .none
        return Part.table(
            "Live connections", ["Agent", "Service", "Operation", "Grant", "#Up", "#Down", "#Age", ""], rows,
            empty: "Nothing is open.") + more
    }

    private static let mostRows = 200
}
