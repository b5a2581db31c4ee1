// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Cluster
internal import Decision
internal import Synchronization

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
                (quarantine.ends ?? .max) / 1_000_000 > now && !memory.releasing.contains(agent)
                    && (memory.marks[agent]?.isNew ?? true || !memory.quarantines.contains(agent))
            }
            let tasks = snapshot.tasks.all.filter { task in
                guard task.expires > now else { return false }
                return memory.tasks[task.id].map { !$0 && task.stop != nil } ?? true
            }
            return revocations.map { PendingShare.revocation($0.target) }
                + quarantines.map { PendingShare.quarantine($0.key) } + tasks.map { PendingShare.task($0.id) }
                + memory.pins.filter { !$0.value.isThere }.map { PendingShare.pin($0.key) }
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
        case .pin(let key): try await deliver(pin: key, cluster)
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
}
