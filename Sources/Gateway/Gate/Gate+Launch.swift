// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Glibc
internal import Identity
internal import Logging
internal import ServicePlane
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// Opens a socket for one launched agent and records it first.
    func openLaunch(_ request: LaunchRequest, by caller: Operator) async throws -> LaunchReport {
        guard caller.uid == 0 || caller.uid == request.uid else {
            throw AdminError(
                .forbidden, "user \(caller.uid) may not launch an agent as user \(request.uid)",
                remedy: "launch it as yourself, or as root")
        }
        guard caller.pid > 0 else {
            throw AdminError(
                .failed, "the kernel does not name the launching process",
                remedy: "launch from the same PID namespace as the gate")
        }
        guard !state.withLock({ $0.isDraining }) else {
            throw AdminError(.unavailable, "the gate is stopping", remedy: "try again after its restart")
        }
        let launch = try launches.reserve()
        do {
            let agents = authorizer.snapshot.agents
            guard let identity = agents.identify(launch: request.agent, launch: launch, at: clock.wall()) else {
                throw AdminError(
                    .forbidden, "no agent named “\(request.agent)” may be launched",
                    remedy: "add under agents: \(request.agent): attest: launch: true, then type: yett reload")
            }
            let task = try request.task.map { try context(of: $0, for: identity) }
            var event = event(.launch, by: caller)
            event.task = request.task
            event.agent = identity.id.description
            event.proof = identity.proof.description
            event.strength = identity.strength
            event.operation = request.program
            event.detail = "launch \(launch), user \(request.uid), process \(caller.pid)"
            do {
                try log.record(event)
            } catch {
                throw AdminError(.unavailable, "the launch cannot be recorded, so it is not allowed: \(error)")
            }
            let planted = try plant(with: request.agent)
            try await launches.start(
                launch, identity, uid: request.uid, caller: caller, plane: plane, services: services, task: task,
                isOwn: request.isOwn ?? false)
            logger.info(
                "an agent is launched",
                metadata: [
                    LogField.agent: .string(identity.id.description), LogField.launch: .string(launch),
                    LogField.operatorUser: .stringConvertible(caller.uid),
                ])
            let configuration = state.withLock { $0.configuration }
            var report = LaunchReport(
                launchId: launch, socketPath: launches.socketPath(of: launch), identity: identity.id.description,
                protectedPaths: protectedPaths(configuration), forbiddenSockets: [configuration.admin.socket],
                workloadSocket: self.identity?.authority.flatMap { _ in
                    configuration.identity.socket.map { IdentityServices.launchSocket(beside: $0) }
                }, serviceVariables: configuration.serviceVariables(of: request.agent))
            if !planted.variables.isEmpty { report.plantedVariables = planted.variables }
            if !planted.files.isEmpty { report.plantedFiles = planted.files }
            return report
        } catch {
            launches.abandon(launch)
            throw error
        }
    }

    /// What a task says of a launch within it.
    private func context(of task: String, for identity: VerifiedIdentity) throws(AdminError) -> TaskContext {
        let tasks = authorizer.snapshot.tasks
        guard let id = TaskID(task), case .open = tasks.state(of: id, at: now), let context = tasks.context(of: id),
            tasks[id]?.agent == identity.id
        else {
            throw AdminError(
                .forbidden, "no open task of this agent is named “\(task)”", remedy: "yett task list")
        }
        return context
    }

    /// Ends a launch.
    func endLaunch(_ launch: String, by caller: Operator) async throws {
        guard let owner = launches.caller(of: launch) else {
            throw AdminError(.unknown, "no launch is named \(launch)")
        }
        guard [0, owner.uid, geteuid()].contains(caller.uid) else {
            throw AdminError(.forbidden, "launch \(launch) belongs to user \(owner.uid)")
        }
        launches.end(launch, cause: "user \(caller.uid) ended it")
    }
}
