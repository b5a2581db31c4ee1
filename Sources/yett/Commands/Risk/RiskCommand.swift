// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett risk`: how agents behave, and why the gate thinks so.
struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk",
        abstract: "See how agents behave, learn what is usual, and compute it once more from the audit tree.",
        subcommands: [
            RiskListCommand.self, RiskLearnCommand.self, RiskBaselineCommand.self, RiskRatifyCommand.self,
            RiskReplayCommand.self,
        ], defaultSubcommand: RiskListCommand.self)
}

/// `yett risk list`: every agent's level, and the alarms behind it.
struct RiskListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the level of every agent and its last alarms.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("risk"))) }
            Terminal.write(Self.text(try await gate.ask("risk", for: RiskList.self)))
        }
    }

    private static func text(_ list: RiskList) -> String {
        guard list.mode != "off" else { return "Nobody is watched: watch.mode is off.\n" }
        guard !list.agents.isEmpty else { return "No agent has done anything yet.\n" }
        var table = Table([
            ("AGENT", .left), ("LEVEL", .left), ("POINTS", .right), ("RESPONSE", .left), ("SIGNALS", .left),
            ("EVENTS", .right),
        ])
        for agent in list.agents {
            let points = "\(agent.millipoints / 1000).\(agent.millipoints % 1000 / 100)"
            table.add([
                AgentName.short(agent.agent), agent.level, points,
                list.mode == "enforce" ? agent.response : "\(agent.response) (observed only)",
                agent.signals.isEmpty ? "-" : agent.signals.joined(separator: ", "), String(agent.events),
            ])
        }
        var text = table.text
        for agent in list.agents where !agent.alarms.isEmpty {
            text += "\n\(Terminal.safe(AgentName.short(agent.agent)))\n"
            for alarm in agent.alarms.suffix(5) {
                let records = alarm.evidence.map { String($0) }.joined(separator: " ")
                text += "  \(alarm.at)  \(alarm.signal): \(Terminal.safe(alarm.text))\n    records \(records)\n"
            }
        }
        return text
    }
}
