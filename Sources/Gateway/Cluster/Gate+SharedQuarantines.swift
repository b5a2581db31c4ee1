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

/// A quarantine at one gate is one at all, and so is its end.
extension Gate {
    // MARK: Delivering

    /// Brings a quarantine to the others.
    func deliver(_ agent: SPIFFEID, _ cluster: GateCluster) async throws(ClusterError) {
        guard let own = state.withLock({ $0.quarantined[agent] }) else { return }
        let key = SharedQuarantine.key(agent)
        let least = cluster.mark(of: agent, isHeld: true).own
        let number = try await cluster.link.change(key, ends: own.ends.map { $0 / 1_000_000 }) {
            value throws(ClusterError) -> EntryChange<Int64?> in
            // Whoever releases it here ends it for all.
            guard !cluster.memory.withLock({ $0.releasing.contains(agent) }) else { return .leave(nil) }
            let known = value.flatMap { cluster.quarantine($0, at: key) }
            let next = SharedQuarantine(
                number: least, since: own.since, ends: own.ends, why: own.why, origin: own.origin
            ).after(known)
            if let known, !known.isOver, known.number == next.number, known.ends == next.ends {
                return .leave(next.number)
            }
            return .write(try cluster.signed(next.value, at: key), next.number)
        }
        guard let number else { return }
        cluster.memory.withLock { memory in _ = memory.quarantines.insert(agent) }
        // One that began meanwhile has no number yet.
        guard state.withLock({ $0.quarantined[agent] }) == own else { return }
        cluster.remember(QuarantineMark(last: number), of: agent, report: logger)
    }

    /// Writes the end of a quarantine; only then it may end here.
    func shareEnd(of agent: SPIFFEID, why: String?, by origin: String) async throws(AdminError) {
        guard let cluster else { return }
        let key = SharedQuarantine.key(agent)
        let least = cluster.mark(of: agent, isHeld: true).own
        cluster.memory.withLock { _ = $0.releasing.insert(agent) }
        let wall = clock.wall()
        let begun = state.withLock { $0.quarantined[agent]?.since } ?? .min
        let since = max(wall, min(begun, .max - 1) + 1)
        do throws(ClusterError) {
            let number = try await cluster.link.change(
                key, ends: wall / 1_000_000 &+ Self.remembrance, isNew: false
            ) { value throws(ClusterError) -> EntryChange<Int64> in
                let known = value.flatMap { cluster.quarantine($0, at: key) }
                let end = SharedQuarantine(
                    isOver: true, number: least, since: since, ends: nil, why: why ?? "released", origin: origin
                ).after(known)
                if let known, known.isOver, known.number == end.number, known.since >= since {
                    return .leave(end.number)
                }
                return .write(try cluster.signed(end.value, at: key), end.number)
            }
            cluster.remember(QuarantineMark(last: number), of: agent, report: logger)
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

    // MARK: Taking over

    /// Takes over a quarantine, or its end.
    func takeQuarantine(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        guard let agent = SharedQuarantine.agent(entry.key) else { throw .malformed("it names no agent") }
        guard let value = entry.value else {
            cluster.memory.withLock { _ = $0.quarantines.remove(agent) }
            return
        }
        let wall = clock.wall()
        // Decisions know of a quarantine by the watch before it is written down.
        let held =
            state.withLock { $0.quarantined[agent] }.map { QuarantineJudgement.Held(since: $0.since, ends: $0.ends) }
            ?? authorizer.quarantineReason(agent).map { _ in QuarantineJudgement.Held(since: wall, ends: nil) }
        let judgement = QuarantineJudgement(
            cluster.claim(value, at: entry.key), isSigned: cluster.members != nil, held: held,
            mark: cluster.mark(of: agent, isHeld: held != nil), now: wall)
        let isReleasing = cluster.memory.withLock { memory in
            if judgement.isThere { memory.quarantines.insert(agent) } else { memory.quarantines.remove(agent) }
            return memory.releasing.contains(agent)
        }
        // Whoever releases it here ends it here.
        if !(judgement.isEnd && isReleasing) {
            cluster.remember(judgement.mark, of: agent, report: logger)
            switch judgement.outcome {
            case .stays: break
            case .begins(let shared): take(shared, of: agent, judgement.mark)
            case .ends: endShared(quarantineOf: agent)
            }
        }
        if let fault = judgement.fault { throw fault }
    }

    private func take(_ shared: SharedQuarantine, of agent: SPIFFEID, _ mark: QuarantineMark) {
        let begun = begin(
            Quarantine(since: shared.since, ends: shared.ends, why: shared.why, origin: shared.origin), of: agent,
            mark: mark)
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
}

extension GateCluster {
    /// Which quarantines of an agent are known here.
    func mark(of agent: SPIFFEID, isHeld: Bool) -> QuarantineMark {
        memory.withLock { $0.marks[agent] } ?? QuarantineMark(isNew: isHeld)
    }

    /// What an entry says of a quarantine, if it is to be believed.
    func quarantine(_ value: [UInt8], at key: ClusterKey) -> SharedQuarantine? {
        let claim = claim(value, at: key)
        return claim.fault == nil ? try? SharedQuarantine(claim.payload) : nil
    }

    /// Keeps which quarantines of an agent are known here.
    ///
    /// - Parameter mark: `nil` for one more that began here.
    func remember(_ mark: QuarantineMark?, of agent: SPIFFEID, report logger: Logger) {
        let changed = memory.withLock { memory -> QuarantineMark? in
            let known = memory.marks[agent]
            let next = mark ?? QuarantineMark(last: known?.last ?? 0, isNew: true)
            guard known != next else { return nil }
            memory.marks[agent] = next
            return next
        }
        guard let changed else { return }
        do throws(StateDatabaseError) {
            try database.keep(sharedQuarantine: changed.kept, of: agent.description)
        } catch {
            logger.error("a quarantine could not be written down", metadata: [LogField.error: .string("\(error)")])
        }
    }
}
