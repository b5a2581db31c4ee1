// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
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
    /// The longest reason of a person, in bytes.
    private static let longestReason = 512

    /// The questions, the newest first, without their arguments; those of other gates behind them.
    func approvals() async throws -> [ApprovalReport] {
        (questions.all.map { report(of: $0) } + sharedQuestions().map { report(of: $0) }).map { report in
            var report = report
            report.arguments = nil
            return report
        }
    }

    /// One question.
    func approval(_ id: String) async throws -> ApprovalReport {
        if let shared = sharedQuestion(id) { return report(of: shared) }
        return report(of: try find(approval: id))
    }

    /// Answers a question: records it, and lets the call go on or not.
    func answer(
        _ id: String, agrees: Bool, _ request: ApprovalAnswerRequest, by caller: Operator
    ) async throws -> ApprovalReport {
        let shared = sharedQuestion(id)
        let approval = shared == nil ? try find(approval: id) : nil
        guard (request.why?.utf8.count ?? 0) <= Self.longestReason else {
            throw AdminError(.malformed, "a reason has at most \(Self.longestReason) bytes")
        }
        if !agrees, request.why?.isEmpty ?? true {
            throw AdminError(.malformed, "a refusal says why: the agent is told", remedy: "add --why")
        }
        if let approval { try refuseAgent(approval, caller) }
        var who = caller.name
        let person = try await signedIn(session: request.session)
        if let person { who += " (\(person.claims.person))" }
        guard log.isAvailable else {
            throw AdminError(.unavailable, "the audit log cannot be written, so nothing is decided")
        }
        if let shared {
            return try await answer(
                shared, agrees: agrees, why: request.why, by: caller, who: who, person: person?.claims)
        }
        guard let approval else { throw Self.unknownApproval(id) }
        let answered: Approval
        do throws(Approvals.AnswerError) {
            answered = try questions.answer(
                approval.id, agrees: agrees, by: who, reason: request.why, now: clock.monotonic())
        } catch {
            switch error {
            case .unknown: throw Self.unknownApproval(id)
            case .settled(let state):
                throw AdminError(
                    .conflict, "approval \(approval.id) is \(state.rawValue) already", remedy: "yett approvals")
            }
        }
        record(answered, Self.cause(agrees), by: caller, who: who)
        return report(of: answered)
    }

    /// An agent that is known by its user or its process does not answer for itself.
    private func refuseAgent(_ approval: Approval, _ caller: Operator) throws(AdminError) {
        guard case .process(let pid, let uid, _) = approval.source else { return }
        let isKnownByUser = approval.facts?.identity?.proof == .peerCredentials
        guard pid == caller.pid || isKnownByUser && uid == caller.uid else { return }
        throw AdminError(
            .forbidden, "the caller runs as the agent that asks, and an agent does not answer for itself",
            remedy: "answer as another user")
    }

    private func find(approval id: String) throws(AdminError) -> Approval {
        guard let parsed = ApprovalID(id), let approval = questions[parsed] else { throw Self.unknownApproval(id) }
        return approval
    }

    static func unknownApproval(_ id: String) -> AdminError {
        AdminError(
            .unknown, "no call waits under “\(id)”; it may be over, or the gate was restarted", remedy: "yett approvals"
        )
    }

    // MARK: Ends

    /// Ends what nobody answered in time.
    func lapseApprovals() {
        for approval in questions.lapse(now: clock.monotonic()) { record(approval, "expired") }
    }

    /// Withdraws questions about calls that would be denied by now.
    func reconsiderApprovals() {
        let time = now
        let withdrawn = questions.withdraw(now: clock.monotonic()) { approval in
            guard let facts = approval.facts else { return nil }
            let verdict = authorizer.reconsider(facts, at: time)
            return verdict.effect == .deny ? verdict.detail ?? verdict.reason.title : nil
        }
        for approval in withdrawn { record(approval, "withdrawn") }
    }

    /// Withdraws the open questions that `selection` chooses, and consents that were not used.
    func withdrawApprovals(_ why: String, where selection: (Approval) -> Bool) {
        let withdrawn = questions.withdraw(now: clock.monotonic()) { selection($0) ? why : nil }
        for approval in withdrawn { record(approval, "withdrawn") }
    }

    /// What the record of an answer is about.
    static func cause(_ agrees: Bool) -> String { agrees ? "approved" : "refused" }

    /// Records what became of a question.
    func record(_ approval: Approval, _ cause: String, by caller: Operator? = nil, who: String? = nil) {
        let call = approval.call
        var event = event(.approval, by: caller)
        event.agent = call.agent.description
        event.service = call.service
        event.operation = call.operation
        event.tool = call.tool
        event.method = call.method
        event.path = call.path
        event.task = call.task
        event.person = call.person
        event.argumentSHA256 = Hexadecimal.encode(call.digest)
        event.decision = approval.decision.description
        event.cause = cause
        event.detail = (["approval \(approval.id)", who.map { "by \($0)" }, approval.reason] as [String?])
            .compactMap { $0 }.joined(separator: "; ")
        record(event)
        logger.notice(
            "a held call was \(cause)",
            metadata: [
                LogField.agent: .string(call.agent.description),
                LogField.decision: .string(approval.decision.description),
                LogField.trigger: .string(who ?? "the gate"),
            ])
    }

    // MARK: Reports

    private func report(of approval: Approval) -> ApprovalReport {
        let (call, monotonic) = (approval.call, clock.monotonic())
        let left = approval.state.isOpen ? max(0, (approval.expires &- monotonic) / 1_000_000_000) : 0
        var report = ApprovalReport(
            id: approval.id.description, state: approval.state.rawValue, agent: call.agent.description,
            service: call.service, operation: call.operation, digest: Hexadecimal.encode(call.digest),
            why: approval.why,
            decision: approval.decision.description, source: approval.source.text,
            askedAt: Timestamp.text(seconds: approval.askedAt), ageSeconds: max(0, now - approval.askedAt),
            secondsLeft: left, waiting: approval.waiting)
        report.tool = call.tool
        report.method = call.method
        report.path = call.path
        report.query = call.query
        report.task = call.task
        report.purpose = approval.facts?.task?.purpose
        report.person = call.person
        report.arguments = approval.shown
        report.decidedBy = approval.decidedBy
        report.reason = approval.reason
        return report
    }
}

extension ApprovalLimits {
    /// The limits as the configuration has them.
    init(_ configuration: ApprovalConfiguration) {
        self.init()
        expiry = configuration.expiry.wholeNanoseconds
        perAgent = configuration.perAgent
        total = configuration.total
    }
}
