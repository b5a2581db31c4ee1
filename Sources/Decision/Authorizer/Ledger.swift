// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// What has been spent of each grant's budget. Safe from any thread.
///
/// Only grants that have a budget are ever entered, so that the others cost nothing.
public final class Ledger: Sendable {
    struct Entry {
        var period: Int64
        var usage: GrantUsage
        /// What this gate may spend, where several gates spend from one budget.
        var share = GrantUsage()
        /// Whether the others have taken everything else.
        var isLast = false
        /// Whether more was asked for and has not come.
        var isAsked = false
    }

    let entries = Mutex<[GrantID: Entry]>([:])
    /// Where several gates spend from each budget: told that a share runs out.
    let sharing = Mutex<Sharing?>(nil)
    let isShared = Atomic<Bool>(false)

    /// Makes an empty ledger.
    public init() {}

    /// What was spent of `grant` in the period that `time` lies in.
    public func usage(of grant: GrantID, per: GrantBudget.Period, at time: Int64) -> GrantUsage {
        entries.withLock { entries in
            guard let entry = entries[grant], entry.period == per.index(of: time) else { return GrantUsage() }
            return entry.usage
        }
    }

    /// Takes one call from every account, or from none when one has nothing left.
    ///
    /// - Returns: The account that is spent, or `nil` when the call is covered.
    public func takeCall(from accounts: [BudgetAccount], at time: Int64) -> BudgetShortage? {
        guard !accounts.isEmpty else { return nil }
        defer { demand(for: accounts, at: time) }
        return entries.withLock { entries in
            for account in accounts {
                let entry = Self.current(entries[account.id], budget: account.terms, at: time)
                if !entry.usage.hasRoom(in: limits(of: account, entry)) {
                    return BudgetShortage(
                        account: account, isPending: account.hasRoom(after: entry.usage) && !entry.isLast)
                }
            }
            for account in accounts {
                var entry = Self.current(entries[account.id], budget: account.terms, at: time)
                entry.usage.calls += 1
                entries[account.id] = entry
            }
            return nil
        }
    }

    /// Gives back a call that was taken and is not made after all, within the same period.
    public func returnCall(to accounts: [BudgetAccount], at time: Int64) {
        guard !accounts.isEmpty else { return }
        entries.withLock { entries in
            for account in accounts {
                var entry = Self.current(entries[account.id], budget: account.terms, at: time)
                entry.usage.calls = max(0, entry.usage.calls &- 1)
                entries[account.id] = entry
            }
        }
    }

    /// Takes bytes from every account before they are carried, so that connections side by side cannot overdraw one.
    ///
    /// - Parameter wanted: How many would be useful.
    /// - Returns: How many are covered: `wanted`, or what the account with the least has left.
    public func reserveBytes(_ wanted: Int, from accounts: [BudgetAccount], at time: Int64) -> Int {
        defer { demand(for: accounts, at: time) }
        return entries.withLock { entries in
            var granted = wanted
            for account in accounts {
                let entry = Self.current(entries[account.id], budget: account.terms, at: time)
                guard let limit = limits(of: account, entry).bytes else { continue }
                granted = max(0, min(granted, limit - min(limit, entry.usage.bytes)))
            }
            for account in accounts where account.terms.bytes != nil {
                var entry = Self.current(entries[account.id], budget: account.terms, at: time)
                entry.usage.bytes += granted
                entries[account.id] = entry
            }
            return granted
        }
    }

    /// Gives back bytes that were reserved and not carried, within the same period.
    public func returnBytes(_ count: Int, to accounts: [BudgetAccount], at time: Int64) {
        guard count > 0 else { return }
        entries.withLock { entries in
            for account in accounts where account.terms.bytes != nil {
                var entry = Self.current(entries[account.id], budget: account.terms, at: time)
                entry.usage.bytes = max(0, entry.usage.bytes - count)
                entries[account.id] = entry
            }
        }
    }

    /// Takes what a model takes from every account as far as all of them have some left, before more of an answer is
    /// passed on.
    ///
    /// - Returns: What is covered: `wanted`, or what the account with the least has left.
    public func reserve(_ wanted: ModelSpending, from accounts: [BudgetAccount], at time: Int64) -> ModelSpending {
        defer { demand(for: accounts, at: time) }
        return entries.withLock { entries in
            var granted = ModelSpending(tokens: max(wanted.tokens, 0), cost: max(wanted.cost, .zero))
            for account in accounts {
                let entry = Self.current(entries[account.id], budget: account.terms, at: time)
                let (usage, terms) = (entry.usage, limits(of: account, entry))
                if let limit = terms.tokens {
                    granted.tokens = max(0, min(granted.tokens, limit &- min(limit, usage.tokens)))
                }
                if let limit = terms.cost {
                    granted.cost = max(.zero, min(granted.cost, limit - min(limit, usage.cost)))
                }
            }
            Self.add(granted, to: accounts, in: &entries, at: time)
            return granted
        }
    }

    /// Settles what was reserved with what was spent in truth, more or less; what is spent already is spent.
    public func settle(_ difference: ModelSpending, in accounts: [BudgetAccount], at time: Int64) {
        guard difference != ModelSpending() else { return }
        entries.withLock { Self.add(difference, to: accounts, in: &$0, at: time) }
        demand(for: accounts, at: time)
    }

    private static func add(
        _ spending: ModelSpending, to accounts: [BudgetAccount], in entries: inout [GrantID: Entry], at time: Int64
    ) {
        for account in accounts where account.terms.tokens != nil || account.terms.cost != nil {
            var entry = current(entries[account.id], budget: account.terms, at: time)
            let (sum, isOver) = entry.usage.tokens.addingReportingOverflow(spending.tokens)
            entry.usage.tokens = isOver ? .max : max(0, sum)
            entry.usage.cost = max(.zero, entry.usage.cost + spending.cost)
            entries[account.id] = entry
        }
    }

    /// What was spent within a task in all.
    public func usage(of task: AgentTask) -> [String: GrantUsage] {
        entries.withLock { entries in
            var usage: [String: GrantUsage] = [:]
            for name in [""] + task.grants.map(\.name) {
                usage[name] = entries[task.account(of: name)]?.usage
            }
            return usage
        }
    }

    /// Takes over what was spent within a task before a restart; the empty name is the task itself.
    public func restore(_ usage: [String: GrantUsage], of task: AgentTask) {
        entries.withLock { entries in
            for (name, usage) in usage { entries[task.account(of: name)] = Entry(period: 0, usage: usage) }
        }
    }

    /// Forgets what was spent within tasks.
    public func forget(_ tasks: [TaskID]) {
        guard !tasks.isEmpty else { return }
        let names = Set(tasks.map { GrantID(task: $0, name: "").agent })
        entries.withLock { entries in entries = entries.filter { !names.contains($0.key.agent) } }
    }

    static func current(_ entry: Entry?, budget: GrantBudget, at time: Int64) -> Entry {
        let period = budget.per.index(of: time)
        guard let entry, entry.period == period else { return Entry(period: period, usage: GrantUsage()) }
        return entry
    }
}
