// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Synchronization

/// What an agent's risk makes of what grants and policy say.
extension Authorizer {
    /// The facts with what holds now of the person and of the agent's risk; `nil` where they say that already.
    func renewed(_ facts: borrowing Facts, in snapshot: Snapshot) -> Facts? {
        let person = Self.renewedPerson(of: facts, in: snapshot)
        let risk = risk(of: facts)
        guard person != nil || risk != facts.risk else { return nil }
        var facts = copy facts
        if let person { facts.person = person }
        facts.risk = risk
        if risk.response == .stepUp, facts.hasEffect, facts.approvalDemand == nil {
            facts.approvalDemand = "the agent behaves oddly: \(Self.text(of: risk))"
        }
        return facts
    }

    func risk(of facts: borrowing Facts) -> Risk {
        guard let risks, let agent = facts.identity?.id else { return facts.risk }
        return risks.risk(of: agent, task: facts.task?.id, at: facts.time)
    }

    /// Whether an odd agent has had its call of this second.
    func isThrottled(_ facts: borrowing Facts) -> Bool {
        guard facts.risk.isThrottled, facts.operation.name != .session, let agent = facts.identity?.id else {
            return false
        }
        let time = facts.time
        return lastCalls.withLock { calls in
            if calls[agent] == time { return true }
            if calls.count >= Self.mostThrottled { calls.removeAll(keepingCapacity: true) }
            calls[agent] = time
            return false
        }
    }

    static func text(of risk: Risk) -> String {
        "risk \(risk.permille) of 1000 (\(risk.signals.joined(separator: ", ")))"
    }

    /// What risk makes of a verdict that lets something through.
    static func restricted(_ verdict: Verdict, _ facts: borrowing Facts) -> Verdict {
        guard verdict.effect != .deny, facts.operation.name != .session else { return verdict }
        switch facts.risk.response {
        case .none, .stepUp: return verdict
        case .readsOnly:
            return facts.hasEffect
                ? .deny(.riskTooHigh, detail: text(of: facts.risk), grant: verdict.grant) : verdict
        case .quarantine: return .deny(.quarantined, detail: text(of: facts.risk), grant: verdict.grant)
        }
    }
}
