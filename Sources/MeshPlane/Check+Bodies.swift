// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import LeakDetection
import Protocols
import Transport

/// What is read of bodies. What was not seen as a whole is not decided on.
extension Check {
    /// Reads a message to a service by the service's own protocol.
    func read(_ line: RequestLine, _ facts: Facts, _ links: [AgentTask]) throws(Refusal) -> CarriedCall {
        if let objection = objectToBody(isNeeded: question.method.utf8.elementsEqual("POST".utf8)) {
            throw Refusal(.protocolViolation, objection, facts)
        }
        guard !line.offersWebSocket else {
            throw Refusal(.protocolViolation, "the service takes no switch of protocols", facts)
        }
        let task = links.first.flatMap { core.authorizer.snapshot.tasks.context(of: $0.id) }
        let request = CarriedRequest(
            service: facts.service ?? "", facts: facts, path: line.path, task: task, links: links,
            fields: question.fields, body: question.body, decision: decision)
        switch core.services.read(request) {
        case .operation(let call): return call
        case .refused(let reason, let detail, let notes): throw Refusal(reason, detail, facts, notes: notes)
        case .unread: throw Refusal(.operationUnknown, "the service is not read behind Envoy", facts)
        }
    }

    /// Why a body cannot be judged as a whole; `nil` when it can.
    ///
    /// - Parameter isNeeded: Whether the request has one, whatever Envoy says.
    func objectToBody(isNeeded: Bool) -> String? {
        switch question.shown {
        case .part: return "Envoy shows a part of the body only; raise max_request_bytes"
        case .nothing where hasLength ?? isNeeded: return "Envoy shows no body; set with_request_body"
        case .nothing, .whole: break
        }
        guard question.size < 0 || question.body.isEmpty || Int(clamping: question.size) == question.body.count else {
            return "Envoy shows another body than it has"
        }
        return nil
    }

    /// Whether requests of this method have a body, whether one is told of or not.
    var bodyIsUsual: Bool { ["PATCH", "POST", "PUT"].contains { $0.utf8.elementsEqual(question.method.utf8) } }

    /// Whether the request says that it has a body; `nil` when it says nothing.
    private var hasLength: Bool? {
        if question.size > 0 || question.field("transfer-encoding") != nil { return true }
        return question.field("content-length").map { !$0.utf8.elementsEqual("0".utf8) }
    }

    // MARK: What must not get out

    /// What was found in a request.
    struct Leaks {
        /// A denial, where everything else may allow.
        var verdict: Verdict?
        var concealed = ConcealedParts()
        var notes: [CarriedNote] = []
    }

    /// Looks through the request as the service plane does. Nothing can be taken out here: what would be is refused.
    func findLeaks(in facts: inout Facts) -> Leaks {
        let inspector = core.leaks
        guard inspector.isOn, facts.operation.name != .session else { return Leaks() }
        let rules = core.authorizer.leakRules(for: facts)
        if facts.operation.arguments == nil, inspector.isEnforced {
            if let objection = objectToBody(isNeeded: bodyIsUsual) {
                return Leaks(verdict: .deny(.leakFound, detail: "the body cannot be looked through: \(objection)"))
            }
            if let coding = question.field("content-encoding"), !inspector.passesCoded(rules) {
                return Leaks(
                    verdict: .deny(
                        .leakFound, detail: "the body has the content coding \(coding), which is not looked through"))
            }
        }
        let head = question.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        // Arguments are looked through where they were read, and say all that the body says.
        let body = facts.operation.arguments == nil ? question.body : []
        guard let found = inspector.judge(facts, rules, head: Array(head.utf8), body: body) else { return Leaks() }
        inspector.count(found)
        var leaks = Leaks()
        leaks.concealed = found.concealed
        leaks.notes = found.observations.map { CarriedNote(cause: $0.cause, detail: $0.detail) }
        switch found.action {
        case .allow: break
        case .redact:
            leaks.notes = []
            leaks.verdict = .deny(
                .leakFound, detail: "\(found.detail), which cannot be taken out behind Envoy; call it through the gate")
        case .hold:
            if facts.approvalDemand == nil { facts.approvalDemand = "the request carries \(found.detail)" }
        case .deny: leaks.verdict = .deny(.leakFound, detail: found.detail)
        }
        return leaks
    }
}
