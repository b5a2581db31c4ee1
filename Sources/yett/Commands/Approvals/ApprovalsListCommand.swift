// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett approvals list`: what waits for an answer.
struct ApprovalsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the calls that wait for a person, the newest first.")

    @Flag(help: "Also those that were answered or are over.")
    var all = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("approvals"))) }
            let list = try await gate.ask("approvals", for: ApprovalList.self)
            let shown = all ? list.approvals : list.approvals.filter { $0.state == "waiting" }
            Terminal.write(Self.table(shown))
        }
    }

    private static func table(_ approvals: [ApprovalReport]) -> String {
        guard !approvals.isEmpty else { return "No call waits for an answer.\n" }
        let isShared = approvals.contains { $0.gate != nil }
        var table = Table(
            [
                ("APPROVAL", .left), ("STATE", .left), ("AGENT", .left), ("SERVICE", .left), ("CALL", .left),
                ("FOR", .left), ("AGE", .right), ("LEFT", .right), ("WHY", .left),
            ] + (isShared ? [("GATE", .left)] : []))
        for approval in approvals {
            table.add(
                [
                    approval.id, approval.state, AgentName.short(approval.agent), approval.service, approval.call,
                    approval.person ?? approval.task ?? "-", Amount.duration(milliseconds: approval.ageSeconds * 1000),
                    Amount.duration(milliseconds: approval.secondsLeft * 1000), approval.why,
                ] + (isShared ? [approval.gate ?? "here"] : []))
        }
        return table.text
    }
}

extension ApprovalReport {
    /// What is done, in few words.
    var call: String {
        if let tool { return "\(operation) \(tool)" }
        guard let method else { return operation }
        return "\(method) \(path ?? "")"
    }
}
