// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Something that is spent, with its limits: a grant's budget, a task's, or that of a grant within a task.
public struct BudgetAccount: Sendable, Hashable {
    /// The name under which spending is counted.
    public let id: GrantID
    /// The limits.
    public let terms: GrantBudget

    /// Names an account.
    public init(id: GrantID, terms: GrantBudget) {
        self.id = id
        self.terms = terms
    }

    /// Whether something is left for another call.
    func hasRoom(after usage: GrantUsage) -> Bool {
        usage.hasRoom(in: terms)
    }
}

extension Snapshot {
    /// What the grants say of facts: those of the agent, or, within a task, those that the task takes and no others.
    ///
    /// - Parameter usage: What was spent; asked only where there is a limit.
    func granted(_ facts: borrowing Facts, usage: (GrantID) -> GrantUsage) -> Verdict {
        guard let identity = facts.identity, let index = grants[identity.id] else { return .deny(.identityUnknown) }
        guard let task = facts.task else { return index.judge(facts, usage: usage) }
        let links: [AgentTask]
        switch standing(of: task, for: identity.id, at: facts.time) {
        case .success(let open): links = open
        case .failure(let refusal): return refusal.verdict
        }
        for link in links {
            if let budget = link.budget,
                !BudgetAccount(id: link.account, terms: budget).hasRoom(after: usage(link.account))
            {
                return .deny(.budgetExhausted, detail: "task \(link.id): the budget of \(budget) is spent")
            }
        }
        // Every link is judged, each by the grants of its own agent: what one does not cover, none below it does.
        var verdict: Verdict?
        for link in links {
            guard let index = grants[link.agent] else {
                return .deny(.identityUnknown, detail: "task \(link.id): \(link.agent) is not configured any more")
            }
            let judged = index.judge(facts, within: link, usage: usage)
            guard judged.effect == .allow else { return judged }
            if verdict == nil {
                verdict = judged
            } else {
                verdict?.sandbox += judged.sandbox
            }
            if verdict?.demand == nil { verdict?.demand = judged.demand }
        }
        return verdict ?? .deny(.taskUnknown)
    }

    /// The open task and those above it, or the refusal.
    func standing(
        of task: TaskFacts, for agent: SPIFFEID, at time: Int64
    ) -> Result<[AgentTask], TaskRefusal> {
        guard let id = TaskID(task.id) else { return .failure(TaskRefusal(verdict: .deny(.taskUnknown))) }
        switch tasks.state(of: id, at: time) {
        case .open(let links):
            guard links.first?.agent == agent else {
                return .failure(TaskRefusal(verdict: .deny(.taskOfAnother, detail: "\(id) is another agent's")))
            }
            return .success(links)
        case .stopped(let stop): return .failure(TaskRefusal(verdict: .deny(.taskStopped, detail: stop.why)))
        case .expired: return .failure(TaskRefusal(verdict: .deny(.taskExpired, detail: "\(id) is over")))
        case .unknown: return .failure(TaskRefusal(verdict: .deny(.taskUnknown, detail: "there is no \(id)")))
        }
    }

    /// Whatever a call under a grant spends from.
    func accounts(of grant: GrantID, _ facts: borrowing Facts) -> [BudgetAccount] {
        guard let id = facts.identity?.id else { return [] }
        var accounts: [BudgetAccount] = []
        if let terms = grants[id]?.budget(of: grant.name) { accounts.append(BudgetAccount(id: grant, terms: terms)) }
        guard let task = facts.task.flatMap({ TaskID($0.id) }), let links = tasks.links(of: task) else {
            return accounts
        }
        for (position, link) in links.enumerated() {
            if let terms = link.budget { accounts.append(BudgetAccount(id: link.account, terms: terms)) }
            guard link.grants.contains(where: { $0.budget != nil }) else { continue }
            let name =
                position == 0
                ? grant.name : grants[link.agent]?.judge(facts, within: link, usage: { _ in GrantUsage() }).grant?.name
            guard let name, let terms = link.part(of: name)?.budget else { continue }
            accounts.append(BudgetAccount(id: link.account(of: name), terms: terms))
        }
        return accounts
    }
}

/// Why a task covers nothing.
struct TaskRefusal: Error {
    let verdict: Verdict
}
