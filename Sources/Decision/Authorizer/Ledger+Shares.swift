// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// An account that has nothing left for a call.
public struct BudgetShortage: Sendable, Hashable {
    /// The account.
    public let account: BudgetAccount
    /// Whether only this gate's share is spent, and there may be more.
    public let isPending: Bool
}

/// A share of a budget that runs out.
public struct BudgetDemand: Sendable, Hashable {
    /// The account.
    public let account: BudgetAccount
    /// The number of the period that is spent in.
    public let period: Int64
    /// What this gate has spent in it.
    public let usage: GrantUsage
    /// What this gate may spend in it.
    public let share: GrantUsage
}

/// Where several gates spend from one budget, each spends only what it has reserved for itself before.
extension Ledger {
    /// How shares are had.
    struct Sharing: Sendable {
        let parts: Int
        let demand: @Sendable (BudgetDemand) -> Void
    }

    /// From now on, nothing is spent but shares.
    ///
    /// - Parameters:
    ///   - parts: Into how many blocks a budget is divided.
    ///   - demand: Told when half of a block is spent, on the thread that spends; once until an answer comes.
    public func share(parts: Int, _ demand: @escaping @Sendable (BudgetDemand) -> Void) {
        sharing.withLock { $0 = Sharing(parts: max(parts, 1), demand: demand) }
        isShared.store(true, ordering: .releasing)
    }

    /// Takes over what may be spent in a period.
    ///
    /// - Parameters:
    ///   - share: All that this gate has reserved in it.
    ///   - spent: What of it counts as spent at least; a gate that was started anew does not know better.
    ///   - isLast: Whether there is nothing more to reserve.
    public func take(
        share: GrantUsage, spent: GrantUsage = GrantUsage(), of account: BudgetAccount, period: Int64, isLast: Bool
    ) {
        entries.withLock { entries in
            var entry = entries[account.id] ?? Entry(period: period, usage: GrantUsage())
            // The answer may be about a period that is over.
            guard entry.period <= period else { return }
            if entry.period < period { entry = Entry(period: period, usage: GrantUsage()) }
            entry.share = share
            entry.usage = entry.usage.most(spent)
            entry.isLast = isLast
            entry.isAsked = false
            entries[account.id] = entry
        }
    }

    /// Lets a share be asked for again, after nobody answered or there was nothing left.
    public func askAgain(for account: BudgetAccount) {
        entries.withLock { entries in
            entries[account.id]?.isAsked = false
            entries[account.id]?.isLast = false
        }
    }

    /// Ends the spending of a share.
    ///
    /// - Returns: What was spent of it.
    public func close(_ account: GrantID, per: GrantBudget.Period, at time: Int64) -> GrantUsage {
        entries.withLock { entries in
            guard let entry = entries[account], entry.period == per.index(of: time) else { return GrantUsage() }
            entries[account]?.share = GrantUsage()
            entries[account]?.isAsked = true
            return entry.usage
        }
    }

    /// Asks for what runs out.
    public func demand(for accounts: [BudgetAccount], at time: Int64) {
        guard isShared.load(ordering: .acquiring), let sharing = sharing.withLock({ $0 }) else { return }
        for account in accounts {
            let period = account.terms.per.index(of: time)
            let demand = entries.withLock { entries -> BudgetDemand? in
                var entry = Self.current(entries[account.id], budget: account.terms, at: time)
                guard !entry.isAsked, !entry.isLast,
                    entry.usage.isHalf(of: entry.share, account.terms, parts: sharing.parts)
                else { return nil }
                entry.isAsked = true
                entries[account.id] = entry
                return BudgetDemand(account: account, period: period, usage: entry.usage, share: entry.share)
            }
            if let demand { sharing.demand(demand) }
        }
    }

    /// What may be spent of an account here.
    func limits(of account: BudgetAccount, _ entry: Entry) -> GrantBudget {
        guard isShared.load(ordering: .acquiring) else { return account.terms }
        var limits = account.terms
        limits.calls = limits.calls.map { min($0, entry.share.calls) }
        limits.bytes = limits.bytes.map { min($0, entry.share.bytes) }
        limits.tokens = limits.tokens.map { min($0, entry.share.tokens) }
        limits.cost = limits.cost.map { min($0, entry.share.cost) }
        return limits
    }
}

extension GrantUsage {
    /// What is more of either.
    public func most(_ other: GrantUsage) -> GrantUsage {
        GrantUsage(
            calls: max(calls, other.calls), bytes: max(bytes, other.bytes), tokens: max(tokens, other.tokens),
            cost: max(cost, other.cost))
    }

    /// Whether half of the last part of a share is spent, of anything that is limited.
    func isHalf(of share: GrantUsage, _ terms: GrantBudget, parts: Int) -> Bool {
        func isLow(_ used: Int, _ share: Int, _ limit: Int?) -> Bool {
            guard let limit, share < limit else { return false }
            return used >= share || (share - used) <= max(1, limit / parts) / 2
        }
        return isLow(calls, share.calls, terms.calls) || isLow(bytes, share.bytes, terms.bytes)
            || isLow(tokens, share.tokens, terms.tokens)
            || isLow(cost.picos, share.cost.picos, terms.cost?.picos)
    }
}
