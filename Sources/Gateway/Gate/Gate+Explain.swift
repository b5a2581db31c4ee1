// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Identity
internal import Storage
internal import Synchronization
internal import Telemetry
internal import YettConfiguration

extension Gate {
    /// Why a decision fell as it did: the record, and the same facts judged again under the snapshot that serves now.
    func explain(_ decision: String) async throws -> DecisionExplanation {
        guard let id = DecisionID(decision) else {
            throw AdminError(
                .malformed, "“\(decision)” is not a decision id",
                remedy: "decision ids look like d-0123456789abcdef; find one: yett audit query --verdict deny")
        }
        let records: [IndexedRecord]
        do {
            records = try log.records(decision: id.description)
        } catch {
            throw AdminError(.failed, "the record cannot be read: \(error)", remedy: "yett audit verify --help")
        }
        let decisions = records.filter { $0.record?.text("kind") == AuditKind.decision.rawValue }
        guard let indexed = decisions.last, let record = indexed.record else {
            throw AdminError(
                .unknown, "no record names decision \(decision)",
                remedy: "this gate's records: yett audit query --kind decision")
        }
        var explanation = DecisionExplanation(
            decision: decision, index: indexed.index, recorded: record.members.map(Self.member), now: nil,
            suggestion: nil, notes: [])
        guard let recorded = RecordedFacts(record, services: state.withLock { $0.configuration.services }) else {
            explanation.notes = [
                "the request was refused before it had a destination, so there is nothing to judge again"
            ]
            return explanation
        }
        explanation.notes = recorded.notes
        var facts = recorded.facts
        facts.time = now
        let judged = judge(facts)
        explanation.now = judged.now
        explanation.suggestion = judged.suggestion
        explanation.notes += judged.notes
        return explanation
    }

    /// What the snapshot that serves now says of facts.
    struct JudgedFacts {
        let now: DecisionExplanation.Now
        /// Lines of YAML that would allow it.
        var suggestion: String?
        /// What a real request may find otherwise.
        var notes: [String] = []
    }

    /// Judges facts step by step.
    func judge(_ facts: Facts) -> JudgedFacts {
        var suggestion: String?
        let snapshot = authorizer.snapshot
        var steps: [String] = []
        let verdict: Verdict
        if let identity = facts.identity {
            steps.append("ok  identity: \(identity.id), known by \(identity.proof), strength \(identity.strength)")
        } else {
            steps.append("no  identity: nobody was identified")
        }
        let quarantined = facts.identity.flatMap { identity in state.withLock { $0.quarantined[identity.id] } }
        if let quarantined {
            steps.append("no  quarantine: \(quarantined.why)")
            verdict = .deny(.quarantined, detail: quarantined.why)
        } else if let refusal = snapshot.revocations.refusal(of: facts, in: snapshot.tasks) {
            steps.append("no  revocation: \(refusal.reason.title) \(refusal.detail ?? "")")
            verdict = refusal
        } else if let identity = facts.identity, let index = snapshot.grants[identity.id] {
            let judged = index.explain(facts) { authorizer.usage(of: $0, index, at: facts.time) }
            steps += judged.lines
            if judged.omittedGrants > 0 { steps.append("…   \(judged.omittedGrants) further grants name the host") }
            verdict = snapshot.decide(facts) { authorizer.usage(of: $0, index, at: facts.time) }
            if verdict.reason != judged.verdict.reason {
                let sign = verdict.effect == .allow ? "ok  " : "no  "
                steps.append("\(sign)policy: \(verdict.reason.title) \(verdict.detail ?? "")")
            }
            if verdict.effect != .allow, let missing = judged.missingGrant {
                suggestion = Self.suggestion(identity, missing)
            }
        } else {
            if let identity = facts.identity { steps.append("no  grants: \(identity.id) is not configured") }
            verdict = snapshot.decide(facts) { _ in GrantUsage() }
        }
        let now = DecisionExplanation.Now(
            verdict: verdict.effect.rawValue, reason: verdict.reason.rawValue, detail: verdict.detail,
            grant: verdict.grant?.description, revision: snapshot.revision, steps: steps)
        var judged = JudgedFacts(now: now, suggestion: suggestion)
        if !snapshot.bundles.isEmpty {
            judged.notes.append("the policy that judges now has \(Self.text(of: snapshot.bundles))")
        }
        if let other = snapshot.underCandidate {
            let index = facts.identity.flatMap { snapshot.grants[$0.id] }
            let verdict = other.decide(facts) { authorizer.usage(of: $0, index, at: facts.time) }
            judged.notes.append(
                "the candidate of the rollout says: \(verdict.effect.rawValue), \(verdict.reason.title)")
        }
        if verdict.effect == .allow, facts.destination.addresses == nil {
            judged.notes.append(
                "grants allow it now; the addresses of the name and, for TLS, the server name are judged again for each "
                    + "connection")
        }
        return judged
    }

    /// The grant at its place in the configuration.
    private static func suggestion(_ identity: VerifiedIdentity, _ grant: String) -> String {
        let name = identity.id.agentName.map(String.init) ?? identity.id.description
        let lines = grant.split(separator: "\n").map { "      \($0)\n" }.joined()
        return "agents:\n  \(name):\n    grants:\n\(lines)"
    }

    private static func member(_ member: (name: String, value: AuditRecord.Value)) -> DecisionExplanation.Member {
        let value: String =
            switch member.value {
            case .text(let text): text
            case .number(let number):
                member.name == "time_us" ? Timestamp.text(microseconds: number) : String(number)
            case .list(let texts): texts.joined(separator: ", ")
            }
        return DecisionExplanation.Member(name: member.name, value: value)
    }
}
