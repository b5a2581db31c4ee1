// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Synchronization

/// Counts what a ledger asks for.
final class Asked: Sendable {
    private let demands = Mutex<[BudgetDemand]>([])

    /// How often it asked.
    var count: Int { demands.withLock { $0.count } }

    /// Notes a demand.
    func note(_ demand: BudgetDemand) { demands.withLock { $0.append(demand) } }
}
