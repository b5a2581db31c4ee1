// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension GrantIndex {
    /// Adds what the grants say about what is found in a call.
    ///
    /// A grant that names the call makes things stricter, also when it does not cover it, as because it is over: else the
    /// wider of two grants would be a way around the narrower. To make them milder it has to cover the call.
    ///
    /// - Parameter task: What the call belongs to; a grant that it does not take makes nothing milder.
    func addLeakTerms(
        to rules: inout LeakRules, _ facts: borrowing Facts, within task: AgentTask?, usage: (GrantID) -> GrantUsage
    ) {
        guard hasLeakTerms else { return }
        for (number, match) in candidates(for: facts.destination.host) {
            let indexed = indexed[Int(number)]
            guard let terms = indexed.grant.leaks, names(indexed, facts, match) else { continue }
            let isTaken =
                task.map { task in
                    task.part(of: indexed.grant.name).map { $0.exclusion(of: facts) == nil } ?? false
                } ?? true
            rules.add(terms, isCovered: isTaken && firstFailure(Int(number), facts, match, usage) == nil)
        }
    }
}

extension Snapshot {
    /// What the grants say about what is found in a call and in its answer: those of the agent, or, within a task, those of
    /// every agent that it was handed on by.
    func leakRules(_ facts: borrowing Facts, usage: (GrantID) -> GrantUsage) -> LeakRules {
        var rules = LeakRules()
        guard let identity = facts.identity else { return rules }
        guard let links = facts.task.flatMap({ TaskID($0.id) }).flatMap({ tasks.links(of: $0) }) else {
            grants[identity.id]?.addLeakTerms(to: &rules, facts, within: nil, usage: usage)
            return rules
        }
        for link in links { grants[link.agent]?.addLeakTerms(to: &rules, facts, within: link, usage: usage) }
        return rules
    }
}

extension Authorizer {
    /// What the grants say about what is found in a call and in its answer.
    public func leakRules(for facts: borrowing Facts) -> LeakRules {
        let snapshot = snapshot
        let time = facts.time
        let index = facts.identity.flatMap { snapshot.grants[$0.id] }
        return snapshot.leakRules(facts) { usage(of: $0, index, at: time) }
    }
}
