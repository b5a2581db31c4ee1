// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Protocols
import Resolver
import Transport

/// From facts to a recorded verdict: decide, and only then look the name up; judge every address; record; dial.
extension ServiceExchange: RecordWaiter {
    func decide() {
        let demand = facts.flatMap { service?.demand(for: $0.operation) }
        facts?.approvalDemand = demand
        chooseEndpoint()
        let leak: Verdict?
        switch findLeaks() {
        case .none: leak = nil
        case .refused(let verdict): leak = verdict
        case .readAgain(let request): return interpret(request, isPrepared: true)
        }
        guard let facts, let service else { return }
        guard !loop.shared.isDraining else {
            return deny(.draining, detail: "the gate is stopping; try again after its restart")
        }
        guard loop.shared.isAuditAvailable() else {
            return deny(.auditUnavailable, detail: "the audit log cannot be written, so nothing is allowed")
        }
        if service.description.requiresTask, facts.task == nil {
            return deny(.taskRequired, detail: "the service is only for calls within a task; send Yett-Task")
        }
        if let need = tokenNeed(for: facts.operation) { return refuse(need) }
        generation = loop.shared.authorizer.generation
        var judgement = loop.shared.authorizer.authorize(facts, decision: decision)
        verdict = judgement.verdict
        revision = judgement.revision
        // Nobody is asked about what would be refused in the end.
        if var leak, judgement.verdict.effect != .deny {
            if judgement.verdict.effect == .allow {
                loop.shared.authorizer.returnCall(of: judgement.verdict.grant, facts)
            }
            leak.grant = judgement.verdict.grant
            verdict = leak
            recordDecision(isWaitedFor: false)
            return refuse()
        }
        if judgement.verdict.effect == .hold, preparation == nil { return hold() }
        guard judgement.verdict.effect == .allow, let permit = judgement.takePermit() else {
            recordDecision(isWaitedFor: false)
            return refuse()
        }
        if preparation == nil, let objection = mediation?.object(to: facts, under: judgement.verdict) {
            loop.shared.authorizer.returnCall(of: judgement.verdict.grant, facts)
            verdict = objection
            verdict.grant = judgement.verdict.grant
            recordDecision(isWaitedFor: false)
            return refuse()
        }
        if preparation == nil, !countsForToken(facts.operation) {
            loop.shared.authorizer.returnCall(of: judgement.verdict.grant, facts)
            return deny(.tokenReplayed, detail: "the token's calls are used up; obtain another one")
        }
        self.permit = consume permit
        if service.description.isAttached { return findAttached() }
        if service.description.builtIn != nil { return findBuiltIn() }
        findAddresses()
    }

    /// Behind a verdict that allowed: looks up where the destination is, has every address judged, and records.
    func findAddresses() {
        switch facts?.destination.host {
        case .address(let address): judge([address])
        case .name(let name): look(up: name)
        case nil: break
        }
    }

    private func look(up name: HostName) {
        guard loop.pending < loop.settings.pendingDials else {
            return deny(.limitReached, detail: "service_proxy.limits.pending_dials is reached")
        }
        loop.pending &+= 1
        phase = .resolving
        deadline = loop.now &+ loop.settings.dialTime
        let bound = LoopBound(self, on: loop.eventLoop)
        loop.shared.resolver.resolve(name) { result in
            bound.run { $0.resolved(name, result) }
        }
    }

    private func resolved(_ name: HostName, _ result: Result<Answers, ResolveError>) {
        loop.pending &-= 1
        // The request may have gone on to another endpoint since.
        guard phase == .resolving, facts?.destination.host == .name(name) else { return }
        switch result {
        case .success(let answers): judge(answers.addresses)
        case .failure(.notFound): unresolved(.nameNotFound, "the name of the service has no address")
        case .failure(let error): unresolved(.nameServiceFailed, "\(error)")
        }
    }

    private func judge(_ answers: [IPAddress]) {
        guard let destination = facts?.destination else { return }
        let addressGuard = loop.shared.authorizer.snapshot.addressGuard
        switch addressGuard.judgeAll(answers, host: destination.host, port: destination.port) {
        case .refused(let refusal):
            deny(refusal.rule == .noAnswer ? .nameNotFound : .addressForbidden, detail: refusal.description)
        case .allowed(let addresses):
            self.addresses = Array(addresses.prefix(loop.settings.addressesTried))
            phase = .recording
            deadline = Int64.max
            recordDecision(isWaitedFor: true)
        }
    }

    func recorded(_ isRecorded: Bool) {
        guard phase == .recording else { return }
        guard isRecorded else {
            return deny(.auditUnavailable, detail: "the audit log cannot be written, so nothing is allowed")
        }
        openUpstream()
    }

    func recordDecision(isWaitedFor: Bool) {
        guard !isRecorded || isWaitedFor else { return }
        isRecorded = true
        timing.decidedAt = loop.now
        let event = ServiceRecord.decision(
            self, time: loop.context.clock.wall(), duration: timing.decidedAt &- startedAt)
        if isWaitedFor {
            loop.context.record(event, then: self)
        } else {
            loop.context.record(event)
        }
    }
}

extension ServiceExchange: MediationContext {
    func wouldAllow(_ operation: Operation) -> Bool {
        let effect = foresee(operation)
        return effect == .allow || effect == .hold
    }

    func wouldAllow(_ operation: Operation, byAny requests: [(method: String, path: String)]) -> Bool {
        requests.contains { request in
            let effect = foresee(operation, by: request)
            return effect == .allow || effect == .hold
        }
    }

    func wouldAllowAtOnce(_ operation: Operation) -> Bool { foresee(operation) == .allow }

    /// - Parameter request: Another request than that of the exchange, by method and path below the service.
    private func foresee(
        _ operation: Operation, by request: (method: String, path: String)? = nil
    ) -> Verdict.Effect? {
        guard var facts else { return nil }
        if let request {
            facts.http?.method = request.method
            facts.http?.path = String(decoding: service?.base ?? [], as: UTF8.self) + request.path
            facts.http?.query = nil
            facts.http?.sentPath = nil
        }
        if operation.isInquiry, tokenNeed(for: operation) != nil { return .deny }
        facts.operation = operation
        return loop.shared.authorizer.foresee(facts).effect
    }

    var personValues: [String] { task?.person.map { [$0.subject] + $0.names } ?? [] }

    var decisionName: DecisionID? { decision }

    func verdict(onReaching endpoint: Endpoint) -> Verdict {
        var facts = Facts(
            identity: identity, plane: .egress, operation: Operation(.tunnel),
            destination: Destination(host: endpoint.host, port: endpoint.port, scheme: .https), time: loop.time,
            source: caller.caller.source)
        task?.apply(to: &facts)
        facts.http = HTTPFacts(method: "CONNECT", path: nil)
        return loop.shared.authorizer.foresee(facts)
    }

    func forbids(_ endpoint: Endpoint) -> String? {
        guard case .address(let address) = endpoint.host,
            case .refused(let refusal) = loop.shared.authorizer.snapshot.addressGuard.judge(
                address, host: endpoint.host, port: endpoint.port)
        else { return nil }
        return refusal.description
    }

    func note(_ usage: ModelUsage, cost: Money) {
        allowance.spent = ModelSpending(tokens: Int(clamping: usage.input &+ usage.output), cost: cost)
        note([MediationEvent(code: "model_usage", detail: "tokens read: \(usage.input), written: \(usage.output)")])
    }
}
