// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import LeakDetection
import NIOCore
import Protocols
import Transport

/// What must not get out is looked for before anything is asked of the service.
extension ServiceExchange {
    /// What the grants say is done about what is found.
    var leakRules: LeakRules {
        if let rules = leaks.rules { return rules }
        guard loop.shared.leaks.isOn, let facts else { return LeakRules() }
        let rules = loop.shared.authorizer.leakRules(for: facts)
        leaks.rules = rules
        return rules
    }

    /// Looks through what is known of the request. A person is asked where that is what the finding calls for.
    func findLeaks() -> LeakAnswer {
        guard preparation == nil, loop.shared.leaks.isOn, let facts, facts.operation.name != .session else {
            return .none
        }
        leaks.rules = nil
        let rules = leakRules
        if mediation == nil, framing != .none {
            if let coding = WrittenHead.contentCoding(of: head), !loop.shared.leaks.passesCoded(rules) {
                return .refused(
                    .deny(.leakFound, detail: "the body has the content coding \(coding), which is not looked through"))
            }
            if leaks.up == nil {
                leaks.up = loop.shared.leaks.stream(rules, holding: isGRPC ? .nothing : .window)
            }
        }
        // Of code that is to run, decisions see a digest.
        let content = mediation is BuiltInMediation ? body.map { Array($0.readableBytesView) } ?? [] : []
        guard let leak = loop.shared.leaks.judge(facts, rules, head: Array(head.readableBytesView), body: content)
        else { return .none }
        leaks.concealed = leak.concealed
        return answer(leak, rules)
    }

    private func answer(_ leak: LeakVerdict, _ rules: LeakRules) -> LeakAnswer {
        switch leak.action {
        case .allow:
            note(leak)
            return .none
        case .redact:
            guard !leaks.isRedacted, var request = leaks.request.take(),
                let body = loop.shared.leaks.redact(request.body, rules, on: .argument)
            else {
                return .refused(.deny(.leakFound, detail: "\(leak.detail), which cannot be taken out"))
            }
            note(leak)
            leaks.isRedacted = true
            request.body = body
            return .readAgain(request)
        case .hold:
            note(leak)
            if facts?.approvalDemand == nil { facts?.approvalDemand = "the request carries \(leak.detail)" }
            return .none
        case .deny:
            note(leak)
            return .refused(.deny(.leakFound, detail: leak.detail))
        }
    }

    // MARK: Bodies on their way up

    /// What waited for the service is looked through like what comes later, unless it is sent for the second time.
    ///
    /// - Returns: Whether the exchange goes on.
    func screenWaitingBody() -> Bool {
        leaks.request = nil
        guard repeatable == nil, leaks.up != nil, let waiting = body.take() else { return true }
        guard let clean = screenUp(waiting) else { return false }
        body = clean.readableBytes > 0 ? clean : nil
        return true
    }

    /// Looks through a piece of a body that passes as it comes.
    ///
    /// - Returns: What may go on now; `nil` when the exchange is over.
    func screenUp(_ bytes: ByteBuffer) -> ByteBuffer? {
        guard let step = leaks.up?.take(bytes) else { return bytes }
        return isClean(step.verdict) ? step.bytes : nil
    }

    /// Looks through the end of a body, and sends what was held back.
    ///
    /// - Returns: Whether the exchange goes on.
    func screenEndUp() -> Bool {
        guard var up = leaks.up.take() else { return true }
        let step = up.finish()
        guard isClean(step.verdict) else { return false }
        if step.bytes.readableBytes > 0 { pass(step.bytes) }
        guard !isOver, !trailers.isEmpty else { return !isOver }
        return isClean(
            loop.shared.leaks.judge(fields: trailers.map { Array("\($0.name): \($0.value)".utf8) }, leakRules))
    }

    /// Looks through a body that was read to be shown to a person.
    ///
    /// - Returns: Whether a person may be asked.
    func screenGathered() -> Bool {
        guard var up = leaks.up, let body = body.take() else { return true }
        // Who looks through it on its way up begins anew.
        var clean = up.take(body)
        let rest = up.finish()
        for verdict in [clean.verdict, rest.verdict] {
            guard let verdict else { continue }
            note(verdict)
            guard verdict.action < .deny else {
                deny(.leakFound, detail: verdict.detail)
                return false
            }
        }
        clean.bytes.writeImmutableBuffer(rest.bytes)
        self.body = clean.bytes
        return true
    }

    /// Half of the request is out: there is nothing to ask a person about.
    private func isClean(_ leak: LeakVerdict?) -> Bool {
        guard let leak else { return true }
        note(leak)
        guard leak.action >= .hold else { return true }
        refuseLate(.leakFound, detail: leak.detail)
        return false
    }

    func note(_ leak: LeakVerdict) {
        loop.shared.leaks.count(leak)
        note(leak.observations.map { MediationEvent(code: $0.cause, detail: $0.detail) })
    }
}
