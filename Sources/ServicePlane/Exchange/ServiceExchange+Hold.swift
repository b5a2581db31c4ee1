// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import NIOCore
import Protocols
import Transport

/// Phases `gathering` and `held`: a call to which a person has to agree.
///
/// The order: the head is judged first, and what is denied is refused without reading its body. What is held is read to
/// its end, because an approval is bound to all of it. Then a person is asked. Once somebody agreed, everything is judged
/// anew, and the approval is used up.
extension ServiceExchange: ApprovalWaiter {
    /// Nanoseconds for which a client that comes back too early is held.
    private static let pause = 10 * ServiceSettings.second

    /// The verdict asks for a person.
    func hold() {
        leaveEndpoint()
        if facts?.approval != nil {
            return deny(.approvalMismatch, detail: "the call is not the one any more to which a person agreed")
        }
        if mediation == nil, !isBodyReceived {
            if case .contentLength(let length) = framing, length > UInt64(heldLimit) { return refuseLarge() }
            phase = .gathering
            letBodyCome()
            return
        }
        askPerson()
    }

    private var heldLimit: Int { min(loop.settings.requestBody, loop.settings.approvalArguments) }

    private func refuseLarge() {
        refuseEarly(
            .requestTooLarge, "approvals.arguments is reached: a person cannot be shown so much of a call", status: 413)
    }

    /// Takes a piece of the body of a request that is held.
    func gather(_ bytes: ByteBuffer) {
        guard (body?.readableBytes ?? 0) &+ bytes.readableBytes <= heldLimit else { return refuseLarge() }
        keep(bytes)
    }

    // MARK: The question

    /// The whole of the call is known: is there an approval, or who is to be asked?
    func askPerson() {
        guard let facts else { return }
        let request: HeldRequest
        if let content = mediation?.heldContent {
            request = HeldRequest(content, secrets: service?.description.secrets)
        } else {
            guard let written = WrittenHead(head) else { return deny(.protocolViolation, detail: nil) }
            request = HeldRequest(written, body: body, trailers: trailers, secrets: service?.description.secrets)
            // Elsewhere the fields were looked through when the request was read.
            if mediation == nil { held.patience = Preference.wait(in: written.texts) }
        }
        guard let call = ApprovalCall(facts, digest: request.digest) else {
            return deny(.identityMissing, detail: nil)
        }
        argumentDigest = Hexadecimal.encode(call.digest)
        held.call = call
        if let brought = held.brought ?? mediation?.broughtApproval { return use(brought, call, isRepeated: true) }
        if let objection = mediation?.foresee(facts) { return deny(objection.reason, detail: objection.detail) }
        guard request.shown.utf8.count <= loop.settings.approvalArguments else { return refuseLarge() }
        let question = ApprovalQuestion(
            call: call, facts: facts, decision: decision, shown: request.shown,
            why: verdict.detail ?? verdict.reason.title)
        let answer = pendingAnswer
        let waits = held.patience.map { $0 > 0 } ?? false
        let isHeld = waits || answer(ApprovalID(rawValue: 0)) == nil
        var generator = SystemRandomNumberGenerator()
        switch loop.core.approvals.ask(question, waiter: isHeld ? self : nil, now: loop.now, using: &generator) {
        case .waiting(let approval, let isNew):
            recordDecision(isWaitedFor: false)
            if isNew { note(approval.id, "asked") }
            isHeld ? park(approval.id, for: patience) : comeBack(for: approval.id)
        case .approved(let approval):
            if isHeld { return use(approval.id, call, isRepeated: false) }
            recordDecision(isWaitedFor: false)
            comeBack(for: approval.id)
        case .refused(let approval): deny(.approvalRefused, detail: approval.reason)
        case .full(let name):
            deny(.limitReached, detail: "approvals.\(name) is reached: people have enough open questions")
        }
    }

    /// Nanoseconds for which the connection is held.
    private var patience: Int64 {
        let longest = loop.settings.approvalWait
        guard let seconds = held.patience else { return longest }
        return min(seconds.multipliedReportingOverflow(by: ServiceSettings.second).partialValue, longest)
    }

    /// What tells a client to come back, for clients that can.
    private var pendingAnswer: (ApprovalID) -> MediatedAnswer? {
        // A call of gRPC knows no other status.
        if isGRPC { return { _ in nil } }
        if let mediation, !mediation.passesAnswers { return { mediation.pending($0) } }
        return { [decision] in ApprovalAnswers.pending($0, decision) }
    }

    private func comeBack(for id: ApprovalID) {
        guard let answer = pendingAnswer(id) else {
            return deny(.approvalExpired, detail: "nobody agreed within approvals.wait; ask again")
        }
        complete(with: answer)
    }

    // MARK: Waiting

    private func park(_ id: ApprovalID, for patience: Int64) {
        guard let facts else { return }
        phase = .held
        held.question = id
        held.since = loop.now
        held.nextSign = loop.now &+ loop.settings.approvalKeepAlive
        deadline = min(loop.now &+ patience, startedAt &+ loop.settings.totalTime)
        let live = LivePermit(
            connection: self.id, decision: decision, facts: facts, grant: verdict.grant, openedAt: loop.now,
            cutter: self, isHeld: true)
        guard loop.shared.register(live, limit: loop.settings.requestsPerAgent) else {
            return refuseHeld(.limitReached, detail: "service_proxy.limits.requests_per_agent is reached")
        }
        self.live = live
        // A change that looked through the registry before the call was there.
        guard loop.shared.authorizer.generation != generation else { return }
        let verdict = loop.shared.authorizer.reconsider(facts, at: loop.time)
        if !live.stands(under: verdict) { refuseHeld(verdict.reason, detail: verdict.detail) }
    }

    func approvalSettled(_ id: ApprovalID) {
        loop.eventLoop.execute { self.settled() }
    }

    private func settled() {
        guard phase == .held, let id = held.question, let call = held.call else { return }
        use(id, call, isRepeated: false)
    }

    /// The time for which the connection is held is over.
    func holdIsOver() {
        guard let id = held.question else { return }
        guard pendingAnswer(id) != nil else {
            return refuseHeld(.approvalExpired, detail: "nobody agreed within approvals.wait; ask again")
        }
        leaveQuestion(comesBack: true)
        finishLive()
        comeBack(for: id)
    }

    /// Ends the waiting with a denial, which is a decision of its own.
    func refuseHeld(_ reason: ReasonCode, detail: String?) {
        leaveQuestion(comesBack: false)
        finishLive()
        renew()
        deny(reason, detail: detail)
    }

    /// Does not wait any more, whatever becomes of the question.
    func leaveQuestion(comesBack: Bool) {
        guard let id = held.question.take() else { return }
        let withdrawn = loop.core.approvals.leave(id, waiter: self, comesBack: comesBack, now: loop.now)
        if withdrawn != nil { note(id, "withdrawn") }
    }

    // MARK: The answer

    /// Uses an approval for the call, or says why that cannot be.
    ///
    /// - Parameter isRepeated: Whether the client came back with it.
    private func use(_ id: ApprovalID, _ call: ApprovalCall, isRepeated: Bool) {
        let result = loop.core.approvals.use(id, for: call, now: loop.now)
        if !isRepeated, case .failure(.waiting) = result { return }
        switch result {
        case .success(let evidence):
            note(id, "used")
            leaveQuestion(comesBack: false)
            finishLive()
            renew()
            facts?.approval = evidence
            decide()
        case .failure(.waiting): waitAgain(for: id, call)
        case .failure(.refused(let approval)): refuseHeld(.approvalRefused, detail: approval.reason)
        case .failure(.unknown): refuseHeld(.approvalUnknown, detail: "ask without Yett-Approval for a new one")
        case .failure(.mismatch):
            refuseHeld(.approvalMismatch, detail: "approval \(id) is about another call; repeat that one as it was")
        case .failure(.expired):
            refuseHeld(.approvalExpired, detail: "nobody agreed in time, or the call came too late; ask again")
        case .failure(.used): refuseHeld(.approvalUsed, detail: "an approval is good for one call; ask again")
        }
    }

    /// A client came back before anybody answered.
    private func waitAgain(for id: ApprovalID, _ call: ApprovalCall) {
        let isPlain = !isGRPC && mediation?.passesAnswers ?? true
        let pause = held.patience != nil ? patience : isPlain ? 0 : Self.pause
        recordDecision(isWaitedFor: false)
        guard pause > 0, loop.core.approvals.join(id, call, waiter: self, now: loop.now) else {
            return comeBack(for: id)
        }
        park(id, for: pause)
        // The answer may have come between the two looks at the question.
        settled()
    }

    private func note(_ id: ApprovalID, _ cause: String) {
        loop.context.record(ServiceRecord.approval(id, cause, of: self, time: loop.context.clock.wall()))
    }
}
