// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Authority
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// Revokes what an agent or a person had, a task, a token or what a key signed: refuses it, cuts what is open on it,
    /// and has it on the device before the answer.
    func revoke(_ request: RevocationRequest, by caller: Operator) async throws -> RevocationReport {
        let target = try target(of: request)
        try Self.check(why: request.why)
        if case .key(let key) = target, !knows(key: key.description) {
            throw AdminError(
                .unknown, "nothing that is known here was signed by a key “\(key)”",
                remedy: "see the head of a token, or: yett key list")
        }
        let (kept, count, failure) = try revocationKeeper.changing.withLock { (_) throws(AdminError) in
            try apply(revocation(of: target, why: request.why, origin: caller.name))
        }
        let end = await end(whatRestsOn: target, why: request.why ?? "revoked", by: caller)
        cluster?.wake()
        record(describing(kept, cut: count, end, by: caller))
        emit(revocationOf: target, at: kept.time, why: request.why)
        logger.notice(
            "an operator revoked",
            metadata: [
                LogField.operatorUser: .stringConvertible(caller.uid), LogField.trigger: .string(target.kind.rawValue),
                LogField.cut: .stringConvertible(count),
            ])
        if let failure = failure.map({ "\($0)" }) ?? end.failure {
            throw AdminError(
                .failed, "the revocation holds until the next start, but it could not be written down: \(failure)",
                remedy: "mend the disk, then revoke again")
        }
        var report = Self.report(kept)
        report.cut = count
        report.tasks = end.tasks
        report.launches = end.launches
        report.sessions = end.sessions
        return report
    }

    /// Revokes what a person or an agent had up to a moment, because another party said so. Who asked records it.
    ///
    /// - Parameter moment: Unix seconds; what a person was given later goes on.
    /// - Returns: What it did, in words, and why that is not safe from a restart.
    func revoke(
        _ target: Revocation.Target, until moment: Int64, why: String, origin: String
    ) async throws(AdminError) -> (text: String, failure: String?) {
        guard authorizer.snapshot.revocations.count < RevocationBook.largestCount / 2 else {
            throw AdminError(.unavailable, "others never take the room that operators need")
        }
        var revocation = revocation(of: target, why: why, origin: origin)
        revocation.time = min(revocation.time, moment &* 1_000_000 &+ 999_999)
        revocation.certificatesFrom = min(revocation.certificatesFrom, moment)
        let (kept, count, failure) = try revocationKeeper.changing.withLock { [revocation] (_) throws(AdminError) in
            try apply(revocation, isExact: target.kind == .person)
        }
        let end = await end(whatRestsOn: target, why: why, by: nil, signedInUntil: moment)
        cluster?.wake()
        return (Self.text(kept, cut: count, end), failure.map { "\($0)" } ?? end.failure)
    }

    /// What is revoked, the newest first.
    func revocations() async throws -> [RevocationReport] { authorizer.snapshot.revocations.all.map(Self.report) }

    /// A client gave up one of the gate's own tokens: what is open on it is cut.
    func clientRevoked(token: String, until expiry: Int64) {
        var revocation = Revocation(
            .token(Revocation.ExactText(token)), time: clock.wall(), why: "a client revoked the token", origin: "client"
        )
        revocation.expires = expiry
        let kept = authorizer.changeRevocations { [revocation] book in
            // Clients never take the room that operators need.
            book.count < RevocationBook.largestCount / 2 ? book.insert(revocation) : nil
        }
        cut(what: kept ?? revocation)
        cluster?.wake()
    }

    /// Called once a second: forgets what voids nothing any more.
    func forgetRevocations() {
        do throws(StateDatabaseError) {
            try revocationKeeper.purge(in: authorizer, at: now)
        } catch {
            logger.error("revocations could not be forgotten", metadata: [LogField.error: .string("\(error)")])
        }
    }

    // MARK: What it is about

    private func target(of request: RevocationRequest) throws(AdminError) -> Revocation.Target {
        let parts = [request.token, request.task, request.person, request.agent, request.key].compactMap { $0 }
        guard parts.count == 1, let part = parts.first, !part.isEmpty, part.utf8.count <= 2048,
            part.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else {
            throw AdminError(
                .malformed, "one of token, task, person, agent and key is expected", remedy: "yett revoke --help")
        }
        if request.token != nil { return .token(Revocation.ExactText(part)) }
        if request.key != nil { return .key(Revocation.ExactText(part)) }
        if request.agent != nil { return .agent(try identifier(of: part)) }
        if request.task != nil {
            guard let id = TaskID(part), authorizer.snapshot.tasks[id] != nil else {
                throw AdminError(.unknown, "no task is named “\(part)”", remedy: "yett task list")
            }
            return .task(id)
        }
        guard let person = Revocation.PersonName(part) else {
            throw AdminError(.malformed, "a person is ISSUER#SUBJECT, as in https://idp.example.org#248289761001")
        }
        return .person(person)
    }

    /// Whether a key has signed anything that may count here, as far as that is known: a slip of the pen must not pass for
    /// a revocation.
    private func knows(key: String) -> Bool {
        let exact = Revocation.ExactText(key)
        let own = (tokens?.authority.keys.verificationKeys).map { $0[key] != nil } ?? false
        if own || access.knows(key: key, now: now) { return true }
        if identity?.authority?.keys.contains(where: { Revocation.ExactText($0.id) == exact }) ?? false { return true }
        if let bundles = try? identity?.source.current().bundles {
            let isJWTKey = bundles.trustDomains.contains { bundles[$0]?.jwt[key] != nil }
            if isJWTKey { return true }
        }
        return registry.all().contains { live in
            live.facts.identity?.basis.keys.contains { Revocation.ExactText($0) == exact } ?? false
        }
    }

    /// What is revoked now of a target, and until when it has to be remembered.
    func revocation(of target: Revocation.Target, why: String?, origin: String) -> Revocation {
        let time = clock.wall()
        var revocation = Revocation(target, time: time, why: why, origin: origin)
        let now = time / 1_000_000
        // Of others' tokens the longest lives a day, a task eight hours; their clocks may be a minute ahead.
        let day = now &+ AccessToken.longestLife &+ 120
        switch target {
        case .agent(let id):
            let snapshot = authorizer.snapshot
            let agent = snapshot.agents.agents.first { $0.id == id }
            revocation.tokenDigests = Set(agent?.tokenDigests ?? [])
            guard case .embedded = state.withLock({ $0.configuration.identity.source }),
                let authority = identity?.authority,
                id.trustDomain == snapshot.trustDomain
            else {
                // Nobody here knows how long the certificates live.
                if revocation.tokenDigests.isEmpty, identity == nil { revocation.expires = day }
                return revocation
            }
            // The gate's own authority writes a time of some seconds before it signs.
            revocation.certificatesFrom = now &- Authority.backdating
            if revocation.tokenDigests.isEmpty {
                revocation.expires = max(day, now &+ authority.configuration.intermediateLifetime &+ 120)
            }
        case .person, .token: revocation.expires = day
        case .task(let id):
            let end = authorizer.snapshot.tasks[id]?.expires ?? now &+ AgentTask.longestLife
            revocation.expires = end &+ TaskBook.remembrance &+ ToolTokenClaims.maximumLifetime
        case .key: break
        }
        return revocation
    }

    // MARK: What it does

    /// Lets decisions know of a revocation, cuts what is open, and keeps it.
    ///
    /// - Parameter isExact: Whether what is open is judged by its age, and not cut because it was there before.
    func apply(
        _ revocation: Revocation, isExact: Bool = false
    ) throws(AdminError) -> (kept: Revocation, cut: Int, failure: StateDatabaseError?) {
        guard let kept = authorizer.changeRevocations({ $0.insert(revocation) }) else {
            throw AdminError(
                .unavailable, "\(RevocationBook.largestCount) revocations are remembered already, so this one is not",
                remedy: "stop it otherwise: yett quarantine, yett task stop, yett key change")
        }
        let count: Int
        if isExact {
            count = reconsider()
            watchLivePermits()
        } else {
            count = cut(what: kept)
        }
        do throws(StateDatabaseError) {
            try revocationKeeper.keep(kept)
            return (kept, count, nil)
        } catch {
            return (kept, count, error)
        }
    }

    /// Cuts what is open on something that was revoked, whatever its age: it was there before.
    @discardableResult
    private func cut(what revocation: Revocation) -> Int {
        var book = RevocationBook(capacity: 1)
        _ = book.insert(revocation.ofAllTime)
        let tasks = authorizer.snapshot.tasks
        var count = 0
        for live in registry.all() {
            guard let refusal = book.refusal(of: live.facts, in: tasks) else { continue }
            if live.cut(CutReason(refusal.reason, detail: refusal.detail)) { count += 1 }
        }
        watchLivePermits()
        return count
    }

    /// What ended with something that was revoked.
    struct RevocationEnd {
        var tasks = 0
        var launches = 0
        var sessions = 0
        var failure: String?
    }

    /// Ends what stands for itself: tasks, launches, sessions, certificates that wait to be used.
    func end(
        whatRestsOn target: Revocation.Target, why: String, by caller: Operator?, signedInUntil latest: Int64 = .max
    ) async -> RevocationEnd {
        var end = RevocationEnd()
        withdrawApprovals(by: target)
        let snapshot = authorizer.snapshot
        for task in snapshot.tasks.all where snapshot.revocations.refusal(of: task.id, in: snapshot.tasks) != nil {
            let ended = self.end(task, why: why, by: caller)
            end.tasks += ended.stopped.count
            if let failure = ended.failure { end.failure = "\(failure)" }
        }
        switch target {
        case .agent(let id):
            end.launches = launches.end(where: { $0.id == id }, cause: "the agent was revoked")
            do throws(AuthorityError) {
                try await identity?.authority?.void(id)
            } catch {
                end.failure = "\(error)"
            }
        case .person(let person):
            end.sessions =
                people?.service.end(person: person.description, why: why, signedInUntil: latest) ?? 0
        case .key(let key): _ = tokens?.service.withdraw(key: key.description)
        case .task, .token: break
        }
        return end
    }

    /// Withdraws what waits for a person, or was agreed to and not used: calls that rest on what was revoked, and consents
    /// of a person who was.
    private func withdrawApprovals(by target: Revocation.Target) {
        reconsiderApprovals()
        guard case .person(let person) = target else { return }
        withdrawApprovals("the person who agreed was revoked") { approval in
            Self.ends(approval.decidedBy, with: " (\(person))")
        }
    }

    private static func ends(_ text: String?, with end: String) -> Bool {
        guard let text else { return false }
        return text.utf8.reversed().starts(with: end.utf8.reversed())
    }

    // MARK: What is told

    func describing(
        _ revocation: Revocation, cut count: Int, _ end: RevocationEnd, by caller: Operator?
    ) -> AuditEvent {
        var event = event(.revocation, by: caller)
        let target = revocation.target
        event.operation = target.kind.rawValue
        event.cause = revocation.why
        switch target {
        case .agent: event.agent = target.text
        case .person: event.person = target.text
        case .task: event.task = target.text
        case .token, .key: break
        }
        event.detail = Self.text(revocation, cut: count, end)
        return event
    }

    private static func text(_ revocation: Revocation, cut count: Int, _ end: RevocationEnd) -> String {
        "\(revocation.target.text); \(count) connections cut, \(end.tasks) tasks stopped, \(end.launches) launches and "
            + "\(end.sessions) sessions ended"
    }

    private static func report(_ revocation: Revocation) -> RevocationReport {
        var report = RevocationReport(
            kind: revocation.target.kind.rawValue, value: revocation.target.text,
            issuedUntil: Timestamp.text(microseconds: revocation.time), by: revocation.origin)
        report.rememberedUntil = revocation.expires.map { Timestamp.text(seconds: $0) }
        report.why = revocation.why
        return report
    }
}
