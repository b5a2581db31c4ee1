// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Synchronization
import Testing

@testable import Gateway

@Suite("What a gate reserved of budgets") struct OwnReservationsTests {
    /// The demands that a ledger makes for new accounts of some names.
    private static func demands(_ names: [String]) -> [BudgetDemand] {
        let made = Mutex<[BudgetDemand]>([])
        let ledger = Ledger()
        ledger.share(parts: 1) { demand in made.withLock { $0.append(demand) } }
        for name in names {
            let account = BudgetAccount(
                id: GrantID(agent: "bot", name: name), terms: GrantBudget(calls: 10, per: .total))
            ledger.demand(for: [account], at: 0)
        }
        return made.withLock { $0 }
    }

    @Test("is known until its end, and not for ever")
    func ends() throws {
        let demands = Self.demands((0..<20_000).map(String.init))
        try #require(demands.count == 20_000)
        var reservations = OwnReservations()
        let lasting = try #require(Self.demands(["lasting"]).first)
        reservations.note(lasting, own: GrantUsage(calls: 7), ends: nil, at: 0)
        for (time, demand) in demands.enumerated() {
            let now = Int64(time)
            // Each ends a hundred seconds later.
            reservations.note(demand, own: GrantUsage(calls: 3), ends: now + 100, at: now)
            #expect(reservations.own(demand)?.calls == 3)
            #expect(reservations.entries.count <= 1_100)
        }
        #expect(reservations.own(demands[19_950])?.calls == 3)
        #expect(reservations.own(demands[0]) == nil)
        #expect(reservations.own(lasting)?.calls == 7)
    }

    @Test("grows with what is open")
    func open() throws {
        var reservations = OwnReservations()
        let demands = Self.demands((0..<5_000).map(String.init))
        for demand in demands { reservations.note(demand, own: GrantUsage(calls: 1), ends: 1_000, at: 0) }
        #expect(reservations.entries.count == 5_000)
        #expect(demands.allSatisfy { reservations.own($0)?.calls == 1 })
    }
}
