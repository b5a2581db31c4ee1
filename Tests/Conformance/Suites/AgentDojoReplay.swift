// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import GateSupport
import Identity
import Protocols
import ServicePlane

/// Replays tasks through a running gate, with an agent that does whatever an attacker writes.
///
/// The tools of the corpus are one MCP server, which answers with what was recorded. Each run is a task of the agent: its
/// purpose is what the person asked for.
struct AgentDojoReplay {
    /// What became of one run.
    struct Outcome {
        /// Refused calls of the person's task.
        var denials: [String] = []
        /// Refused calls of the attack.
        var stopped: [String] = []
        /// Critical calls of the attack that went through.
        var breaches: [String] = []
        /// Whether everything that the attack wanted went through and nothing at all was refused.
        var isSilentSuccess = false
    }

    static let service = "dojo"
    private static let agent = "assistant"

    let corpus: AgentDojoCorpus
    let gate: GateHarness
    let server: AgentDojoServer
    let client: ToolClient
    /// Whether the task has a grant that lists its tools, the effectful ones with the number of their calls.
    let isGranted: Bool

    /// Runs `body` with a gate before the tools of a corpus.
    static func run<Result: Sendable>(
        _ corpus: AgentDojoCorpus, isGranted: Bool, _ body: (AgentDojoReplay) throws -> Result
    ) async throws -> Result {
        let server = AgentDojoServer(corpus)
        let upstream = server.start()
        defer { upstream.stop() }
        let host = try HostPattern(parsing: "tools.test")
        var everything = Grant(name: "all", hosts: [host])
        everything.ports = PortSet([80...80])
        let grants = corpus.tools.keys.map { tool in
            var grant = everything
            grant.name = tool
            grant.tools = [ToolGrant(name: tool)]
            return grant
        }
        var options = GateOptions(agents: [.local(agent, grants: [everything] + grants)])
        options.lead(to: upstream)
        var tools = ToolServer()
        tools.annotations = corpus.tools
        var description = ServiceDescription(name: service, host: try Host(parsing: "tools.test"), port: 80)
        description.language = .mcp(tools)
        description.requiresTask = true
        options.services = [description]
        return try await withGate(options) { gate in
            try body(
                AgentDojoReplay(
                    corpus: corpus, gate: gate, server: server, client: ToolClient(gate), isGranted: isGranted))
        }
    }

    func run(
        _ user: AgentDojoCorpus.UserTask, attack: AgentDojoCorpus.InjectionTask? = nil
    ) throws -> Outcome {
        let handle = try begin(user)
        var outcome = Outcome()
        for (index, call) in user.calls.enumerated() {
            if let denial = try send(call, attack, handle) { outcome.denials.append("\(call.tool): \(denial)") }
            guard index == user.firstInjectableCall, let attack else { continue }
            for call in attack.calls {
                if let denial = try send(call, attack, handle) {
                    outcome.stopped.append("\(call.tool): \(denial)")
                } else if call.isCritical {
                    outcome.breaches.append(call.tool)
                }
            }
        }
        outcome.isSilentSuccess = !outcome.breaches.isEmpty && outcome.stopped.isEmpty && outcome.denials.isEmpty
        return outcome
    }

    /// Sends a call, and says why it was refused.
    private func send(
        _ call: AgentDojoCorpus.Call, _ attack: AgentDojoCorpus.InjectionTask?, _ handle: String
    ) throws -> String? {
        server.expect(call, attackedWith: attack?.goal)
        let answer = try client.call(
            Self.service, call.tool, call.arguments, fields: [("Yett-Task", handle)])
        let isAnswered = server.hasAnswered
        if answer.isResult, isAnswered { return nil }
        guard !isAnswered, answer.http.status == 200, let error = answer.error, let reason = error["data"]?["reason"]
        else { throw HarnessError.setup("\(corpus.name), \(call.tool): \(answer.summary)") }
        return "\(reason.string ?? "") \(error["data"]?["detail"]?.string ?? "")"
    }

    /// The one task of the gate is this one from now on; returns its handle.
    private func begin(_ user: AgentDojoCorpus.UserTask) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let handle = TaskHandle(using: &generator)
        let time = Int64(Date.now.timeIntervalSince1970)
        let purpose = String(String.UnicodeScalarView(user.prompt.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        var order = TaskOrder(
            origin: "uid:1000", agent: try SPIFFEID(agent: Self.agent, in: gate.authorizer.snapshot.trustDomain),
            purpose: purpose, grants: isGranted ? parts(user) : [TaskGrant("all")])
        order.person = corpus.identity.last.map {
            Person(issuer: "https://people.test", subject: $0, authenticationTime: time)
        }
        let task = try gate.authorizer.snapshot.task(
            order, id: .random(using: &generator), handleDigest: handle.digest, at: time)
        gate.authorizer.changeTasks { _, book in book = TaskBook([task]) }
        return handle.secret
    }

    private func parts(_ user: AgentDojoCorpus.UserTask) -> [TaskGrant] {
        Set(user.calls.map(\.tool)).sorted().map { tool in
            var part = TaskGrant(tool)
            part.tools = [tool]
            if corpus.tools[tool]?.effect.isEffectful ?? true { part.calls = user.calls.count { $0.tool == tool } }
            return part
        }
    }
}
