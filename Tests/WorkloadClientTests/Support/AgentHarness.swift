// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import GRPCClient
import GateSupport
import Identity
import NIOCore
import Synchronization
import WorkloadClient

/// A source in front of a scripted agent, and what it reported.
final class AgentHarness: Sendable {
    let workspace: Workspace
    let source: WorkloadAPISource
    private let reported = Mutex<[WorkloadTrouble]>([])

    var troubles: [WorkloadTrouble] { reported.withLock { $0 } }

    init(_ workspace: Workspace, port: UInt16, answer: Int64 = 20_000, longestPause: Duration = .milliseconds(20)) {
        self.workspace = workspace
        var limits = WorkloadClientLimits()
        limits.answer = .milliseconds(answer)
        limits.firstPause = .milliseconds(1)
        limits.longestPause = longestPause
        source = WorkloadAPISource(
            socket: .tcp(address: .v4(.init(127, 0, 0, 1)), port: port), trustDomain: workspace.domain, limits: limits,
            now: { workspace.clock.now }, random: { 0.5 })
    }

    /// Lets the source follow its agent while a test runs.
    func run(_ test: (AgentHarness) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.source.run { trouble in self.reported.withLock { $0.append(trouble) } } }
            do {
                try await test(self)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    /// Lets a source follow an agent that does what a script says.
    static func run(
        answer: Int64 = 20_000, workspace: Workspace? = nil, _ script: @escaping ScriptedAgent.Script,
        _ test: (AgentHarness, ScriptedAgent) async throws -> Void
    ) async throws {
        let agent = try await ScriptedAgent(script)
        let harness = AgentHarness(try workspace ?? Workspace(), port: agent.port, answer: answer)
        try await harness.run { try await test($0, agent) }
        await agent.stop()
    }

    /// Waits until the source has an identity.
    func ready() async -> Bool { await eventually { source.failure == nil } }

    /// Waits until something of this method was reported.
    func reports(_ method: WorkloadMethod = .fetchX509SVID, _ reason: (WorkloadTrouble.Reason) -> Bool) async -> Bool {
        await eventually { troubles.contains { $0.method == method && reason($0.reason) } }
    }
}
