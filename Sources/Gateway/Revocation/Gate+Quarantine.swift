// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Behavior
internal import Cluster
internal import Decision
internal import Identity
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport

extension Gate {
    /// The longest time after which a quarantine ends by itself, in seconds; one without end needs no time.
    private static let longestQuarantine: Int64 = 366 * 86_400
    /// The longest reason of a revocation or a quarantine, in bytes.
    static let longestWhy = 512

    /// Denies everything to an agent, cuts its connections and records who asked. It is on the device before the answer.
    func quarantine(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport {
        let agent = try identifier(of: request.agent)
        try Self.check(why: request.why)
        if let seconds = request.seconds, !(1...Self.longestQuarantine).contains(seconds) {
            throw AdminError(
                .malformed, "a quarantine that ends by itself lasts 1 second to 366 days",
                remedy: "yett quarantine --help")
        }
        let (count, quarantine, failure) = begin(
            quarantineOf: agent, for: request.seconds, why: request.why ?? "an operator quarantined the agent",
            origin: caller.name)
        var details = ["\(count) connections cut"]
        if let ends = quarantine.ends { details.append("until \(Timestamp.text(microseconds: ends))") }
        record(adminAction("quarantine", agent, why: request.why, by: caller, detail: details.joined(separator: ", ")))
        if let failure {
            throw AdminError(
                .failed,
                "\(agent) is quarantined, but this could not be written down and a restart would end it: \(failure)",
                remedy: "mend the disk, then quarantine it again")
        }
        return Self.report(agent, quarantine, cut: count)
    }

    /// Quarantines an agent, for an operator or by the gate itself; one that is in quarantine already is so anew.
    func begin(
        quarantineOf agent: SPIFFEID, for seconds: Int64?, why: String, origin: String
    ) -> (cut: Int, quarantine: Quarantine, failure: StateDatabaseError?) {
        let now = clock.wall()
        let quarantine = Quarantine(since: now, ends: seconds.map { now &+ $0 &* 1_000_000 }, why: why, origin: origin)
        let (count, failure) = begin(quarantine, of: agent, mark: nil)
        return (count, quarantine, failure)
    }

    /// Begins a quarantine.
    ///
    /// - Parameter mark: What is known then among the gates that share it; `nil` for one that begins here.
    func begin(
        _ quarantine: Quarantine, of agent: SPIFFEID, mark: QuarantineMark?
    ) -> (cut: Int, failure: StateDatabaseError?) {
        let (why, origin) = (quarantine.why, quarantine.origin)
        let (count, failure) = revocationKeeper.changing.withLock { _ -> (Int, StateDatabaseError?) in
            // What is to be denied is denied first; then comes the disk.
            authorizer.quarantine(agent, why: why)
            state.withLock { $0.quarantined[agent] = quarantine }
            let count = registry.cut(where: { $0.facts.identity?.id == agent }, CutReason(.quarantined, detail: why))
            watchLivePermits()
            do throws(StateDatabaseError) {
                try revocationKeeper.keep(quarantine, of: agent)
                return (count, nil)
            } catch {
                return (count, error)
            }
        }
        reconsiderApprovals()
        emit(riskOf: agent, from: .low, to: .high, at: quarantine.since, why: why, origin: origin)
        cluster?.remember(mark, of: agent, report: logger)
        cluster?.wake()
        return (count, failure)
    }

    /// Ends a quarantine, begins the agent's score anew, and records who asked.
    func release(_ request: QuarantineRequest, by caller: Operator) async throws -> QuarantineReport {
        let agent = try identifier(of: request.agent)
        try Self.check(why: request.why)
        if authorizer.quarantineReason(agent) != nil {
            try await shareEnd(of: agent, why: request.why, by: caller.name)
        }
        defer { cluster?.memory.withLock { _ = $0.releasing.remove(agent) } }
        let isEnded = try end(quarantineOf: agent, if: { _ in true })
        // A watch that only observes quarantines nobody; what it has seen is what a person may end here.
        guard isEnded || (watch?.report(on: agent, at: clock.wall()).map { $0.risk != .none } ?? false) else {
            throw AdminError(
                .conflict, "\(agent) is not quarantined and has no score", remedy: "yett status, yett risk")
        }
        record(adminAction("release", agent, why: request.why, by: caller, detail: nil))
        return QuarantineReport(agent: agent.description, isQuarantined: false, cut: 0)
    }

    /// Called once a second: ends the quarantines whose time is over.
    func endQuarantines() {
        let now = clock.wall()
        let over = state.withLock { $0.quarantined.filter { ($0.value.ends ?? .max) <= now }.map(\.key) }
        for agent in over {
            do throws(AdminError) {
                // An operator may have begun another one meanwhile.
                guard try end(quarantineOf: agent, if: { ($0.ends ?? .max) <= now }) else { continue }
                record(adminAction("release", agent, why: "the time of the quarantine is over", by: nil, detail: nil))
            } catch {
                logger.error("a quarantine could not be ended", metadata: [LogField.error: .string("\(error)")])
            }
        }
    }

    /// Ends a quarantine on the device first: one that would come back with the next start must not seem to be over.
    ///
    /// - Returns: Whether there was one that `condition` chooses.
    func end(quarantineOf agent: SPIFFEID, if condition: (Quarantine) -> Bool) throws(AdminError) -> Bool {
        try revocationKeeper.changing.withLock { (_) throws(AdminError) in
            // Decisions know of a quarantine by the watch before it is written down.
            let own = authorizer.quarantineReason(agent).map {
                Quarantine(since: clock.wall(), ends: nil, why: $0, origin: "the watch")
            }
            guard let quarantine = state.withLock({ $0.quarantined[agent] }) ?? own, condition(quarantine) else {
                return false
            }
            do throws(StateDatabaseError) {
                try revocationKeeper.forget(quarantineOf: agent)
            } catch {
                throw AdminError(
                    .failed, "the end of the quarantine could not be written down, so it goes on: \(error)",
                    remedy: "mend the disk, then try again")
            }
            authorizer.release(agent)
            _ = state.withLock { $0.quarantined.removeValue(forKey: agent) }
            emit(
                riskOf: agent, from: .high, to: .low, at: clock.wall(), why: "the quarantine is over",
                origin: quarantine.origin)
            return true
        }
    }

    func adminAction(
        _ operation: String, _ agent: SPIFFEID, why: String?, by caller: Operator?, detail: String?
    ) -> AuditEvent {
        var event = event(.adminAction, by: caller)
        event.operation = operation
        event.agent = agent.description
        event.cause = why
        event.detail = detail
        var metadata: Logger.Metadata = [
            LogField.trigger: .string(operation), LogField.agent: .string(agent.description),
        ]
        if let caller { metadata[LogField.operatorUser] = .stringConvertible(caller.uid) }
        logger.notice("an agent's state was changed", metadata: metadata)
        return event
    }

    /// Refuses reasons that are too long or hold control characters; they stand in refusals and records.
    static func check(why: String?) throws(AdminError) {
        guard let why else { return }
        guard why.utf8.count <= longestWhy, why.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else {
            throw AdminError(.malformed, "a reason has at most \(longestWhy) bytes and no control characters")
        }
    }

    private static func report(_ agent: SPIFFEID, _ quarantine: Quarantine, cut: Int) -> QuarantineReport {
        var report = QuarantineReport(agent: agent.description, isQuarantined: true, cut: cut)
        report.until = quarantine.ends.map { Timestamp.text(microseconds: $0) }
        return report
    }

    /// The quarantines, for the state of the gate.
    func quarantineStates() -> [QuarantineState] {
        state.withLock { $0.quarantined }.sorted { $0.key.description < $1.key.description }.map { agent, quarantine in
            QuarantineState(
                agent: agent.description, since: Timestamp.text(microseconds: quarantine.since),
                until: quarantine.ends.map { Timestamp.text(microseconds: $0) }, why: quarantine.why,
                by: quarantine.origin)
        }
    }
}
