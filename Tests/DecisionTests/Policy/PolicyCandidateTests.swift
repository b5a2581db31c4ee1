// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Synchronization
import Testing

@Suite("A policy that is tried beside the one in force") struct PolicyCandidateTests {
    @Test(
        "takes the share that it is given, and the same decisions each time",
        arguments: [0, 1_000, 50_000, 500_000, 1_000_000])
    func share(_ perMillion: Int) {
        let candidate = PolicyCandidate(policy: .standard, digest: "c", perMillion: perMillion)
        var sequence = DecisionIDSequence(prefix: 0xB00C_5EED)
        let ids = (0..<200_000).map { _ in sequence.next() }
        let taken = ids.count { candidate.takes($0) }
        let expected = 200_000 * perMillion / 1_000_000
        // Three standard deviations of a binomial distribution at the widest share.
        #expect(abs(taken - expected) <= 700)
        if perMillion == 0 { #expect(taken == 0) }
        if perMillion == 1_000_000 { #expect(taken == ids.count) }
        #expect(taken == ids.count { candidate.takes($0) })
    }

    private struct Case: Sendable, CustomStringConvertible {
        var verdict: Verdict
        var other: Verdict
        var outcome: ComparedDecision.Outcome
        var description: String { "\(verdict.effect) to \(other.effect): \(outcome)" }
    }

    private static let cases: [Case] = {
        let grant = GrantID(agent: "a", name: "g")
        var coded = Verdict.deny(.policyDenied)
        coded.policyCodes = ["late"]
        return [
            Case(verdict: .deny(.policyDenied), other: Verdict(.allow, .granted), outcome: .wider),
            Case(verdict: .deny(.policyDenied), other: Verdict(.hold, .policyHeld), outcome: .wider),
            Case(verdict: Verdict(.hold, .policyHeld), other: Verdict(.allow, .granted), outcome: .wider),
            Case(verdict: Verdict(.allow, .granted), other: .deny(.policyDenied), outcome: .narrower),
            Case(verdict: Verdict(.allow, .granted), other: Verdict(.hold, .policyHeld), outcome: .narrower),
            Case(verdict: Verdict(.allow, .granted), other: Verdict(.allow, .granted), outcome: .same),
            Case(
                verdict: Verdict(.allow, .granted, grant: grant), other: Verdict(.allow, .granted), outcome: .different),
            Case(
                verdict: Verdict(.allow, .granted),
                other: Verdict(.allow, .granted, obligations: .requireMatchingServerName), outcome: .different),
            Case(verdict: .deny(.policyDenied), other: .deny(.hostNotGranted), outcome: .different),
            Case(verdict: .deny(.policyDenied), other: coded, outcome: .different),
            Case(
                verdict: .deny(.policyDenied, detail: "one"), other: .deny(.policyDenied, detail: "other"),
                outcome: .same),
        ]
    }()

    @Test("tells wider, narrower and different verdicts apart", arguments: cases)
    private func outcomes(_ one: Case) throws {
        let snapshot = try PolicyFixture.snapshot(nil)
        let compared = ComparedDecision(
            decision: DecisionID(rawValue: 1), facts: try GrantFixture.tunnel("web.test"), verdict: one.verdict,
            other: one.other,
            snapshot: snapshot)
        #expect(compared.outcome == one.outcome)
    }

    @Test("decides nothing, and is asked what the one in force is asked")
    func comparing() throws {
        let candidate = PolicyCandidate(
            policy: try PolicyFixture.policy("package yett.authz\ndeny contains \"closed\" if input.time > 0"),
            digest: "c",
            perMillion: 1_000_000)
        let inForce = try PolicyFixture.snapshot(.standard)
        let snapshot = inForce.replacing(
            policy: inForce.policy, bundles: [], absence: nil, candidate: candidate, digest: "", revision: 2)
        let seen = Mutex<[ComparedDecision]>([])
        let authorizer = Authorizer(snapshot: snapshot, comparer: { compared in seen.withLock { $0.append(compared) } })
        let facts = try GrantFixture.tunnel("web.test")
        var ids = DecisionIDSequence(prefix: 7)
        #expect(authorizer.authorize(facts, decision: ids.next()).verdict.effect == .allow)
        let id = try GrantFixture.identity().id
        authorizer.quarantine(id, why: "test")
        #expect(authorizer.authorize(facts, decision: ids.next()).verdict.reason == .quarantined)
        authorizer.release(id)
        // What is judged again is no decision of its own.
        _ = authorizer.reconsider(facts, at: facts.time)
        let compared = seen.withLock { $0 }
        #expect(compared.map(\.outcome) == [.narrower, .same])
        #expect(compared.first?.other.policyCodes == ["closed"])
    }

    @Test("is not asked where it is missing")
    func missing() throws {
        let inForce = try PolicyFixture.snapshot(.standard)
        let candidate = PolicyCandidate(policy: nil, absence: "not there", digest: "c", perMillion: 1_000_000)
        let snapshot = inForce.replacing(
            policy: inForce.policy, bundles: [], absence: nil, candidate: candidate, digest: "", revision: 2)
        let seen = Atomic<Int>(0)
        let authorizer = Authorizer(snapshot: snapshot, comparer: { _ in seen.add(1, ordering: .relaxed) })
        let judgement = authorizer.authorize(try GrantFixture.tunnel("web.test"), decision: DecisionID(rawValue: 1))
        #expect(judgement.verdict.effect == .allow)
        #expect(seen.load(ordering: .relaxed) == 0)
    }
}
