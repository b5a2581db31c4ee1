// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Cluster
internal import Decision
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry

/// A task that begins at one gate counts at all of them, until one of them stops it.
extension Gate {
    // MARK: Delivering

    /// Shares a task that has just begun; ends it where that is not possible, so that it counts everywhere or nowhere.
    func shareBegun(_ task: AgentTask) async throws(AdminError) {
        guard let cluster else { return }
        do throws(ClusterError) {
            try await share(task)
        } catch {
            _ = end(task, why: "the other gates could not be told", by: nil)
            throw AdminError(
                .unavailable, "the task does not begin, because the other gates cannot be told: \(error)",
                remedy: "yett cluster")
        }
        cluster.budgets.prepare(task)
    }

    /// Writes a task, or its stop.
    func share(_ task: AgentTask) async throws(ClusterError) {
        guard let cluster else { return }
        let (gate, key) = (cluster.link.terms.gate, SharedTask.key(task.id))
        let isStopped = try await cluster.link.change(
            key, ends: task.expires &+ TaskBook.remembrance, isNew: task.stop == nil
        ) { value throws(ClusterError) -> EntryChange<Bool> in
            func written(of gate: String) throws(ClusterError) -> EntryChange<Bool> {
                .write(try cluster.signed(SharedTask(task, of: gate).value, at: key), task.stop != nil)
            }
            guard let value else { return try written(of: gate) }
            let claim = cluster.claim(value, at: key)
            let known: SharedTask
            do throws(EntryFault) {
                known = try SharedTask(task.id, claim.payload)
            } catch {
                // It is over for everybody who could not read it either.
                throw .unreadable(error)
            }
            // What nobody believes is replaced.
            guard known.fault(in: claim) == nil else { return try written(of: gate) }
            guard task.stop != nil, known.task.stop == nil else { return .leave(known.task.stop != nil) }
            return try written(of: known.gate)
        }
        cluster.memory.withLock { $0.tasks[task.id] = isStopped }
    }

    // MARK: Taking over

    /// Takes over a task, or its stop.
    func takeTask(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        guard let id = SharedTask.id(entry.key) else { throw .malformed("it names no task") }
        let known = authorizer.snapshot.tasks[id]
        guard let value = entry.value else {
            return cluster.memory.withLock { memory in
                memory.tasks[id] = nil
                // Where a task began matters for as long as it is known.
                if known == nil { memory.foreign.remove(id) }
            }
        }
        let claim = cluster.claim(value, at: entry.key)
        let shared: SharedTask
        do throws(EntryFault) {
            shared = try SharedTask(id, claim.payload)
        } catch {
            // It may have been its stop.
            cluster.memory.withLock { $0.tasks[id] = true }
            if let known { _ = end(known, why: "its entry in etcd cannot be read", by: nil) }
            throw error
        }
        let fault = shared.fault(in: claim)
        // What is not believed, whoever knows better replaces.
        cluster.memory.withLock { $0.tasks[id] = fault == nil ? shared.task.stop != nil : nil }
        if let known, known.stop == nil, let stop = shared.task.stop { _ = end(known, why: stop.why, by: nil) }
        if let fault { throw fault }
        guard known == nil, shared.task.expires > now else { return }
        let isOver = shared.task.stop == nil && keeper.wasStopped(id)
        insert(shared, isOver: isOver, cluster)
        if isOver { throw .untrusted("the task was stopped before") }
    }

    /// Lets decisions know of a task that another gate shared.
    ///
    /// - Parameter isOver: Whether it was stopped and forgotten here. It is stopped again, and etcd gets that back.
    private func insert(_ shared: SharedTask, isOver: Bool, _ cluster: GateCluster) {
        let isForeign = !shared.gate.utf8.elementsEqual(cluster.link.terms.gate.utf8)
        let stop = AgentTask.Stop(time: now, why: "it was stopped before")
        let failure = keeper.changing.withLock { _ -> String? in
            guard authorizer.snapshot.tasks.all.count < TaskBook.largestCount else {
                return "there are \(TaskBook.largestCount) tasks already"
            }
            var book = TaskBook([shared.task])
            if isOver { book.stop(shared.task.id, stop) }
            guard let task = book[shared.task.id] else { return "it cannot be stopped" }
            do throws(StateDatabaseError) {
                if isForeign {
                    try cluster.database.keep(foreignTask: task.id.description)
                    cluster.memory.withLock { _ = $0.foreign.insert(task.id) }
                }
                try keeper.keep(task)
            } catch {
                return "\(error)"
            }
            authorizer.changeTasks { _, book in book.insert(task) }
            return nil
        }
        guard let failure else { return }
        logger.error(
            "a task of another gate does not count here",
            metadata: [LogField.task: .string(shared.task.id.description), LogField.error: .string(failure)])
    }
}
