// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Credentials
import Decision
import NIOCore
import Protocols
import Transport

/// Denials and other answers of the gate's own are made here, and only here.
extension ServiceExchange {
    /// Turns the request under way into a denial, records it and answers.
    func deny(_ reason: ReasonCode, detail: String?) {
        permit = nil
        verdict = Verdict.deny(reason, detail: detail, grant: verdict.grant)
        recordDecision(isWaitedFor: false)
        refuse()
    }

    /// Refuses a request for something planted. Nobody has any business with it, so whoever asks has looked where it should
    /// not, and is told nothing of it.
    func touchDecoy() {
        guard let service, identity != nil else { return deny(.identityMissing, detail: nil) }
        note([MediationEvent(code: ObservationCause.canaryTouched, detail: "the service \(service.name)")])
        deny(.quarantined, detail: nil)
    }

    /// Answers with the denying verdict, in the form of the service's protocol.
    func refuse() {
        // Whatever the client may still do takes a connection that is younger than the revocation.
        if verdict.reason == .agentRevoked { stream?.endConnection() }
        let snapshot = loop.shared.authorizer.snapshot
        let problem: Problem
        if let facts {
            problem = Problem(verdict, decision: decision, facts: facts, snapshot: snapshot)
        } else {
            problem = Problem(verdict, decision: decision, status: verdict.reason.status)
        }
        if let answer = mediation?.refusal(
            MediatedDenial(verdict: verdict, decision: decision, missingGrant: problem.missingGrant))
        {
            return complete(with: answer)
        }
        complete(with: isGRPC ? GRPCRefusal.answer(problem) : Self.answer(problem))
    }

    /// Refuses before there is a decision to make.
    ///
    /// - Parameter challenge: What to ask the client for, with the status 401.
    func refuseEarly(
        _ reason: ReasonCode, _ detail: String, status: Int? = nil, challenge: TokenChallenge? = nil
    ) {
        guard !isOver else { return }
        verdict = .deny(reason, detail: detail)
        recordDecision(isWaitedFor: false)
        let problem = Problem(verdict, decision: decision, status: challenge == nil ? status ?? reason.status : 401)
        if isGRPC { return complete(with: GRPCRefusal.answer(problem)) }
        var answer = Self.answer(problem)
        if let challenge {
            answer.fields.append(MCPField("www-authenticate", challenge.text(service?.description.resource)))
        }
        complete(with: answer)
    }

    /// Refuses bytes that break the protocol.
    func refuse(_ refusal: HTTP1Refusal) {
        guard !isOver else { return }
        if phase == .head, watchIndex < 0 { loop.context.watch(self) }
        isBroken = true
        let detail = "\(refusal.code): \(refusal)"
        guard phase.rawValue < Phase.obtaining.rawValue else { return refuseLate(.protocolViolation, detail: detail) }
        refuseEarly(.protocolViolation, detail, status: Int(refusal.status))
    }

    /// Ends a request whose decision record says that it was allowed: the service failed, or a limit was reached.
    func refuseLate(_ reason: ReasonCode, detail: String) {
        guard !isOver else { return }
        loop.context.record(
            ServiceRecord.end(
                of: self, CutReason(reason, detail: detail), time: loop.context.clock.wall(),
                duration: loop.now &- startedAt))
        upstream.take()?.reset()
        finishLive()
        verdict = Verdict(.deny, reason, detail: detail, grant: verdict.grant)
        // A part of the answer is out: only a broken exchange tells that it is not all.
        if isAnswerStarted { abandon() } else { refuse() }
    }

    static func answer(_ problem: Problem) -> MediatedAnswer {
        let (fields, body) = problem.parts
        return MediatedAnswer(
            status: UInt16(clamping: problem.status), fields: fields.map { MCPField($0.name, $0.value) },
            body: Array(body.utf8))
    }

    // MARK: Sending

    /// Sends a whole answer and ends the exchange.
    func complete(with answer: MediatedAnswer) {
        guard !isOver else { return }
        var body = answer.body
        if let secrets {
            let (clean, hits) = secrets.redact(body)
            if hits > 0 { noteRedaction() }
            body = clean
        }
        self.answer = .dropped
        if completeStream(with: body) { return }
        send(status: answer.status, answer.fields, body: body)
        finish()
    }

    /// Sends a head, and a whole body with it where there is one.
    func send(status: UInt16, _ fields: [MCPField], body: [UInt8]?) {
        guard let stream else { return }
        if status >= 200 { answerStatus = status }
        var message = ByteBuffer()
        message.writeString("HTTP/1.1 \(status) \(Problem.phrase(of: Int(status)))\r\n")
        for field in fields { message.writeString("\(field.name): \(field.value)\r\n") }
        let hasBody = status >= 200 && status != 204 && status != 304
        if let body, hasBody {
            message.writeString("content-length: \(body.count)\r\n")
        } else if hasBody {
            message.writeString("transfer-encoding: chunked\r\n")
        }
        message.writeString("\r\n")
        var parser = HTTP1ResponseParser(limits: loop.settings.http)
        guard case .complete = message.withUnsafeReadableBytes({ parser.parse($0) }) else { return abandon() }
        if status >= 200 { isAnswerStarted = true }
        let framing: HTTP1Framing =
            if !hasBody { .none } else if let body { .contentLength(UInt64(body.count)) } else { .chunked }
        stream.send(parser.head, in: message, framing: framing, isOwn: true)
        if let body, hasBody, !body.isEmpty, method != .head { stream.send(body: ByteBuffer(bytes: body)) }
        if status < 200 { stream.flush() }
    }
}
