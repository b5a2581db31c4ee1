// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision

/// What this gate has reserved of each budget since it was started, what it does not know to be written included; kept for as
/// long as it can matter.
struct OwnReservations {
    /// What is known of one account.
    struct Entry {
        let account: BudgetAccount
        let period: Int64
        let own: GrantUsage
        /// After which nobody asks for it, in Unix seconds; `nil` where the budget has no end.
        let ends: Int64?
    }

    private(set) var entries: [GrantID: Entry] = [:]
    /// How many entries have what is over looked for.
    private var most = leastSearched

    private static let leastSearched = 1_024

    /// What was reserved in the period of a demand; `nil` where nothing is known of it.
    func own(_ demand: BudgetDemand) -> GrantUsage? {
        guard let entry = entries[demand.account.id], entry.period == demand.period else { return nil }
        return entry.own
    }

    /// Takes note of what is reserved in the period of a demand.
    ///
    /// - Parameter time: Now, in Unix seconds.
    mutating func note(_ demand: BudgetDemand, own: GrantUsage, ends: Int64?, at time: Int64) {
        if entries.count >= most {
            entries = entries.filter { $0.value.ends.map { $0 > time } ?? true }
            most = max(Self.leastSearched, entries.count &* 2)
        }
        entries[demand.account.id] = Entry(account: demand.account, period: demand.period, own: own, ends: ends)
    }
}
