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

    /// Adds bytes that were carried under a grant.
    ///
    /// - Returns: Whether the budget still covers more.
    public func addBytes(_ count: Int, of grant: GrantID, budget: GrantBudget, at time: Int64) -> Bool {
        entries.withLock { entries in
            var entry = Self.current(entries[grant], budget: budget, at: time)
            entry.usage.bytes = entry.usage.bytes.addingReportingOverflow(count).partialValue
            entries[grant] = entry
            guard let limit = budget.bytes else { return true }
            return entry.usage.bytes >= 0 && entry.usage.bytes < limit
        }
    }

    private static func current(_ entry: Entry?, budget: GrantBudget, at time: Int64) -> Entry {
        let period = budget.per.index(of: time)
        guard let entry, entry.period == period else { return Entry(period: period, usage: GrantUsage()) }
        return entry
    }
}
