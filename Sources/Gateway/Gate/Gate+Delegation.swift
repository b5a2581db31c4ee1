// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import FoundationEssentials
internal import Identity
internal import IdentityPlane
internal import Protocols
internal import Synchronization

/// Agents hand parts of their own tasks on. What they hand on is judged together with what they were given.
extension Gate: TaskDelegator {
    /// The most open tasks directly below one; an agent must not use up what the gate can keep.
    private static let mostParts = 64

    func delegate(
        _ order: JSONObject, under handle: TaskHandle, by client: ExchangeClient
    ) async throws(DelegationError) -> JSONValue {
        let parent = try open(handle, client)
        let parts = authorizer.snapshot.tasks.all.count { task in
            guard task.parent == parent.id, case .open = authorizer.snapshot.tasks.state(of: task.id, at: now) else {
                return false
            }
            return true
        }
        guard parts < Self.mostParts else {
            throw .conflict("\(Self.mostParts) tasks are open below this one already; stop one first")
        }
        var request = try TaskRequest(delegation: order)
        request.parent = parent.id.description
        do throws(AdminError) {
            let order = try self.order(request, origin: client.id.description)
            var event = event(.taskStart)
            event.plane = Plane.identity.rawValue
            event.source = client.id.description
            let begun = try begin(order, event: event) { _ in }
            try await shareBegun(begun.task)
            return [
                "task": .string(begun.task.id.description), "handle": .string(begun.handle.secret),
                "agent": .string(begun.task.agent.description), "expires": .integer(begun.task.expires),
            ]
        } catch {
            throw DelegationError(error)
        }
    }

    func stop(
        task: String, under handle: TaskHandle, by client: ExchangeClient
    ) async throws(DelegationError) -> JSONValue {
        let parent = try open(handle, client)
        let tasks = authorizer.snapshot.tasks
        guard let id = TaskID(task), id != parent.id, tasks.descendants(of: parent.id).contains(id),
            let found = tasks[id]
        else { throw .unknown }
        let end = end(found, why: "\(client.id) ended it", by: nil)
        guard !end.stopped.isEmpty else { throw .conflict("the task is over already") }
        guard end.failure == nil else {
            throw .unavailable("the task is stopped, but a restart of the gate would revive it; tell its operator")
        }
        return ["stopped": .array(end.stopped.map { .string($0.description) }), "cut": .integer(Int64(end.cut))]
    }

    /// The open task of a handle, if it is the caller's.
    private func open(_ handle: TaskHandle, _ client: ExchangeClient) throws(DelegationError) -> AgentTask {
        let tasks = authorizer.snapshot.tasks
        guard let task = tasks.task(handleDigest: handle.digest), task.agent == client.id,
            case .open = tasks.state(of: task.id, at: now)
        else { throw .refused }
        guard authorizer.quarantineReason(client.id) == nil else { throw .refused }
        let shown = VerifiedIdentity(proved: client.id, by: .x509SVID, basis: client.basis)
        let revocations = authorizer.snapshot.revocations
        guard revocations.refusal(of: shown) == nil, revocations.refusal(of: task.id, in: tasks) == nil else {
            throw .refused
        }
        return task
    }
}

extension DelegationError {
    fileprivate init(_ error: AdminError) {
        switch error.kind {
        case .conflict: self = .conflict(error.detail)
        case .failed, .unavailable: self = .unavailable(error.detail)
        default: self = .malformed(error.detail)
        }
    }
}

extension TaskRequest {
    /// What an agent may say of a task; person, session and parent are not its to say.
    private static var members: Set<String> {
        ["agent", "purpose", "grants", "calls", "bytes", "tokens", "cost", "seconds"]
    }
    private static var limits: Set<String> {
        ["name", "hosts", "ports", "methods", "paths", "tools", "expires", "calls", "bytes"]
    }

    /// Reads what was parsed strictly before, with no member that would be left out.
    fileprivate init(delegation order: JSONObject) throws(DelegationError) {
        let parts = order["grants"]?.array?.compactMap(\.object) ?? []
        for (object, known) in [(order, Self.members)] + parts.map({ ($0, Self.limits) }) {
            if let unknown = object.names.first(where: { !known.contains($0) }) {
                throw .malformed("“\(unknown.prefix(64))” is no part of a task that an agent hands on")
            }
        }
        do {
            self = try AdminJSON.decoder.decode(TaskRequest.self, from: Data(JSONValue.object(order).bytes))
        } catch {
            throw .malformed("agent, purpose and grants are expected, written as for POST /v1/tasks")
        }
    }
}
