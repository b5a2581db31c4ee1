// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Protocols
import Resolver
import Transport

/// From facts to a recorded verdict: decide on the name, and only then look it up; judge every address; record; dial.
extension ProxyConnection {
    func decide(_ request: ProxyRequest) {
        self.request = request
        guard !loop.shared.isDraining else {
            deny(.draining, detail: "the gate is stopping; try again after its restart")
            return
        }
        guard loop.shared.isAuditAvailable() else {
            deny(.auditUnavailable, detail: "the audit log cannot be written, so nothing is allowed")
            return
        }
        let leak = findLeaks(request)
        request.generation = loop.shared.authorizer.generation
        var judgement = loop.shared.authorizer.authorize(request.facts, decision: request.decision)
        request.verdict = judgement.verdict
        request.revision = judgement.revision
        guard judgement.verdict.effect == .allow, let permit = judgement.takePermit() else {
            // A name that holds a secret says more about the agent than that nobody granted it, and is not repeated.
            if var leak, request.concealed.host, judgement.verdict.effect == .deny {
                leak.grant = judgement.verdict.grant
                request.verdict = leak
            }
            recordDecision(request, isWaitedFor: false)
            refuseRequest()
            return
        }
        if var leak {
            leak.grant = judgement.verdict.grant
            loop.shared.authorizer.returnCall(of: judgement.verdict.grant, request.facts)
            request.verdict = leak
            recordDecision(request, isWaitedFor: false)
            refuseRequest()
            return
        }
        request.permit = consume permit
        switch request.facts.destination.host {
        case .address(let address):
            judge([address])
        case .name(let name):
            look(up: name)
        }
    }

    private func look(up name: HostName) {
        guard loop.pending < loop.settings.pendingDials else {
            deny(.limitReached, detail: "egress.limits.pending_dials is reached")
            return
        }
        loop.pending &+= 1
        phase = .resolving
        deadline = loop.now &+ loop.settings.dialTime
        let bound = LoopBound(self, on: loop.eventLoop)
        loop.shared.resolver.resolve(name) { result in
            bound.run { $0.resolved(result) }
        }
    }

    private func resolved(_ result: Result<Answers, ResolveError>) {
        loop.pending &-= 1
        guard phase == .resolving, request != nil else { return }
        switch result {
        case .success(let answers):
            judge(answers.addresses)
        case .failure(.notFound):
            deny(.nameNotFound, detail: "the name has no address")
        case .failure(let error):
            deny(.nameServiceFailed, detail: "\(error)")
        }
    }

    private func judge(_ answers: [IPAddress]) {
        guard let request else { return }
        let destination = request.facts.destination
        let snapshot = loop.shared.authorizer.snapshot
        switch snapshot.addressGuard.judgeAll(answers, host: destination.host, port: destination.port) {
        case .refused(let refusal):
            deny(refusal.rule == .noAnswer ? .nameNotFound : .addressForbidden, detail: refusal.description)
        case .allowed(let addresses):
            request.addresses = Array(addresses.prefix(loop.settings.addressesTried))
            if request.isTunnel, request.verdict.obligations.contains(.requireMatchingServerName) {
                acceptTunnel()
                awaitClientHello()
            } else {
                recordThenDial()
            }
        }
    }

    /// Writes the decision record and goes on in ``recorded(_:)``.
    func recordThenDial() {
        guard let request else { return }
        phase = .recording
        recordDecision(request, isWaitedFor: true)
    }

    func recorded(_ isRecorded: Bool) {
        guard phase == .recording else { return }
        guard isRecorded else {
            deny(.auditUnavailable, detail: "the audit log cannot be written, so nothing is allowed")
            return
        }
        openUpstream()
    }

    /// Turns the request under way into a denial, records it and answers.
    func deny(_ reason: ReasonCode, detail: String?) {
        guard let request else { return }
        request.permit = nil
        request.verdict = Verdict.deny(reason, detail: detail, grant: request.verdict.grant)
        recordDecision(request, isWaitedFor: false)
        refuseRequest()
    }

    private func recordDecision(_ request: ProxyRequest, isWaitedFor: Bool) {
        guard !request.isRecorded || isWaitedFor else { return }
        request.isRecorded = true
        request.timing.decidedAt = loop.now
        let event = EgressRecord.decision(
            request, connection: id, time: loop.context.clock.wall(),
            duration: request.timing.decidedAt &- request.startedAt)
        if isWaitedFor {
            loop.context.record(event, then: self)
        } else {
            loop.context.record(event)
        }
    }
}
