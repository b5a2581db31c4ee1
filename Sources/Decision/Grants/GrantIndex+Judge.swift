// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
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
        judge(facts, within: nil, usage: usage)
    }

    /// Judges facts by those grants that a task takes, and by what it leaves out of them.
    func judge(_ facts: borrowing Facts, within task: AgentTask?, usage: (GrantID) -> GrantUsage) -> Verdict {
        guard let proof = facts.identity?.proof, proof != .none else { return .deny(.identityMissing) }
        guard facts.operation.name != .launch else {
            return .deny(.hostNotGranted, detail: "a launch has no destination that a grant could name")
        }
        var search = Search()
        switch facts.destination.host {
        case .name(let name):
            let bytes = name.description.utf8.span
            var cursor = HostTable.Cursor(bytes)
            while let hit = names.next(&cursor, in: bytes) {
                let match = HostMatch(wildcardPrefixLength: hit.prefixLength, isExact: hit.prefixLength == 0)
                for position in hit.postings {
                    if consider(names.postings[position], match, facts, task, usage, &search) { break }
                }
            }
        case .address(let address):
            let table = blocks(for: address)
            for length in 0..<table.lengthCount {
                let match = HostMatch(isExact: table.isSingle(length, address))
                for number in table.grants(length, holding: BlockTable.Key.number(address)) {
                    if consider(number, match, facts, task, usage, &search) { break }
                }
            }
        }
        for number in unlimited {
            if consider(number, HostMatch(), facts, task, usage, &search) { break }
        }
        if search.allowed != .max {
            var verdict = allow(Int(search.allowed), facts)
            verdict.isDestinationNamed = search.isExact
            verdict.demand = demand(facts, task)
            verdict.sandbox = sandboxTerms(facts)
            return verdict
        }
        if let task, let exclusion = search.exclusion { return deny(exclusion, task) }
        guard let nearest = search.nearest else {
            if let task {
                return .deny(.taskNotGranted, detail: "no grant of task \(task.id) names \(facts.destination.host)")
            }
            return .deny(.hostNotGranted, detail: "no grant of \(agent) names \(facts.destination.host)")
        }
        return deny(nearest, facts, usage)
    }

    /// The best that was found so far.
    private struct Search {
        /// The first grant that allows, or the largest number.
        var allowed = UInt32.max
        /// Whether one that allows names exactly this host.
        var isExact = false
        var nearest: Nearest?
        /// The first grant that would allow, but for what the task leaves out of it.
        var exclusion: (number: UInt32, limit: TaskGrant.Limit)?
    }

    /// Judges one grant that names the host.
    ///
    /// - Returns: Whether the rest of an ascending list can be left out.
    private func consider(
        _ number: UInt32, _ match: HostMatch, _ facts: borrowing Facts, _ task: AgentTask?,
        _ usage: (GrantID) -> GrantUsage, _ search: inout Search
    ) -> Bool {
        // A later grant can still be the one that names the host.
        if number >= search.allowed, search.isExact || !match.isExact { return true }
        let part = task?.part(of: indexed[Int(number)].grant.name)
        guard task == nil || part != nil else { return false }
        guard let check = firstFailure(Int(number), facts, match, usage) else {
            if let task, let part, let limit = exclusion(of: facts, from: part, of: task, usage) {
                if search.exclusion.map({ number < $0.number }) ?? true { search.exclusion = (number, limit) }
                return false
            }
            search.allowed = min(search.allowed, number)
            search.isExact = search.isExact || match.isExact
            return true
        }
        let candidate = Nearest(check: check, number: number, match: match)
        if search.nearest.map({ candidate.isNearer(than: $0) }) ?? true { search.nearest = candidate }
        return false
    }

    /// The numbers of all grants that name the host, in configured order, each with how it does.
    func candidates(for host: Host) -> [(number: UInt32, match: HostMatch)] {
        var found: [(number: UInt32, match: HostMatch)] = []
        switch host {
        case .name(let name):
            let bytes = name.description.utf8.span
            var cursor = HostTable.Cursor(bytes)
            while let hit = names.next(&cursor, in: bytes) {
                let match = HostMatch(wildcardPrefixLength: hit.prefixLength, isExact: hit.prefixLength == 0)
                found += names.postings[hit.postings].map { ($0, match) }
            }
        case .address(let address):
            let table = blocks(for: address)
            for length in 0..<table.lengthCount {
                found += table.grants(length, holding: BlockTable.Key.number(address)).map { ($0, HostMatch()) }
            }
        }
        found += unlimited.map { ($0, HostMatch()) }
        return found.sorted { ($0.number, $0.match.wildcardPrefixLength) < ($1.number, $1.match.wildcardPrefixLength) }
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

    private func exclusion(
        of facts: borrowing Facts, from part: TaskGrant, of task: AgentTask, _ usage: (GrantID) -> GrantUsage
    ) -> TaskGrant.Limit? {
        if let limit = part.exclusion(of: facts) { return limit }
        guard let budget = part.budget else { return nil }
        let account = task.account(of: part.name)
        let spent = usage(account)
        return BudgetAccount(id: account, terms: budget).hasRoom(after: spent)
            ? nil : spent.calls >= budget.calls ?? .max ? .calls : .bytes
    }

    private func deny(_ exclusion: (number: UInt32, limit: TaskGrant.Limit), _ task: AgentTask) -> Verdict {
        let id = indexed[Int(exclusion.number)].id
        let isSpent = exclusion.limit == .calls || exclusion.limit == .bytes
        return .deny(
            isSpent ? .budgetExhausted : .taskNotGranted,
            detail: "task \(task.id) has less of the \(exclusion.limit.rawValue) of \(id) than the request needs",
            grant: id)
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

extension GrantIndex {
    /// The table of the address's family.
    fileprivate func blocks(for address: IPAddress) -> BlockTable {
        switch address {
        case .v4: addresses4
        case .v6: addresses6
        }
    }
}
