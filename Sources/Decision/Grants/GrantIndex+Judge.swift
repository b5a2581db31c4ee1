// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

extension GrantIndex {
    /// Judges facts by the grants. Pure: no clock, no I/O.
    ///
    /// If several grants allow, the first in configured order is recorded. If none does, the reason is that of the grant
    /// that came nearest: the one whose failing check is last in the order of ``GrantCheck``.
    ///
    /// - Parameters:
    ///   - facts: What the plane knows.
    ///   - usage: What was spent under a grant in the period of its budget that `facts.time` lies in; asked only for
    ///     grants that have a budget.
    public func judge(_ facts: borrowing Facts, usage: (GrantID) -> GrantUsage) -> Verdict {
        guard let proof = facts.identity?.proof, proof != .none else { return .deny(.identityMissing) }
        guard facts.operation.name != .launch else {
            return .deny(.hostNotGranted, detail: "a launch has no destination that a grant could name")
        }
        var allowed = UInt32.max
        var nearest: Nearest?
        forEachCandidate(facts.destination.host) { list, match in
            for number in list {
                if number >= allowed { break }
                if let check = firstFailure(Int(number), facts, match, usage) {
                    let candidate = Nearest(check: check, number: number, match: match)
                    if nearest.map({ candidate.isNearer(than: $0) }) ?? true { nearest = candidate }
                } else {
                    allowed = number
                    break
                }
            }
        }
        if allowed != .max { return allow(Int(allowed), facts) }
        guard let nearest else {
            return .deny(.hostNotGranted, detail: "no grant of \(agent) names \(facts.destination.host)")
        }
        return deny(nearest, facts, usage)
    }

    /// The first check that the grant fails, or `nil` when it allows.
    func firstFailure(
        _ number: Int, _ facts: borrowing Facts, _ match: HostMatch, _ usage: (GrantID) -> GrantUsage
    ) -> GrantCheck? {
        let grant = indexed[number]
        for check in grant.checks where !check.passes(grant, facts, match, { usage(grant.id) }) {
            return check
        }
        return nil
    }

    private func allow(_ number: Int, _ facts: borrowing Facts) -> Verdict {
        var obligations: Obligations = []
        if facts.operation.name == .tunnel {
            if indexed[number].grant.tls == .matchingServerName { obligations.insert(.requireMatchingServerName) }
            if indexed[number].grant.allowsEncryptedClientHello { obligations.insert(.allowEncryptedClientHello) }
        }
        return Verdict(.allow, .granted, grant: indexed[number].id, obligations: obligations)
    }

    private func deny(_ nearest: Nearest, _ facts: borrowing Facts, _ usage: (GrantID) -> GrantUsage) -> Verdict {
        let number = Int(nearest.number)
        let (expected, actual) = nearest.check.terms(indexed[number], facts, nearest.match) {
            usage(indexed[number].id)
        }
        return .deny(
            nearest.check.reason, detail: "\(nearest.check.label): the grant has \(expected), the request \(actual)",
            grant: indexed[number].id)
    }

    private struct Nearest {
        var check: GrantCheck
        var number: UInt32
        var match: HostMatch

        func isNearer(than other: Nearest) -> Bool {
            check.rawValue != other.check.rawValue ? check.rawValue > other.check.rawValue : number < other.number
        }
    }
}
