// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import FoundationEssentials
import NIOCore

/// `yett status`: the state of the gate.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the state of the running gate.",
        discussion: "With --ready the exit code is 1 while the gate denies everything, or stops; for probes.")

    @Flag(help: "Fail while the gate denies everything, or stops.")
    var ready = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let answer = try await gate.ask("status")
            let status = try AdminJSON.decoder.decode(StatusReport.self, from: Data(answer.readableBytesView))
            if client.json {
                print(String(buffer: answer))
            } else {
                Terminal.write(Self.sheet(status))
            }
            guard ready else { return }
            if let denial = status.denial { throw CommandFailure("everything is denied: \(denial)") }
            if status.state == .draining { throw CommandFailure("the gate stops") }
        }
    }

    private static func sheet(_ status: StatusReport) -> String {
        var sheet = FactSheet()
        sheet.add("gate", "\(status.version), \(status.state.rawValue), process \(status.pid)")
        if let denial = status.denial { sheet.add("", "DENIES EVERYTHING: \(denial)") }
        sheet.add("up", Amount.duration(milliseconds: status.uptimeSeconds * 1000))
        sheet.add("trust domain", status.trustDomain)
        sheet.add("agents", status.agents.isEmpty ? "none" : status.agents.joined(separator: ", "))
        sheet.add("configuration", status.configuration.path)
        sheet.add(
            "snapshot",
            "revision \(status.configuration.revision) since \(status.configuration.loadedAt), "
                + "SHA-256 \(status.configuration.digest.prefix(16))…")
        if let reload = status.lastReload {
            sheet.add(
                "last reload", "\(reload.isAccepted ? "accepted" : "REFUSED, the old snapshot serves") at \(reload.at)")
            for diagnostic in reload.diagnostics { sheet.add("", diagnostic) }
        }
        for (index, bundle) in status.bundles.enumerated() {
            let revision = bundle.activeRevision.flatMap { $0.isEmpty ? nil : ", revision \($0)" } ?? ""
            let since = bundle.lastSuccessfulActivation.map { ", since \($0)" } ?? ""
            let absence = bundle.isCandidate == true ? "not there yet" : "MISSING: everything is denied"
            let state = bundle.isActive ? "active\(revision)\(since)" : absence
            sheet.add(index == 0 ? "bundles" : "", "\(bundle.name): \(state)")
            if let message = bundle.message { sheet.add("", "  \(message)") }
        }
        if let rollout = status.rollout {
            sheet.add("rollout", "candidate \(rollout.digest.prefix(16))… on \(rollout.share) of the decisions")
            sheet.add("", rollout.absence.map { "NOT TRIED: \($0)" } ?? rollout.sentence)
        }
        for (index, listener) in status.listeners.enumerated() { sheet.add(index == 0 ? "listeners" : "", listener) }
        if let identity = status.identity {
            sheet.add(
                "identity",
                identity.id.map { "\($0) until \(identity.expiresAt ?? "-")" } ?? "NONE: \(identity.problem ?? "-")")
            sheet.add("", "from \(identity.source); recognises \(identity.trustDomains.joined(separator: ", "))")
            if let socket = identity.socket { sheet.add("workloads", "SPIFFE_ENDPOINT_SOCKET=unix://\(socket)") }
            if let endpoints = identity.endpoints { sheet.add("tokens", endpoints) }
        }
        for (index, endpoint) in (status.endpoints ?? []).enumerated() {
            let state =
                switch endpoint.state {
                case .well: "well"
                case .ejected: "EJECTED for \(endpoint.ejectedSeconds ?? 0) s"
                case .unhealthy: "UNHEALTHY"
                }
            sheet.add(index == 0 ? "endpoints" : "", "\(endpoint.service) at \(endpoint.endpoint): \(state)")
            if endpoint.state != .well, let problem = endpoint.problem { sheet.add("", "  \(problem)") }
        }
        if let cluster = status.cluster { sheet.add("cluster", ClusterCommand.summary(cluster)) }
        sheet.add("live", Amount.count(status.connections, "connection"))
        sheet.add("launched", Amount.count(status.launches, "agent"))
        for (index, quarantine) in (status.quarantines ?? []).enumerated() {
            let until = quarantine.until.map { "until \($0)" } ?? "until yett release"
            sheet.add(index == 0 ? "quarantined" : "", "\(quarantine.agent) \(until): \(quarantine.why)")
        }
        if let revocations = status.revocations { sheet.add("revoked", "\(revocations); see yett revoke --list") }
        sheet.add(
            "audit",
            "\(status.audit.records) records, \(status.audit.isAvailable ? "writable" : "NOT WRITABLE: everything is denied")"
                + ", durability \(status.audit.durability)")
        if let refused = status.audit.refused {
            sheet.add("", "\(refused) records could not be written since the start; their requests were denied")
        }
        sheet.add("", status.audit.directory)
        return sheet.text
    }
}
