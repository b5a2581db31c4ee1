// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
public import Identity
import Protocols
import Transport

extension ServicePlane {
    /// Judges a request as if it had come, by the same code, and does nothing of it.
    ///
    /// - Throws: ``ServiceTrial/Failure`` when there is nothing to judge.
    public func attempt(_ trial: ServiceTrial) throws(ServiceTrial.Failure) -> ServiceTrial.Outcome {
        let message = try TrialMessage(trial, service: core.table.service(named: Array(trial.service.utf8)))
        return try message.withHead { head, bytes throws(ServiceTrial.Failure) in
            guard let route = try? ServiceRoute(head, in: bytes, core.table) else {
                throw .request("the path does not lead to the service")
            }
            return attempt(trial, route, head, message.body, in: bytes)
        }
    }

    private func attempt(
        _ trial: ServiceTrial, _ route: ServiceRoute, _ head: HTTP1RequestHead, _ body: [UInt8],
        in bytes: UnsafeRawBufferPointer
    ) -> ServiceTrial.Outcome {
        let snapshot = shared.authorizer.snapshot
        let links = trial.task.flatMap { snapshot.tasks.links(of: $0) } ?? []
        let task = trial.task.flatMap { snapshot.tasks.context(of: $0) }
        let fields = head.passingFields(in: bytes)
        var facts = Facts(
            service: route, head, in: bytes, identity: trial.identity, task: task,
            fields: snapshot.policy?.readsFields ?? false ? fields : nil, time: trial.time, source: .unknown)
        // A book of its own: what is tried is not done.
        let trialCore = ServiceCore(sessions: core.sessions, book: core.book.copy(), signer: core.signer)
        let context = TrialContext(facts: facts, task: task, links: links, authorizer: shared.authorizer)
        let mediation = Self.untouched(route.service).mediation(context: context, core: trialCore)
        if let mediation {
            let request = MediatedRequest(
                method: facts.http?.method ?? "", path: route.below, query: facts.http?.query, fields: fields,
                body: body)
            switch mediation.read(request) {
            case .answered: facts.operation = Operation(.session)
            case .refused(let reason, let detail, let answer):
                return ServiceTrial.Outcome(
                    verdict: .deny(reason, detail: detail), facts: facts, message: Self.message(answer))
            case .operation(let operation, _): facts.operation = operation
            }
        }
        if route.service.description.requiresTask, facts.task == nil {
            return ServiceTrial.Outcome(
                verdict: .deny(.taskRequired, detail: "the service is only for calls within a task"), facts: facts)
        }
        facts.approvalDemand = route.service.demand(for: facts.operation)
        let verdict = shared.authorizer.foresee(facts)
        guard verdict.effect == .allow else { return ServiceTrial.Outcome(verdict: verdict, facts: facts) }
        if var objection = mediation?.object(to: facts, under: verdict) {
            objection.grant = verdict.grant
            return ServiceTrial.Outcome(verdict: objection, facts: facts)
        }
        let provenance = (mediation?.provenance ?? []).map { "\($0.argument): \($0.origin)" }
        return ServiceTrial.Outcome(verdict: verdict, facts: facts, provenance: provenance)
    }

    /// The service, without the memory of which conversations and tasks are whose: a trial must not claim one.
    private static func untouched(_ service: GateService) -> GateService {
        guard case .agent(let server) = service.description.language else { return service }
        return GateService(
            service.description, endpoints: service.endpoints,
            agent: A2AServiceState(name: service.name, settings: server))
    }

    /// What a client reads in an answer of JSON-RPC.
    private static func message(_ answer: MediatedAnswer) -> String? {
        (try? JSONValue(parsing: answer.body))?["error"]?["message"]?.string
    }

    /// Which tools of an MCP server an agent would be shown, and may call with some arguments.
    ///
    /// - Throws: ``ServiceTrial/Failure`` when the service has no tools.
    public func grantedTools(
        of service: String, to identity: VerifiedIdentity, at time: Int64
    ) throws(ServiceTrial.Failure) -> Set<String> {
        let tools = tools(of: service) ?? []
        let trial = ServiceTrial(of: service, by: identity, .tool(name: "any", arguments: "{}"), at: time)
        let message = try TrialMessage(trial, service: core.table.service(named: Array(service.utf8)))
        return try message.withHead { head, bytes throws(ServiceTrial.Failure) in
            guard let route = try? ServiceRoute(head, in: bytes, core.table) else { throw .unknownService }
            let facts = Facts(
                service: route, head, in: bytes, identity: identity, task: nil,
                fields: shared.authorizer.snapshot.policy?.readsFields ?? false ? head.passingFields(in: bytes) : nil,
                time: time, source: .unknown)
            let context = TrialContext(facts: facts, task: nil, links: [], authorizer: shared.authorizer)
            let names = tools.filter { $0.hold == nil }.map(\.newest.name)
            return Set(names.filter { context.wouldAllow(MCPMediation.inquiry($0)) })
        }
    }
}

/// What a mediation asks the gate in a trial.
private final class TrialContext: MediationContext {
    let task: TaskContext?
    let taskLinks: [AgentTask]
    private let facts: Facts
    private let authorizer: Authorizer

    init(facts: Facts, task: TaskContext?, links: [AgentTask], authorizer: Authorizer) {
        self.facts = facts
        self.task = task
        taskLinks = links
        self.authorizer = authorizer
    }

    var identity: VerifiedIdentity? { facts.identity }
    var personValues: [String] { task?.person.map { [$0.subject] + $0.names } ?? [] }

    func wouldAllow(_ operation: Operation) -> Bool {
        var facts = facts
        facts.operation = operation
        // What waits for a person may be seen.
        return authorizer.foresee(facts).effect != .deny
    }
}
