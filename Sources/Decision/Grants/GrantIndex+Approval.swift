// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

extension GrantIndex {
    /// Why a person has to agree to what facts tell of; `nil` when no grant says so.
    ///
    /// Every grant that names the destination and the operation counts, also one that does not cover the call for another
    /// reason, such as a spent budget, and one that the task leaves out: else the wider of two grants, or a task that
    /// takes only that one, would be a way around the narrower.
    func demand(_ facts: borrowing Facts, _ task: AgentTask?) -> String? {
        let asks = task?.grants.contains(where: \.needsApproval) ?? false
        guard hasApprovals || asks, facts.operation.name != .session else { return nil }
        for (number, match) in candidates(for: facts.destination.host) {
            let indexed = indexed[Int(number)]
            let part = asks ? task?.part(of: indexed.grant.name) : nil
            let isAsked = indexed.grant.needsApproval || part?.needsApproval ?? false
            guard isAsked, names(indexed, facts, match) else { continue }
            if indexed.grant.needsApproval { return "the grant \(indexed.id) asks for a person's consent" }
            if let part, let task, part.exclusion(of: facts) == nil {
                return "task \(task.id) asks for a person's consent under the grant \(part.name)"
            }
        }
        return nil
    }

    /// What grants demand of a run of generated code; of all that name it, for the reason that ``demand(_:_:)`` gives.
    func sandboxTerms(_ facts: borrowing Facts) -> [SandboxTerms] {
        guard hasSandboxTerms, facts.operation.name == .toolCall else { return [] }
        var terms: [SandboxTerms] = []
        for (number, match) in candidates(for: facts.destination.host) {
            let indexed = indexed[Int(number)]
            guard let own = indexed.grant.sandbox, names(indexed, facts, match), !terms.contains(own) else { continue }
            terms.append(own)
        }
        return terms
    }

    /// Whether a grant is about the very operation at the very place, whoever asks and when.
    func names(_ indexed: IndexedGrant, _ facts: borrowing Facts, _ match: HostMatch) -> Bool {
        for check in indexed.checks where check == .port || check == .scheme || check.isAboutOperations {
            guard check.passes(indexed, facts, match, { GrantUsage() }) else { return false }
        }
        return true
    }
}
