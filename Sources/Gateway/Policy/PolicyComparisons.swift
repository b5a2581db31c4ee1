// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import Storage
internal import Synchronization
internal import Transport

/// What trying a candidate beside the policy in force shows: counts, and a record of each difference. Safe from any thread.
final class PolicyComparisons: Sendable {
    private struct State {
        var digest = ""
        var counts: [ComparedDecision.Outcome: Int] = [:]
        /// The second that differences are recorded in, and how many of it are.
        var second: Int64 = 0
        var recorded = 0
    }

    private let state = Mutex(State())
    private let log: AuditLog
    private let clock: Clock
    /// Records of differences in a second; what is beyond is counted only.
    static let mostRecorded = 100

    init(log: AuditLog, clock: Clock) {
        self.log = log
        self.clock = clock
    }

    /// Takes one comparison in. A record that cannot be written is not this one's to report: decisions are denied by then.
    func note(_ compared: ComparedDecision) {
        guard let candidate = compared.snapshot.candidate else { return }
        let outcome = compared.outcome
        let time = clock.wall()
        let isRecorded = state.withLock { state in
            if !state.digest.utf8.elementsEqual(candidate.digest.utf8) { state = State(digest: candidate.digest) }
            state.counts[outcome, default: 0] += 1
            guard outcome != .same else { return false }
            if state.second != time / 1_000_000 {
                state.second = time / 1_000_000
                state.recorded = 0
            }
            state.recorded += 1
            return state.recorded <= Self.mostRecorded
        }
        if isRecorded { try? log.record(Self.event(compared, candidate, outcome, time)) }
    }

    /// How often which outcome was seen since a candidate is tried.
    func counts(of digest: String) -> [ComparedDecision.Outcome: Int] {
        state.withLock { $0.digest.utf8.elementsEqual(digest.utf8) ? $0.counts : [:] }
    }

    /// The record. Host and path stand in the decision's own, or do not where they hold a secret.
    private static func event(
        _ compared: ComparedDecision, _ candidate: PolicyCandidate, _ outcome: ComparedDecision.Outcome, _ time: Int64
    ) -> AuditEvent {
        var event = AuditEvent(about: compared.facts, kind: .observation, time: time)
        event.host = nil
        event.path = nil
        event.labels = []
        event.decision = compared.decision.description
        event.revision = String(compared.snapshot.revision)
        event.cause = "policy_\(outcome.rawValue)"
        event.detail =
            "in force: \(compared.verdict.summary); candidate \(candidate.digest.prefix(16)): \(compared.other.summary)"
        return event
    }
}

extension Verdict {
    /// The effect, and why.
    fileprivate var summary: String {
        let codes = ([reason.rawValue] + policyCodes).joined(separator: ", ")
        let terms = obligations.names.isEmpty ? "" : ", \(obligations.names.joined(separator: " and "))"
        return "\(effect.rawValue) (\(codes)\(terms))" + (grant.map { " by grant \($0.name)" } ?? "")
    }
}
