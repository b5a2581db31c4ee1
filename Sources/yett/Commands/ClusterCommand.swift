// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import FoundationEssentials

/// `yett cluster`: how the gate stands among the gates that share its state.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Show the gates that share their state, and how fresh it is here.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            guard let cluster = try await gate.ask("status", for: StatusReport.self).cluster else {
                throw CommandFailure("this gate shares its state with no other; see the section cluster of yett.yaml")
            }
            if client.json {
                return print(String(decoding: try AdminJSON.encoder.encode(cluster), as: UTF8.self))
            }
            Terminal.write(Self.sheet(cluster) + "\n" + Self.table(cluster))
        }
    }

    /// The state in one line.
    static func summary(_ cluster: ClusterReport) -> String {
        let lag = cluster.lagMilliseconds.map { ", at most \($0) ms old" } ?? ""
        let state = cluster.isFresh ? "fresh\(lag)" : "STALE\(lag): everything is denied"
        return "\(cluster.gate) of \(Amount.count(cluster.members.count, "gate")), \(state)"
    }

    private static func sheet(_ cluster: ClusterReport) -> String {
        var sheet = FactSheet()
        sheet.add("gate", summary(cluster))
        if cluster.isClockDoubtful { sheet.add("clock", "WRONG: too far from those of the others") }
        sheet.add("etcd", cluster.endpoint ?? "NONE: \(cluster.problem ?? "-")")
        sheet.add("key", cluster.key)
        if !cluster.isSigned { sheet.add("", "not in use: cluster.members names no gates") }
        sheet.add("revision", "\(cluster.revision)")
        sheet.add(
            "waiting",
            cluster.waiting == 0 ? "nothing" : "\(Amount.count(cluster.waiting, "change")), in force here already")
        for (index, entry) in cluster.refused.enumerated() {
            sheet.add(index == 0 ? "refused" : "", "\(entry.key): \(entry.problem)")
        }
        return sheet.text
    }

    private static func table(_ cluster: ClusterReport) -> String {
        var table = Table([
            ("GATE", .left), ("VERSION", .left), ("CLOCK", .right), ("KEYS", .right), ("RECORDS", .right),
            ("SIGNED BY", .left),
        ])
        for member in cluster.members {
            table.add([
                member.gate, member.version, member.clockOffsetMilliseconds.map { "\($0) ms" } ?? "-",
                member.signingKeys.map { "\($0)" } ?? "-", member.records.map { "\($0)" } ?? "-",
                member.signedBy.map { $0.isEmpty ? "NOBODY" : $0.joined(separator: ", ") } ?? "-",
            ])
        }
        return table.text
    }
}
