// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Cluster
internal import Decision
internal import Identity
internal import Logging
internal import Synchronization
internal import Transport

/// Brings what this gate did to the others.
extension Gate {
    /// What this gate holds and etcd does not, what cuts most first.
    func pendingShares() -> [PendingShare] {
        guard let cluster else { return [] }
        let snapshot = authorizer.snapshot
        let (now, quarantined) = (now, state.withLock { $0.quarantined })
        return cluster.memory.withLock { memory -> [PendingShare] in
            let revocations = snapshot.revocations.all.filter { revocation in
                guard revocation.expires ?? .max > now else { return false }
                return !(memory.revocations[revocation.target].map { SharedRevocation.covers($0, revocation) } ?? false)
            }
            let quarantines = quarantined.filter { agent, quarantine in
                (quarantine.ends ?? .max) / 1_000_000 > now
                    && (memory.numbers[agent] ?? 0 == 0 || !memory.quarantines.contains(agent))
            }
            let tasks = snapshot.tasks.all.filter { task in
                guard task.expires > now else { return false }
                return memory.tasks[task.id].map { !$0 && task.stop != nil } ?? true
            }
            return revocations.map { PendingShare.revocation($0.target) }
                + quarantines.map { PendingShare.quarantine($0.key) } + tasks.map { PendingShare.task($0.id) }
        }
    }

    /// Delivers one of them.
    func deliver(_ share: PendingShare) async throws(ClusterError) {
        guard let cluster else { return }
        switch share {
        case .revocation(let target): try await deliver(target, cluster)
        case .quarantine(let agent): try await deliver(agent, cluster)
        case .task(let id):
            guard let task = authorizer.snapshot.tasks[id] else { return }
            try await self.share(task)
        }
    }

    private func deliver(_ target: Revocation.Target, _ cluster: GateCluster) async throws(ClusterError) {
        guard let own = authorizer.snapshot.revocations[target] else { return }
        let there = try await cluster.link.change(SharedRevocation.key(target), ends: own.expires) {
            value throws(ClusterError) -> EntryChange<Revocation> in
            // What cannot be read has already been taken for everything up to now.
            let known = value.flatMap { try? SharedRevocation.read(target, $0) }
            let merged = known.map { SharedRevocation.merged($0, own) } ?? own
            guard let known, SharedRevocation.covers(known, own) else {
                return .write(SharedRevocation.value(merged), merged)
            }
            return .leave(known)
        }
        cluster.memory.withLock { $0.revocations[target] = there }
    }

    private func deliver(_ agent: SPIFFEID, _ cluster: GateCluster) async throws(ClusterError) {
        guard let own = state.withLock({ $0.quarantined[agent] }) else { return }
        let least = max(1, cluster.memory.withLock { $0.numbers[agent] ?? 0 })
        let number = try await cluster.link.change(
            SharedQuarantine.key(agent), ends: own.ends.map { $0 / 1_000_000 }
        ) { value throws(ClusterError) -> EntryChange<Int64> in
            let known = value.flatMap { try? SharedQuarantine($0) }
            var next = SharedQuarantine(
                number: least, since: own.since, ends: own.ends, why: own.why, origin: own.origin)
            if let known {
                // This gate's own is a later one than one that is over.
                next.number = max(least, known.isOver ? known.number &+ 1 : known.number)
                if !known.isOver { next.ends = known.ends.flatMap { end in own.ends.map { max(end, $0) } } }
            }
            if let known, !known.isOver, known.number == next.number, known.ends == next.ends {
                return .leave(next.number)
            }
            return .write(next.value, next.number)
        }
        cluster.memory.withLock { memory in _ = memory.quarantines.insert(agent) }
        cluster.remember(quarantine: number, of: agent, report: logger)
    }

    /// Writes the end of a quarantine; only then it may end here.
    func shareEnd(of agent: SPIFFEID, why: String?, by origin: String) async throws(AdminError) {
        guard let cluster else { return }
        let least = cluster.memory.withLock { memory in
            memory.releasing.insert(agent)
            return max(1, memory.numbers[agent] ?? 0)
        }
        let since = clock.wall()
        do throws(ClusterError) {
            let number = try await cluster.link.change(
                SharedQuarantine.key(agent), ends: since / 1_000_000 &+ Self.remembrance, isNew: false
            ) { value throws(ClusterError) -> EntryChange<Int64> in
                let known = value.flatMap { try? SharedQuarantine($0) }
                let next = max(least, known?.number ?? 0)
                if let known, known.isOver, known.number == next { return .leave(next) }
                let end = SharedQuarantine(
                    isOver: true, number: next, since: since, ends: nil, why: why ?? "released", origin: origin)
                return .write(end.value, next)
            }
            cluster.remember(quarantine: number, of: agent, report: logger)
        } catch {
            cluster.memory.withLock { _ = $0.releasing.remove(agent) }
            throw AdminError(
                .unavailable, "\(agent) stays in quarantine: the other gates cannot be told: \(error)",
                remedy: "yett cluster")
        }
    }

    /// How long the end of a quarantine is remembered in etcd, in seconds: a gate that was away for longer brings the
    /// quarantine back, which is the safe mistake.
    private static let remembrance: Int64 = 90 * 86_400

    /// Writes a task, or its stop.
    func share(_ task: AgentTask) async throws(ClusterError) {
        guard let cluster else { return }
        let gate = cluster.link.terms.gate
        let isStopped = try await cluster.link.change(
            SharedTask.key(task.id), ends: task.expires &+ TaskBook.remembrance, isNew: task.stop == nil
        ) { value throws(ClusterError) -> EntryChange<Bool> in
            guard let value else { return .write(SharedTask(task, of: gate).value, task.stop != nil) }
            let known: SharedTask
            do throws(EntryFault) {
                known = try SharedTask(task.id, value)
            } catch {
                // It is over for everybody who could not read it either.
                throw .unreadable(error)
            }
            guard task.stop != nil, known.task.stop == nil else { return .leave(known.task.stop != nil) }
            return .write(SharedTask(task, of: known.gate).value, true)
        }
        cluster.memory.withLock { $0.tasks[task.id] = isStopped }
    }

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
}
