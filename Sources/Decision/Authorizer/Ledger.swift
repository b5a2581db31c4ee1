// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// What has been spent of each grant's budget. Safe from any thread.
///
/// Only grants that have a budget are ever entered, so that the others cost nothing.
public final class Ledger: Sendable {
    private struct Entry {
        var period: Int64
        var usage: GrantUsage
    }

    private let entries = Mutex<[GrantID: Entry]>([:])

    /// Makes an empty ledger.
    public init() {}

    /// What was spent of `grant` in the period that `time` lies in.
    public func usage(of grant: GrantID, per: GrantBudget.Period, at time: Int64) -> GrantUsage {
        entries.withLock { entries in
            guard let entry = entries[grant], entry.period == per.index(of: time) else { return GrantUsage() }
            return entry.usage
        }
    }

    /// Takes one call from the budget, if there is one left.
    ///
    /// - Returns: Whether the call was covered.
    public func takeCall(of grant: GrantID, budget: GrantBudget, at time: Int64) -> Bool {
        entries.withLock { entries in
            var entry = Self.current(entries[grant], budget: budget, at: time)
            if let limit = budget.calls, entry.usage.calls >= limit { return false }
            if let limit = budget.bytes, entry.usage.bytes >= limit { return false }
            entry.usage.calls += 1
            entries[grant] = entry
            return true
        }
    }

    /// Takes bytes from the budget before they are carried, so that connections side by side cannot overdraw it.
    ///
    /// - Parameter wanted: How many would be useful.
    /// - Returns: How many are covered: `wanted`, or what is left.
    public func reserveBytes(_ wanted: Int, of grant: GrantID, budget: GrantBudget, at time: Int64) -> Int {
        guard let limit = budget.bytes else { return wanted }
        return entries.withLock { entries in
            var entry = Self.current(entries[grant], budget: budget, at: time)
            let granted = max(0, min(wanted, limit - min(limit, entry.usage.bytes)))
            entry.usage.bytes += granted
            entries[grant] = entry
            return granted
        }
    }

    /// Gives back bytes that were reserved and not carried, within the same period.
    public func returnBytes(_ count: Int, of grant: GrantID, budget: GrantBudget, at time: Int64) {
        guard count > 0, budget.bytes != nil else { return }
        entries.withLock { entries in
            var entry = Self.current(entries[grant], budget: budget, at: time)
            entry.usage.bytes = max(0, entry.usage.bytes - count)
            entries[grant] = entry
        }
    }

    private static func current(_ entry: Entry?, budget: GrantBudget, at time: Int64) -> Entry {
        let period = budget.per.index(of: time)
        guard let entry, entry.period == period else { return Entry(period: period, usage: GrantUsage()) }
        return entry
    }
}
