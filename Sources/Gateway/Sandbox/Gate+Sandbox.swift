// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Synchronization
internal import YettConfiguration

extension Gate {
    /// Opens a socket over which an operator's own process asks for runs as an agent: the same identity, grants and records
    /// as those of a program that is launched as it.
    func openSandbox(_ request: SandboxDoorRequest, by caller: Operator) async throws -> LaunchReport {
        let configuration = state.withLock { $0.configuration }
        guard sandbox != nil, configuration.sandbox?.isOn == true else {
            throw AdminError(
                .unknown, "this gate runs no code",
                remedy: "add 'sandbox: {}' to the configuration and restart the gate")
        }
        let name = try request.agent ?? Self.onlyAgent(of: configuration)
        return try await openLaunch(
            LaunchRequest(agent: name, uid: caller.uid, program: "yett sandbox run", task: request.task, isOwn: true),
            by: caller)
    }

    /// The agent that may be launched and may run code, where there is one only.
    private static func onlyAgent(of configuration: GateConfiguration) throws(AdminError) -> String {
        let names = configuration.agents.filter { agent in
            agent.attestations.contains { $0.kind == .launch }
                && agent.grants.contains {
                    $0.service?.utf8.elementsEqual(SandboxConfiguration.serviceName.utf8) == true
                }
        }.map(\.name)
        if let name = names.first, names.count == 1 { return name }
        throw AdminError(
            .unknown,
            names.isEmpty
                ? "no agent that may be launched has a grant for sandboxes"
                : "several agents may run code: \(names.joined(separator: ", "))",
            remedy: names.isEmpty
                ? "add under agents: NAME: {attest: [{launch: true}], grants: [{name: code, service: sandbox}]}, then type: yett reload"
                : "say which: --agent NAME")
    }
}
