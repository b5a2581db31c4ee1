// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols
import Transport

/// Denials become answers here, and only here.
extension ProxyConnection {
    /// Answers the request under way with its denying verdict, in the manner of its protocol.
    func refuseRequest() {
        guard let request else { return }
        let verdict = request.verdict
        if request.isAccepted, request.isTunnel {
            // The client believes it speaks with its destination: tell it in TLS, and close.
            sendAlert(for: verdict.reason)
            return
        }
        switch request.form {
        case .socks5:
            finish(with: SOCKSDialogue.refused(verdict.reason))
        case .connect, .http:
            let problem = Problem(
                verdict, decision: request.decision, facts: request.facts, snapshot: loop.shared.authorizer.snapshot)
            finish(with: problem.response(isHead: request.exchange?.state.method == .head))
        }
    }

    /// Ends a request whose decision record says that it was allowed: the destination failed, or a limit was reached.
    func refuseLate(_ reason: ReasonCode, detail: String) {
        guard let request else {
            end(CutReason(reason, detail: detail), isOrderly: false)
            return
        }
        let event = EgressRecord.failure(
            request, connection: id, reason: reason, detail: detail, time: loop.context.clock.wall(),
            duration: loop.now &- request.startedAt)
        loop.context.record(event)
        finishLive()
        upstream.take()?.reset()
        request.verdict = Verdict(.deny, reason, detail: detail, grant: request.verdict.grant)
        if request.isAccepted, !request.isTunnel {
            // A part of the response is out: only a broken connection tells that it is not all.
            end(CutReason(reason, detail: detail), isOrderly: false)
        } else {
            refuseRequest()
        }
    }

    /// Refuses bytes that break the protocol.
    func refuse(protocolError refusal: HTTP1Refusal) {
        refuseConnection(
            .protocolViolation, status: Int(refusal.status), detail: "\(refusal.code): \(refusal.description)")
    }

    /// Refuses before there are facts to decide on.
    ///
    /// - Parameter reply: The reply to a SOCKS5 client; none where the dialogue has not come to a request.
    func refuseConnection(
        _ reason: ReasonCode, status: Int = 400, detail: String, reply: SOCKS5Reply? = .notAllowed
    ) {
        let decision = loop.context.nextDecision()
        let verdict = Verdict.deny(reason, detail: detail)
        loop.context.record(
            EgressRecord.refusal(verdict, decision: decision, of: self, time: loop.context.clock.wall()))
        requests &+= 1
        if dialogue != nil {
            finish(with: ByteBuffer(bytes: reply?.message ?? []))
        } else {
            finish(with: Problem(verdict, decision: decision, status: status).response(isHead: false))
        }
    }

    /// Asks a client that sent no identity at all for a token (RFC 9110 section 11.7.1).
    func askForToken() {
        let decision = loop.context.nextDecision()
        let verdict = Verdict.deny(.identityMissing, detail: "send the agent's token in Proxy-Authorization")
        loop.context.record(
            EgressRecord.refusal(verdict, decision: decision, of: self, time: loop.context.clock.wall()))
        finish(with: Problem(verdict, decision: decision, status: 407).response(isHead: false))
    }

    /// Writes a last answer and closes once it is delivered. Bytes that follow a refused request may be anything: they are
    /// never taken for another request.
    private func finish(with answer: ByteBuffer) {
        guard let context else { return }
        phase = .closing
        isEnded = true
        keepSpans()
        request = nil
        received = nil
        deadline = loop.now &+ loop.settings.handshakeTime
        finishLive()
        upstream.take()?.reset()
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        closeOutput()
    }

    private func sendAlert(for reason: ReasonCode) {
        let description: UInt8 =
            switch reason {
            case .tlsServerNameMismatch, .tlsServerNameMissing, .tlsEncryptedClientHello: 112
            case .tlsMalformed, .tlsNotTLS: 50
            case .upstreamUnreachable, .upstreamInvalid, .nameNotFound, .nameServiceFailed, .timeout: 80
            default: 49
            }
        // RFC 8446 section 6: a fatal alert in a record of its own.
        finish(with: ByteBuffer(bytes: [21, 3, 3, 0, 2, 2, description]))
    }
}
