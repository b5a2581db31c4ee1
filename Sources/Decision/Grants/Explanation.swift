// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// Why a decision came out as it did, step by step.
public struct Explanation: Sendable, Hashable {
    /// The verdict, the same that ``GrantIndex/judge(_:usage:)`` gives.
    public var verdict: Verdict
    /// The checks that were made, in order.
    public var steps: [Step]
    /// How many grants name the host beyond those that ``steps`` shows.
    public var omittedGrants: Int
    /// The smallest grant that would have allowed, as configuration text; `nil` for an allow.
    public var missingGrant: String?

    /// One check of one grant.
    public struct Step: Sendable, Hashable {
        /// The grant's name, or `nil` for a step that concerns all of them.
        public var grant: String?
        /// What was checked, for example `host`, `port` or `require.strength`.
        public var check: String
        /// Whether it held.
        public var passed: Bool
        /// What the grant has.
        public var expected: String
        /// What the request is or has.
        public var actual: String
    }

    /// The steps as lines for a person.
    public var lines: [String] {
        steps.map { step in
            let sign = step.passed ? "ok  " : "no  "
            guard let grant = step.grant else {
                return "\(sign)\(step.check): the request \(step.actual), \(step.expected)"
            }
            return "\(sign)\(grant): \(step.check): the grant has \(step.expected), the request \(step.actual)"
        }
    }
}

extension GrantIndex {
    /// The most grants that an explanation goes through.
    public static let maximumExplainedGrants = 50

    /// Judges the facts again and says what was checked on the way.
    ///
    /// - Parameters:
    ///   - facts: The facts of the decision.
    ///   - usage: As for ``judge(_:usage:)``.
    public func explain(_ facts: Facts, usage: (GrantID) -> GrantUsage) -> Explanation {
        let verdict = judge(facts, usage: usage)
        let candidates = candidates(for: facts.destination.host)
        var steps: [Explanation.Step] = []
        if candidates.isEmpty { steps.append(hostStep(facts)) }
        var shown = 0
        for candidate in candidates {
            guard shown < Self.maximumExplainedGrants else { break }
            shown += 1
            if explain(candidate.number, facts, candidate.match, usage, into: &steps) { break }
        }
        let isAllowed = verdict.effect == .allow
        return Explanation(
            verdict: verdict, steps: steps, omittedGrants: isAllowed ? 0 : candidates.count - shown,
            missingGrant: isAllowed ? nil : Self.missingGrant(for: facts))
    }

    /// Adds the checks of one grant up to the first that fails.
    ///
    /// - Returns: Whether all of them passed.
    private func explain(
        _ number: UInt32, _ facts: Facts, _ match: HostMatch, _ usage: (GrantID) -> GrantUsage,
        into steps: inout [Explanation.Step]
    ) -> Bool {
        let indexed = indexed[Int(number)]
        let grant = indexed.grant
        let host = facts.destination.host
        let pattern = grant.hosts.first { $0.matches(host) }
        steps.append(
            .init(
                grant: grant.name, check: "host", passed: true, expected: "\(pattern.map(\.description) ?? "the host")",
                actual: "names \(host)"))
        for check in GrantCheck.allCases {
            let passed = check.passes(indexed, facts, match) { usage(indexed.id) }
            let (expected, actual) = check.terms(indexed, facts, match) { usage(indexed.id) }
            steps.append(
                .init(grant: grant.name, check: check.label, passed: passed, expected: expected, actual: actual))
            if !passed { return false }
        }
        return true
    }

    /// The step for a host that no grant names, with the patterns that look as if they should.
    private func hostStep(_ facts: Facts) -> Explanation.Step {
        let host = facts.destination.host
        var expected = "none of \(indexed.count) grants of \(agent) with \(patternCount) host patterns names it"
        if case .name(let name) = host {
            if let number = names.wildcards(over: name.description).first {
                let grant = indexed[Int(number)].grant.name
                expected += "; \(grant) has *.\(name), which covers the names below and not \(name) itself"
            } else if let parent = name.parent, let number = exactGrant(of: parent.description) {
                expected += "; \(indexed[number].grant.name) has \(parent), which does not cover the names below"
            }
        }
        return .init(grant: nil, check: "host", passed: false, expected: expected, actual: "names \(host)")
    }

    private func exactGrant(of name: String) -> Int? {
        let bytes = name.utf8.span
        var cursor = HostTable.Cursor(bytes)
        while let hit = names.next(&cursor, in: bytes) {
            if hit.prefixLength == 0 { return Int(names.postings[hit.postings.lowerBound]) }
        }
        return nil
    }
}
