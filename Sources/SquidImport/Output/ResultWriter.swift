// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// Writes regions as agents, one for each set of networks that is treated alike, with a grant for each region.
struct ResultWriter {
    let trustDomain: String
    /// The names of the source lists with their addresses, for the names of agents.
    let sourceNames: [(name: String, addresses: AddressSet)]
    let listeners: [String]
    /// What could not be written: the line of the rule and the reason.
    private(set) var leftOut: [(line: Int, note: String)] = []
    private var text = ""
    private var agentNames: Set<String> = []

    init(trustDomain: String, sourceNames: [(String, AddressSet)], listeners: [String]) {
        self.trustDomain = trustDomain
        self.sourceNames = sourceNames.map { (name: $0.0, addresses: $0.1) }
        self.listeners = listeners
    }

    /// The whole configuration.
    mutating func write(_ allowed: [AccessRules.Allowed]) -> String {
        let grants = allowed.compactMap { rule in grant(rule.region, rule.line).map { (rule, $0) } }
        text = "# Translated from a Squid configuration.\ntrust_domain: \(trustDomain)\n"
        let agents = Self.agents(grants.map(\.0.region.sources))
        if !agents.isEmpty { text += "agents:\n" }
        for agent in agents {
            text += "  \(name(of: agent.sources)):\n    attest:\n      - source:\n"
            for block in agent.sources.blocks { text += "          - \"\(block)\"\n" }
            text += "    grants:\n"
            var counts: [String: Int] = [:]
            for number in agent.rules {
                let rule = grants[number].0
                let name = rule.isDefault ? "default" : "line-\(rule.line)"
                let count = (counts[name] ?? 0) + 1
                counts[name] = count
                text += "      - name: \(count == 1 ? name : "\(name)-\(count)")\n"
                text += grants[number].1
            }
        }
        text += "egress:\n  listeners:\n"
        for address in listeners.isEmpty ? ["0.0.0.0:3128"] : listeners {
            text += "    - {address: \"\(address)\", identify: [source]}\n"
        }
        return text
    }

    // MARK: Agents

    private struct AgentRules {
        var sources: AddressSet
        var rules: [Int]
    }

    /// Splits the sources so that each address belongs to one agent, whose rules are those that hold for it.
    private static func agents(_ sources: [AddressSet]) -> [AgentRules] {
        var agents: [AgentRules] = []
        for (number, set) in sources.enumerated() {
            var rest = set
            var next: [AgentRules] = []
            for agent in agents {
                let common = agent.sources.intersection(rest)
                guard !common.isEmpty else {
                    next.append(agent)
                    continue
                }
                next.append(AgentRules(sources: common, rules: agent.rules + [number]))
                let other = agent.sources.subtracting(common)
                if !other.isEmpty { next.append(AgentRules(sources: other, rules: agent.rules)) }
                rest = rest.subtracting(common)
            }
            if !rest.isEmpty { next.append(AgentRules(sources: rest, rules: [number])) }
            // Addresses that are treated alike are one agent.
            var merged: [[Int]: AddressSet] = [:]
            var order: [[Int]] = []
            for agent in next {
                if merged[agent.rules] == nil { order.append(agent.rules) }
                merged[agent.rules] = (merged[agent.rules] ?? .empty).union(agent.sources)
            }
            agents = order.compactMap { rules in merged[rules].map { AgentRules(sources: $0, rules: rules) } }
        }
        return agents
    }

    private mutating func name(of sources: AddressSet) -> String {
        var name = sourceNames.first { $0.addresses == sources }.map { Self.safe($0.name) } ?? ""
        if name.isEmpty {
            name = sources == .all ? "everybody" : Self.safe("net-" + (sources.blocks.first?.description ?? ""))
        }
        var unique = name
        var number = 2
        while !agentNames.insert(unique).inserted {
            unique = "\(name)-\(number)"
            number += 1
        }
        return unique
    }

    private static func safe(_ name: String) -> String {
        var result = ""
        for byte in name.utf8.prefix(48) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "-"
            }
        }
        while result.utf8.first == UInt8(ascii: "-") { result.removeFirst() }
        // Words that YAML reads as something else.
        return ["true", "false", "null"].contains(result.lowercased()) || result.utf8.allSatisfy { $0 < 0x3A }
            ? "net-\(result)" : result
    }

    // MARK: Grants

    /// The lines of a grant below its name; `nil` when nothing of the region can be written.
    private mutating func grant(_ region: Region, _ line: Int) -> String? {
        let hosts = hosts(region.hosts, line)
        guard !hosts.isEmpty, !region.methods.isEmpty, !region.ports.isEmpty else { return nil }
        var lines = "        hosts:\n" + hosts.map { "          - \"\($0)\"\n" }.joined()
        if region.ports == Region.allPorts {
            lines += "        ports: any\n"
        } else {
            let ports = region.ports.ranges.map {
                $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
            }
            lines += "        ports: [\(ports.joined(separator: ", "))]\n"
        }
        if region.methods != .all {
            let names =
                region.methods.isComplement
                ? MethodRegion.common.filter(region.methods.contains) : region.methods.names.sorted()
            guard !names.isEmpty else { return nil }
            if region.methods.isComplement {
                note(
                    line, "of all methods but \(region.methods.names.sorted().joined(separator: ", ")), the common ones"
                )
            }
            lines += "        methods: [\(names.joined(separator: ", "))]\n"
        }
        // Squid looks neither into tunnels nor at the labels of a name.
        return lines + "        tls: any\n        name_budget: off\n"
    }

    private mutating func hosts(_ hosts: HostSet, _ line: Int) -> [String] {
        // The guard refuses its addresses for every grant, so they need not be granted.
        let isEverything =
            hosts.names == .all && AddressSet.all.subtracting(hosts.literals).subtracting(.guarded).isEmpty
        if isEverything { return ["any-public"] }
        let patterns = hosts.names.patterns()
        for reason in patterns.leftOut { note(line, "left out, since it cannot be granted: \(reason)") }
        return patterns.exact + patterns.wildcards.map { "*.\($0)" } + hosts.literals.blocks.map(\.description)
    }

    private mutating func note(_ line: Int, _ text: String) {
        guard !leftOut.contains(where: { $0.line == line && $0.note == text }) else { return }
        leftOut.append((line, text))
    }
}
