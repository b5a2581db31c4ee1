// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import Decision
internal import Identity
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport

/// Takes over what other gates did. What restricts is taken over always, what widens only as it stands in etcd.
extension Gate {
    /// Everything that etcd has.
    func takeAll(_ entries: [SharedEntry]) async {
        cluster?.memory.withLock { $0.forgetEtcd() }
        for entry in entries { await take(entry) }
    }

    /// One entry as it is now.
    func take(_ entry: SharedEntry) async {
        guard let cluster else { return }
        do throws(EntryFault) {
            switch entry.key.kind {
            case .revocation: try await takeRevocation(entry, cluster)
            case .quarantine: try takeQuarantine(entry, cluster)
            case .task: try takeTask(entry, cluster)
            case .pin: try takePin(entry, cluster)
            case .keys: try takeKeys(entry, cluster)
            case .authority: try await takeAuthority(entry, cluster)
            case .question: try takeQuestion(entry, cluster)
            case .answer: try takeAnswer(entry, cluster)
            case .head: try takeHead(entry, cluster)
            case .sightings: try takeSightings(entry, cluster)
            case .beat, .member, .budget: break
            }
            cluster.link.accept(entry.key)
        } catch {
            cluster.link.refuse(cluster.link.terms.prefix + entry.key.description, error)
        }
    }

    // MARK: Revocations

    /// How old a revocation is, in microseconds, before what is open is judged by its age: what is open when the news
    /// comes was there before, and clocks differ.
    private static let news: Int64 = 60_000_000

    private func takeRevocation(_ entry: SharedEntry, _ cluster: GateCluster) async throws(EntryFault) {
        guard let target = SharedRevocation.target(entry.key) else { throw .malformed("it names nothing to revoke") }
        guard let value = entry.value else {
            // The gate's own goes back.
            return cluster.memory.withLock { $0.revocations[target] = nil }
        }
        var fault: EntryFault?
        var revocation: Revocation
        do throws(EntryFault) {
            revocation = try SharedRevocation.read(target, value)
            cluster.memory.withLock { [revocation] in $0.revocations[target] = revocation }
        } catch {
            // The key says what it was about: everything up to now.
            fault = error
            cluster.memory.withLock { $0.revocations[target] = nil }
            revocation = self.revocation(of: target, why: "its entry in etcd cannot be read", origin: "the gate")
        }
        let known = authorizer.snapshot.revocations[target]
        let isOver = revocation.expires.map { $0 <= now } ?? false
        if !isOver, !(known.map { SharedRevocation.covers($0, revocation) } ?? false) {
            await apply(shared: revocation)
        }
        if let fault { throw fault }
    }

    private func apply(shared revocation: Revocation) async {
        let isOld = revocation.time < clock.wall() &- Self.news
        do throws(AdminError) {
            let (kept, count, failure) = try revocationKeeper.changing.withLock { (_) throws(AdminError) in
                try apply(revocation, isExact: isOld)
            }
            let end = await end(
                whatRestsOn: revocation.target, why: revocation.why ?? "revoked", by: nil,
                signedInUntil: isOld ? revocation.time / 1_000_000 : .max)
            record(describing(kept, cut: count, end, by: nil))
            logger.notice(
                "another gate revoked",
                metadata: [
                    LogField.trigger: .string(revocation.target.kind.rawValue), LogField.cut: .stringConvertible(count),
                ])
            if let failure = failure.map({ "\($0)" }) ?? end.failure {
                logger.error(
                    "a revocation could not be written down", metadata: [LogField.error: .string("\(failure)")])
            }
        } catch {
            logger.error(
                "a revocation of another gate does not hold here", metadata: [LogField.error: .string("\(error)")])
        }
    }

    // MARK: Quarantines

    private func takeQuarantine(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        guard let agent = SharedQuarantine.agent(entry.key) else { throw .malformed("it names no agent") }
        guard let value = entry.value else {
            cluster.memory.withLock { _ = $0.quarantines.remove(agent) }
            return
        }
        let shared: SharedQuarantine
        do throws(EntryFault) {
            shared = try SharedQuarantine(value)
        } catch {
            // The key says who it is about. Whoever releases the agent replaces the entry.
            cluster.memory.withLock { _ = $0.quarantines.insert(agent) }
            if authorizer.quarantineReason(agent) == nil {
                take(
                    SharedQuarantine(
                        number: 1, since: clock.wall(), ends: nil, why: "its entry in etcd cannot be read",
                        origin: "the gate"), of: agent)
            }
            throw error
        }
        let (known, isReleasing) = cluster.memory.withLock { memory in
            memory.quarantines.insert(agent)
            return (memory.numbers[agent], memory.releasing.contains(agent))
        }
        if shared.isOver {
            // Whoever releases it here ends it here.
            guard !isReleasing else { return }
            // One that the others do not know of yet is not over; one with a higher number is another one.
            guard let known, known > 0, known <= shared.number else { return }
            cluster.remember(quarantine: shared.number, of: agent, report: logger)
            return endShared(quarantineOf: agent)
        }
        guard shared.ends ?? .max > clock.wall() else { return }
        let held = state.withLock { $0.quarantined[agent] }
        if let held, held.ends ?? .max >= shared.ends ?? .max {
            // The gate's own, written a moment ago, or one that is just as long: they end together.
            if known != 0 || held.ends == shared.ends {
                cluster.remember(quarantine: shared.number, of: agent, report: logger)
            }
            return
        }
        take(shared, of: agent)
    }

    private func take(_ shared: SharedQuarantine, of agent: SPIFFEID) {
        let begun = begin(
            Quarantine(since: shared.since, ends: shared.ends, why: shared.why, origin: shared.origin), of: agent,
            number: shared.number)
        var event = event(.adminAction)
        event.operation = "quarantine"
        event.agent = agent.description
        event.cause = shared.why
        event.detail = "another gate; \(begun.cut) connections cut"
        record(event)
        logger.notice(
            "another gate quarantined an agent",
            metadata: [
                LogField.agent: .string(agent.description), LogField.cut: .stringConvertible(begun.cut),
            ])
        if let failure = begun.failure {
            logger.error("a quarantine could not be written down", metadata: [LogField.error: .string("\(failure)")])
        }
    }

    private func endShared(quarantineOf agent: SPIFFEID) {
        do throws(AdminError) {
            guard try end(quarantineOf: agent, if: { _ in true }) else { return }
            record(adminAction("release", agent, why: "another gate released it", by: nil, detail: nil))
        } catch {
            logger.error("a quarantine could not be ended", metadata: [LogField.error: .string("\(error)")])
        }
    }

    // MARK: Tasks

    private func takeTask(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        guard let id = SharedTask.id(entry.key) else { throw .malformed("it names no task") }
        guard let value = entry.value else {
            cluster.memory.withLock { memory in
                memory.tasks[id] = nil
                // Where a task began matters for as long as it is known.
                if authorizer.snapshot.tasks[id] == nil { memory.foreign.remove(id) }
            }
            return
        }
        let known = authorizer.snapshot.tasks[id]
        let shared: SharedTask
        do throws(EntryFault) {
            shared = try SharedTask(id, value)
        } catch {
            // It may have been its stop.
            cluster.memory.withLock { $0.tasks[id] = true }
            if let known { _ = end(known, why: "its entry in etcd cannot be read", by: nil) }
            throw error
        }
        cluster.memory.withLock { $0.tasks[id] = shared.task.stop != nil }
        if let known {
            if let stop = shared.task.stop, known.stop == nil { _ = end(known, why: stop.why, by: nil) }
            return
        }
        guard shared.task.expires > now else { return }
        insert(shared, cluster)
    }

    private func insert(_ shared: SharedTask, _ cluster: GateCluster) {
        let isForeign = !shared.gate.utf8.elementsEqual(cluster.link.terms.gate.utf8)
        let failure = keeper.changing.withLock { _ -> String? in
            guard authorizer.snapshot.tasks.all.count < TaskBook.largestCount else {
                return "there are \(TaskBook.largestCount) tasks already"
            }
            do throws(StateDatabaseError) {
                if isForeign {
                    try cluster.database.keep(foreignTask: shared.task.id.description)
                    cluster.memory.withLock { _ = $0.foreign.insert(shared.task.id) }
                }
                try keeper.keep(shared.task)
            } catch {
                return "\(error)"
            }
            authorizer.changeTasks { _, book in book.insert(shared.task) }
            return nil
        }
        guard let failure else { return }
        logger.error(
            "a task of another gate does not count here",
            metadata: [LogField.task: .string(shared.task.id.description), LogField.error: .string(failure)])
    }
}

extension GateCluster {
    /// Keeps which quarantine of an agent is known here.
    func remember(quarantine number: Int64, of agent: SPIFFEID, report logger: Logger) {
        guard
            memory.withLock({ memory in
                guard memory.numbers[agent] != number else { return false }
                memory.numbers[agent] = number
                return true
            })
        else { return }
        do throws(StateDatabaseError) {
            try database.keep(sharedQuarantine: number, of: agent.description)
        } catch {
            logger.error("a quarantine could not be written down", metadata: [LogField.error: .string("\(error)")])
        }
    }
}
