// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A drawing of agents, services and the connections between them.
struct ConnectionMap {
    let agents: [String]
    let quarantined: [String]
    let levels: [String: String]
    let connections: [ConnectionReport]

    /// The most of each; what goes beyond stands in the table only.
    private static let mostNodes = 24
    private static let row = 44
    private static let top = 12

    private struct Flow: Hashable {
        let agent: String
        let target: String
    }

    /// The drawing for wide screens and the one for narrow ones.
    var html: HTML {
        """
        \(drawing(width: 960, node: 230, look: "wide", longest: 28))\(drawing(width: 360, node: 132, look: "narrow", longest: 13))
        """
    }

    private var flows: [(flow: Flow, count: Int, bytes: Int)] {
        var sums: [Flow: (count: Int, bytes: Int)] = [:]
        for connection in connections {
            let flow = Flow(agent: connection.agent, target: connection.service ?? connection.destination)
            let sum = sums[flow] ?? (0, 0)
            sums[flow] = (sum.count + 1, sum.bytes &+ connection.bytesUp &+ connection.bytesDown)
        }
        return sums.map { ($0.key, $0.value.count, $0.value.bytes) }
            .sorted { ($0.flow.agent, $0.flow.target) < ($1.flow.agent, $1.flow.target) }
    }

    private func drawing(width: Int, node: Int, look: HTML, longest: Int) -> HTML {
        let flows = flows
        let busy = Set(flows.map(\.flow.agent))
        let left = Array(
            (agents.filter { busy.contains($0) } + agents.filter { !busy.contains($0) }
                + busy.subtracting(agents).sorted()).prefix(Self.mostNodes))
        var targets: [String] = []
        for flow in flows where !targets.contains(flow.flow.target) { targets.append(flow.flow.target) }
        let right = Array(targets.prefix(Self.mostNodes))
        let rows = max(left.count, right.count, 1)
        let height = rows * Self.row + 2 * Self.top - 8
        let (leftTops, rightTops) = (tops(left.count, height), tops(right.count, height))
        var drawing = HTML.none
        for flow in flows {
            guard let from = left.firstIndex(of: flow.flow.agent), let to = right.firstIndex(of: flow.flow.target)
            else {
                continue
            }
            let (start, end) = (leftTops[from] + 18, rightTops[to] + 18)
            let (x1, x2, middle) = (node, width - node, width / 2)
            let stroke = 1 + (Int.bitWidth - max(flow.bytes, 0).leadingZeroBitCount) / 5
            let label =
                "\(AgentName.short(flow.flow.agent)) to \(flow.flow.target): "
                + "\(Amount.count(flow.count, "connection")), \(Amount.bytes(Int64(flow.bytes)))"
            drawing += """
                <g class="flow"><title>\(label)</title><path d="M\(x1) \(start)C\(middle) \(start) \(middle) \(end) \(x2) \(end)" \
                stroke-width="\(stroke)"/>\(width < 500 ? .none : """
                <text x="\(middle)" y="\((start + end) / 2 - 6)" text-anchor="middle">\(flow.count) × \(Amount.bytes(Int64(flow.bytes)))</text>
                """)</g>
                """
        }
        for (name, top) in zip(left, leftTops) {
            let isQuarantined = quarantined.contains { $0.utf8.elementsEqual(name.utf8) }
            let level = isQuarantined ? "quarantined" : levels[name] ?? "normal"
            drawing += """
                <a href="/agents#\(FragmentName.text(name))"><g class="node \(Self.look(level))"><title>\(name): \(level)</title>\
                <rect x="1" y="\(top)" width="\(node - 1)" height="36" rx="6"/><circle cx="17" cy="\(top + 18)" r="5"/>\
                <text x="31" y="\(top + 22)">\(Self.shortened(AgentName.short(name), longest))</text></g></a>
                """
        }
        for (name, top) in zip(right, rightTops) {
            drawing += """
                <g class="node target"><title>\(name)</title><rect x="\(width - node)" y="\(top)" width="\(node - 1)" height="36" \
                rx="6"/><text x="\(width - node + 13)" y="\(top + 22)">\(Self.shortened(name, longest + 2))</text></g>
                """
        }
        let more = max(0, agents.count - left.count) + max(0, targets.count - right.count)
        let note: HTML = more == 0 ? .none : "<p class=\"muted\">\(more) further ones are not drawn.</p>"
        return """
            <svg class="map \(look)" viewBox="0 0 \(width) \(height)" role="img" \
            aria-label="\(Amount.count(connections.count, "open connection")) of \(Amount.count(busy.count, "agent"))">\
            \(drawing)</svg>\(note)
            """
    }

    private func tops(_ count: Int, _ height: Int) -> [Int] {
        let used = count * Self.row - 8
        let first = max(Self.top, (height - used) / 2)
        return (0..<count).map { first + $0 * Self.row }
    }

    private static func look(_ level: String) -> HTML {
        switch level {
        case "normal": "good"
        case "elevated": "wait"
        case "high", "critical", "quarantined": "bad"
        default: .none
        }
    }

    private static func shortened(_ text: String, _ longest: Int) -> String {
        text.unicodeScalars.count <= longest ? text : String(text.unicodeScalars.prefix(longest - 1)) + "…"
    }
}
