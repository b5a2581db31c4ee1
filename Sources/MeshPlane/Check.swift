// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Identity
import Protocols
import Transport

/// One request that an Envoy asks about, from what Envoy says of it to an answer.
struct Check {
    let question: MeshQuestion
    let core: MeshCore
    let decision: DecisionID
    let time: Int64

    /// What speaks against a request before it can be decided on.
    struct Refusal: Error {
        let verdict: Verdict
        var facts: Facts?
        var notes: [CarriedNote] = []

        init(_ reason: ReasonCode, _ detail: String, _ facts: Facts? = nil, notes: [CarriedNote] = []) {
            verdict = .deny(reason, detail: detail)
            self.facts = facts
            self.notes = notes
        }
    }

    /// What is known of a request that can be decided on.
    struct Subject {
        var facts: Facts
        let service: MeshService
        /// What judges the request further, where its messages are read.
        var call: CarriedCall?
    }

    /// Decides.
    func judge() -> Outcome {
        let settings = core.settings
        let service = service(in: settings)
        let outcome: Outcome
        do throws(Refusal) {
            outcome = decide(try subject(service))
        } catch {
            outcome = Outcome(error.verdict, decision, facts: error.facts, snapshot: core.authorizer.snapshot)
            outcome.notes += error.notes
        }
        if outcome.verdict.effect != .allow, let service, isObserved(service, in: settings) { outcome.observe(service) }
        return outcome
    }

    /// Whether the route asks for no more than to be told, and the configuration lets it.
    private func isObserved(_ service: MeshService, in settings: MeshSettings) -> Bool {
        guard let mode = question.extensions["mode"], mode.utf8.elementsEqual("observe".utf8) else { return false }
        return settings.observed.contains(Array(service.name.utf8))
    }

    private func decide(_ subject: Subject) -> Outcome {
        let snapshot = core.authorizer.snapshot
        var facts = subject.facts
        guard core.isServing else {
            return Outcome(
                .deny(.auditUnavailable, detail: "the gate stops, or its audit log cannot be written"), decision,
                facts: facts, snapshot: snapshot)
        }
        let leaks = findLeaks(in: &facts)
        var judgement = core.authorizer.authorize(facts, decision: decision)
        var verdict = judgement.verdict
        let revision = judgement.revision
        let isAllowed = verdict.effect == .allow
        if var leak = leaks.verdict, verdict.effect != .deny {
            // Nobody is asked about what would be refused in the end.
            leak.grant = verdict.grant
            verdict = leak
        } else if verdict.effect == .hold {
            verdict = .deny(
                .approvalRequired, detail: "a person has to agree; Envoy cannot wait, so call it through the gate",
                grant: verdict.grant)
        } else if isAllowed {
            if judgement.takePermit() == nil {
                verdict = .deny(.auditUnavailable)
            } else if var objection = subject.call?.object(facts, verdict) {
                objection.grant = verdict.grant
                verdict = objection
            }
        }
        if isAllowed, verdict.effect != .allow { core.authorizer.returnCall(of: verdict.grant, facts) }
        let outcome = Outcome(verdict, decision, facts: facts, snapshot: snapshot, revision: revision)
        outcome.notes += leaks.notes
        outcome.concealed = leaks.concealed
        if verdict.effect == .allow {
            outcome.credential = subject.service.credential
            outcome.withheld = subject.call?.withheld ?? []
            outcome.provenance = subject.call?.provenance() ?? []
        }
        return outcome
    }

    // MARK: From Envoy's words to facts

    /// The route's word goes first: it is the operator's, and no request can change it.
    private func service(in settings: MeshSettings) -> MeshService? {
        if let name = question.extensions["service"] { return settings.service(named: name) }
        return settings.service(at: question.host)
    }

    private func subject(_ service: MeshService?) throws(Refusal) -> Subject {
        let snapshot = core.authorizer.snapshot
        let line = try requestLine()
        let identity = try identity(in: snapshot)
        guard let service else {
            throw Refusal(.serviceUnknown, "the route names no service in context_extensions, and the host is none's")
        }
        var facts = Facts(
            identity: identity, plane: .mesh, operation: Operation(line.offersWebSocket ? .websocket : .request),
            destination: service.destination, time: time, source: question.source)
        facts.service = service.name
        facts.http = HTTPFacts(method: question.method, path: line.path, query: line.query)
        if line.hasParameters { facts.http?.sentPath = line.sentPath }
        if let policy = snapshot.policy {
            if policy.readsFields {
                facts.http?.fields = question.fields.filter { !$0.name.utf8.elementsEqual("authorization".utf8) }
                    .map { HTTPFacts.Field(name: $0.name, value: $0.value) }
            }
            if policy.settings.input == .envoy { facts.carried = CarriedFacts(question) }
        }
        let links = try join(&facts, in: snapshot)
        guard !service.requiresTask || facts.task != nil else {
            throw Refusal(.taskRequired, "the service is only for calls within a task; send Yett-Task", facts)
        }
        switch service.credential {
        case .other:
            throw Refusal(
                .operationUnknown, "what the service is shown cannot be told to Envoy; call it through the gate", facts)
        case .signed(hashesBody: true):
            if let objection = objectToBody(isNeeded: bodyIsUsual) {
                throw Refusal(.protocolViolation, "the body is signed as a whole, but \(objection)", facts)
            }
        case .none, .field, .obtained, .signed: break
        }
        var subject = Subject(facts: facts, service: service)
        switch service.language {
        case .http: break
        case .read:
            let call = try read(line, facts, links)
            subject.facts.operation = call.operation
            subject.call = call
        case .other(let name):
            throw Refusal(.operationUnknown, "\(name) is not read behind Envoy; call it through the gate", facts)
        }
        let operation = subject.facts.operation
        if operation.name.isCall, let tool = operation.tool,
            service.approvedTools.contains(Array(tool.utf8))
        {
            subject.facts.approvalDemand = "a person has to agree to each call of \(tool)"
        }
        return subject
    }

    /// What a strict reader makes of method, path and host.
    struct RequestLine {
        var path: String
        var sentPath: String
        var query: String?
        var hasParameters: Bool
        var offersWebSocket: Bool
    }

    private func requestLine() throws(Refusal) -> RequestLine {
        let (method, target, host) = (question.method, question.target, question.host)
        guard method.utf8.count <= 64, target.utf8.count <= 8192, host.utf8.count <= 512,
            Self.isVisible(method), Self.isVisible(target), Self.isVisible(host), target.utf8.first == UInt8(ascii: "/")
        else { throw Refusal(.protocolViolation, "method, path or host cannot be read") }
        var parser = HTTP1RequestParser()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(method.utf8.count &+ target.utf8.count &+ host.utf8.count &+ 32)
        for part in [method, " ", target, " HTTP/1.1\r\nHost: ", host, "\r\n\r\n"] {
            bytes.append(contentsOf: part.utf8)
        }
        let line = bytes.withUnsafeBytes { bytes -> RequestLine? in
            guard case .complete = parser.parse(bytes) else { return nil }
            let head = parser.head
            let path = head.path.withDecisionBytes(in: bytes) { String(decoding: $0, as: UTF8.self) }
            let sent = head.path.withForwardBytes(in: bytes) { String(decoding: $0, as: UTF8.self) }
            return RequestLine(
                path: path, sentPath: sent, query: head.target.query?.text(in: bytes),
                hasParameters: head.path.hasParameters,
                offersWebSocket: question.field("upgrade").map { $0.lowercased() == "websocket" } ?? false)
        }
        guard let line else {
            throw Refusal(.protocolViolation, "the request line is not one that the gate would take")
        }
        // Envoy forwards what it has, and not what was made of it here.
        guard line.sentPath.utf8.elementsEqual(target.utf8.prefix { $0 != UInt8(ascii: "?") }) else {
            throw Refusal(.protocolViolation, "the path has another spelling; set normalize_path and merge_slashes")
        }
        return line
    }

    private static func isVisible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

    private func identity(in snapshot: Snapshot) throws(Refusal) -> VerifiedIdentity {
        guard !question.principal.isEmpty else {
            throw Refusal(.identityMissing, "Envoy verified nobody; set require_client_certificate")
        }
        guard let identity = snapshot.agents.identify(certificate: question.principal) else {
            throw Refusal(.identityUnknown, "the certificate that Envoy verified is no agent's")
        }
        // How old the certificate is matters where something was revoked, and nowhere else.
        guard !question.certificate.isEmpty, !snapshot.revocations.isEmpty else { return identity }
        guard let basis = ForwardedCertificate.basis(of: question.certificate, naming: identity.id) else {
            throw Refusal(.protocolViolation, "the certificate that Envoy passes on is not the principal's")
        }
        return identity.resting(on: basis)
    }

    /// The task whose handle the request brings, and those above it, nearest first.
    private func join(_ facts: inout Facts, in snapshot: Snapshot) throws(Refusal) -> [AgentTask] {
        guard let handle = question.field("yett-task") else { return [] }
        guard let task = TaskHandle(handle).flatMap({ snapshot.tasks.task(handleDigest: $0.digest) }),
            let context = snapshot.tasks.context(of: task.id)
        else { throw Refusal(.taskUnknown, "no task has this handle", facts) }
        context.apply(to: &facts)
        return snapshot.tasks.links(of: task.id) ?? []
    }
}

extension CarriedFacts {
    /// What a question says beyond what facts of all planes have.
    convenience init(_ question: MeshQuestion) {
        self.init(
            id: question.id, host: question.host, scheme: question.scheme, version: question.version,
            size: question.size, fields: question.fields.map { HTTPFacts.Field(name: $0.name, value: $0.value) },
            body: question.body, isPacked: question.isPacked, isPartial: question.shown == .part,
            extensions: question.extensions.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            destination: question.destination, certificate: question.certificate)
    }
}
