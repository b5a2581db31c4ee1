// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import Decision
internal import Identity
internal import Logging
internal import Synchronization
internal import Telemetry
internal import Transport

/// A call that waits at one gate can be answered at each. Both the question and the answer are signed by the gates that
/// make them; what the answer does, the gate at which the call waits decides.
extension Gate {
    // MARK: Where the call waits

    /// Lets the other gates know of calls that wait here, and of those that wait no longer.
    func shareQuestions() async {
        guard let cluster, let members = cluster.members else { return }
        let waiting = questions.all.filter { $0.state == .waiting }
        let open = Set(waiting.map(\.id))
        let (there, written) = cluster.memory.withLock { memory in
            memory.writtenQuestions = memory.writtenQuestions.filter { open.contains($0.key) }
            return (memory.ownQuestions, memory.writtenQuestions)
        }
        do throws(ClusterError) {
            for approval in waiting where there[approval.id] == nil || there[approval.id] != written[approval.id] {
                try await share(approval, cluster, members)
            }
            for id in there.keys where !open.contains(id) {
                let keys = SharedQuestion.keys(members.gate, id)
                for key in [keys.question, keys.answer] {
                    try await cluster.link.change(key, isNew: false) {
                        value throws(ClusterError) -> EntryChange<Void> in
                        value == nil ? .leave(()) : .remove(())
                    }
                }
            }
        } catch {
            guard case .unreachable = error else {
                return logger.error(
                    "other gates do not know which calls wait here", metadata: [LogField.error: .string("\(error)")])
            }
        }
    }

    private func share(
        _ approval: Approval, _ cluster: GateCluster, _ members: ClusterMembers
    ) async throws(ClusterError) {
        let left = max(0, approval.expires &- clock.monotonic()) / 1_000_000_000
        var question = SharedQuestion(
            gate: members.gate, id: approval.id, askedAt: approval.askedAt, expires: now &+ left)
        let call = approval.call
        question.texts = [
            .agent: call.agent.description, .service: call.service, .operation: call.operation,
            .digest: Hexadecimal.encode(call.digest), .why: approval.why, .decision: approval.decision.description,
            .source: approval.source.text,
        ]
        question.texts[.tool] = call.tool
        question.texts[.method] = call.method
        question.texts[.path] = call.path
        question.texts[.query] = call.query
        question.texts[.task] = call.task
        question.texts[.purpose] = approval.facts?.task?.purpose
        question.texts[.person] = call.person
        if let shown = approval.shown, shown.utf8.count <= SharedQuestion.longestArguments {
            question.texts[.arguments] = shown
        }
        if case .process(_, let uid, _) = approval.source, approval.facts?.identity?.proof == .peerCredentials {
            question.user = uid
        }
        let known = cluster.memory.withLock { $0.writtenQuestions[approval.id] }
        let value = if let known { known } else { try members.value(question.payload, at: question.key) }
        cluster.memory.withLock { $0.writtenQuestions[approval.id] = value }
        try await cluster.link.change(question.key, ends: question.expires) {
            there throws(ClusterError) -> EntryChange<Void> in
            there == value ? .leave(()) : .write(value, ())
        }
    }

    /// Takes an answer that was given at another gate: once, while the call waits.
    func takeAnswer(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        guard let members = cluster.members, let value = entry.value else { return }
        let (gate, id) = try SharedQuestion.names(entry.key)
        guard gate.utf8.elementsEqual(members.gate.utf8), questions[id]?.state == .waiting else { return }
        let (signer, payload) = try members.read(value, at: entry.key)
        let answer = try SharedAnswer(payload)
        if let person = answer.signedIn {
            guard let name = Revocation.PersonName(person.name) else { throw .malformed("'signed_in' is wrong") }
            let revoked = authorizer.snapshot.revocations[.person(name)]
            guard revoked.map({ $0.time < person.since }) ?? true else {
                throw .untrusted("the person who answered was revoked")
            }
        }
        let who = "gate \(signer), \(answer.person)"
        // Whoever was faster here has answered.
        guard
            let answered = try? questions.answer(
                id, agrees: answer.agrees, by: who, reason: answer.why, now: clock.monotonic())
        else { return }
        record(answered, Self.cause(answer.agrees), who: who)
    }

    // MARK: Where the person answers

    /// The calls that wait at other gates, the newest first.
    func sharedQuestions() -> [SharedQuestion] {
        guard let cluster else { return [] }
        let now = now
        return cluster.memory.withLock { Array($0.questions.values) }.filter { $0.expires > now }
            .sorted { $0.askedAt > $1.askedAt }
    }

    /// One of them; `nil` where two gates use the same name, or a call here has it.
    func sharedQuestion(_ id: String) -> SharedQuestion? {
        guard let id = ApprovalID(id), questions[id] == nil else { return nil }
        let found = sharedQuestions().filter { $0.id == id }
        return found.count == 1 ? found.first : nil
    }

    /// Takes over that a call waits at another gate, or waits no longer.
    func takeQuestion(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        let id = try SharedQuestion.names(entry.key).id
        if cluster.isOwn(entry) { return cluster.memory.withLock { $0.ownQuestions[id] = entry.value } }
        // What cannot be believed nobody is shown.
        cluster.memory.withLock { $0.questions[entry.key] = nil }
        guard let (_, payload) = try cluster.statement(entry) else { return }
        let question = try SharedQuestion(entry.key, payload)
        let isFull = cluster.memory.withLock { memory in
            guard memory.questions.count < SharedQuestion.most else { return true }
            memory.questions[entry.key] = question
            return false
        }
        if isFull { throw .malformed("\(SharedQuestion.most) calls wait at other gates already") }
    }

    /// Writes an answer for the gate at which the call waits; only then anything is recorded here.
    func answer(
        _ question: SharedQuestion, agrees: Bool, why: String?, by caller: Operator, who: String,
        person: PersonClaims?
    ) async throws -> ApprovalReport {
        guard let cluster, let members = cluster.members else { throw Self.unknownApproval(question.id.description) }
        guard question.user != caller.uid else {
            throw AdminError(
                .forbidden, "the caller runs as the user by whom the agent that asks is known",
                remedy: "answer as another user")
        }
        guard !agrees || question.texts[.arguments] != nil else {
            throw AdminError(
                .conflict,
                "its arguments are too long to be shown at another gate, and nobody agrees to what is not shown",
                remedy: "answer at gate \(question.gate)")
        }
        let signedIn = person.map { claims in
            SharedAnswer.SignedIn(
                name: "\(claims.person)",
                since: ProofBasis(tokenIssuedAt: claims.issuedAt ?? .min, tokenID: nil, keyID: nil).since ?? .min)
        }
        do throws(ClusterError) {
            let answer = SharedAnswer(agrees: agrees, person: who, why: why, signedIn: signedIn)
            let value = try members.value(answer.payload, at: question.answerKey)
            try await cluster.link.change(question.answerKey, ends: question.expires) {
                there throws(ClusterError) -> EntryChange<Void> in
                // What nobody has signed is no answer.
                guard let there, (try? members.read(there, at: question.answerKey)) != nil else {
                    return .write(value, ())
                }
                throw .refused("it has been answered at another gate")
            }
        } catch {
            if case .refused = error { throw AdminError(.conflict, "\(error)", remedy: "yett approvals") }
            throw AdminError(
                .unavailable, "gate \(question.gate) cannot be told, so nothing is decided: \(error)",
                remedy: "yett cluster")
        }
        recordAnswer(to: question, Self.cause(agrees), why: why, by: caller, who: who)
        var report = report(of: question)
        report.state = agrees ? Approval.State.approved.rawValue : Approval.State.refused.rawValue
        report.arguments = nil
        report.decidedBy = who
        report.reason = why
        return report
    }

    private func recordAnswer(
        to question: SharedQuestion, _ cause: String, why: String?, by caller: Operator, who: String
    ) {
        var event = event(.approval, by: caller)
        event.agent = question.texts[.agent]
        event.service = question.texts[.service]
        event.operation = question.texts[.operation]
        event.tool = question.texts[.tool]
        event.method = question.texts[.method]
        event.path = question.texts[.path]
        event.task = question.texts[.task]
        event.person = question.texts[.person]
        event.argumentSHA256 = question.texts[.digest]
        event.cause = cause
        event.detail = (["approval \(question.id) of gate \(question.gate)", "by \(who)", why] as [String?])
            .compactMap { $0 }.joined(separator: "; ")
        record(event)
        logger.notice(
            "a call held at another gate was \(cause)",
            metadata: [
                LogField.agent: .string(question.texts[.agent] ?? ""), LogField.trigger: .string(who),
            ])
    }

    /// What people are shown of a question of another gate.
    func report(of question: SharedQuestion) -> ApprovalReport {
        func text(_ name: SharedQuestion.Text) -> String { question.texts[name] ?? "" }
        var report = ApprovalReport(
            id: question.id.description, state: Approval.State.waiting.rawValue, agent: text(.agent),
            service: text(.service), operation: text(.operation), digest: text(.digest), why: text(.why),
            decision: text(.decision), source: text(.source), askedAt: Timestamp.text(seconds: question.askedAt),
            ageSeconds: max(0, now - question.askedAt), secondsLeft: max(0, question.expires - now), waiting: 0)
        report.gate = question.gate
        report.tool = question.texts[.tool]
        report.method = question.texts[.method]
        report.path = question.texts[.path]
        report.query = question.texts[.query]
        report.task = question.texts[.task]
        report.purpose = question.texts[.purpose]
        report.person = question.texts[.person]
        report.arguments = question.texts[.arguments]
        return report
    }
}
