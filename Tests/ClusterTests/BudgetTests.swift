// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Cluster
import Decision
import Identity
import Testing

@Suite("Budgets that several gates spend")
struct BudgetTests {
    @Test("whatever is asked for in whatever order, no more is reserved than there is")
    func neverMore() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let terms = GrantBudget(
                calls: .random(in: 1...200), bytes: .random(in: 1...100_000), tokens: .random(in: 1...5_000),
                cost: Money(picos: .random(in: 1...1_000_000_000)))
            var budget = SharedBudget()
            var spent: [String: GrantUsage] = [:]
            var own: [String: GrantUsage] = [:]
            for _ in 0..<100 {
                let gate = ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a"
                let usage = spent[gate] ?? GrantUsage()
                let share = budget.reserve(
                    for: gate, of: terms, usage: usage, own: own[gate] ?? GrantUsage(), parts: .random(in: 1...30))
                own[gate] = share.share
                #expect(share.now.calls >= share.before.calls && share.now.bytes >= share.before.bytes)
                // It spends a part of what it has.
                spent[gate] = GrantUsage(
                    calls: .random(in: usage.calls...max(usage.calls, share.now.calls)),
                    bytes: .random(in: usage.bytes...max(usage.bytes, share.now.bytes)))
                guard Int.random(in: 0..<10) == 0 else { continue }
                // It stops, and is started anew.
                _ = budget.settle(gate, usage: spent[gate] ?? GrantUsage())
                own[gate] = nil
            }
            let total = budget.gates.values
            #expect(total.reduce(0) { $0 + $1.calls } <= terms.calls ?? 0)
            #expect(total.reduce(0) { $0 + $1.bytes } <= terms.bytes ?? 0)
            #expect(total.reduce(0) { $0 + $1.tokens } <= terms.tokens ?? 0)
            #expect(total.reduce(0) { $0 + $1.cost.picos } <= terms.cost?.picos ?? 0)
        }
    }

    @Test("what is given back can be had by another")
    func giveBack() throws {
        let terms = GrantBudget(calls: 10)
        var budget = SharedBudget()
        func reserve(_ gate: String) -> SharedBudget.Reservation {
            budget.reserve(for: gate, of: terms, usage: GrantUsage(), own: GrantUsage(), parts: 1)
        }
        _ = reserve("a")
        let reserved = reserve("b")
        #expect(reserved.before == reserved.now)
        let isChanged = budget.settle("a", usage: GrantUsage(calls: 3))
        #expect(isChanged)
        #expect(reserve("b").now.calls == 7)
        #expect(try SharedBudget(budget.value) == budget)
    }

    @Test(
        "corrupt values are refused",
        arguments: [
            #"{"version":1}"#, #"{"version":1,"gates":[]}"#, #"{"version":1,"gates":{"a":[1,2,3]}}"#,
            #"{"version":1,"gates":{"a":[1,2,3,-4]}}"#, #"{"version":1,"gates":{"a":[1,2,3,4.5]}}"#,
            #"{"version":1,"gates":{"a":[1,2,3,99999999999999999999]}}"#, #"{"version":2,"gates":{}}"#,
        ])
    func corrupt(_ text: String) {
        #expect(throws: EntryFault.self) { try SharedBudget(Array(text.utf8)) }
    }

    @Test("numbers at the edge do not overflow")
    func edges() throws {
        let value = #"{"version":1,"gates":{"a":[\#(Int.max),0,0,0],"b":[\#(Int.max),0,0,0]}}"#
        var budget = try SharedBudget(Array(value.utf8))
        let terms = GrantBudget(calls: Int.max)
        let reserved = budget.reserve(
            for: "c", of: terms, usage: GrantUsage(calls: Int.max), own: GrantUsage(), parts: 1)
        #expect(reserved.before == reserved.now)
        for gate in ["a", "b"] {
            let again = budget.reserve(for: gate, of: terms, usage: GrantUsage(calls: 3), own: GrantUsage(), parts: 1)
            // What stands there of an earlier run counts as spent.
            #expect(again.spent.calls == Int.max && again.share.calls == Int.max)
        }
    }

    @Test("whatever stands in the name of a gate, it spends what it reserved itself, and no more than the budget")
    func intruder() throws {
        let terms = GrantBudget(calls: 100)
        func budget(_ gates: String) throws -> SharedBudget {
            try SharedBudget(Array(#"{"version":1,"gates":{\#(gates)}}"#.utf8))
        }
        func reserve(_ gates: String, spent: Int, own: Int) throws -> SharedBudget.Reservation {
            var budget = try budget(gates)
            return budget.reserve(
                for: "a", of: terms, usage: GrantUsage(calls: spent), own: GrantUsage(calls: own), parts: 5)
        }
        // Somebody writes a larger part than the gate has reserved: it is no part of the share.
        let large = try reserve(#""a":[60,0,0,0]"#, spent: 20, own: 20)
        #expect(large.share.calls == 40 && large.now.calls == 80)
        let all = try reserve(#""a":[\#(Int.max),0,0,0]"#, spent: 20, own: 20)
        #expect(all.share.calls == 20 && all.now == all.before)
        // Somebody takes it away, or makes it smaller: it goes back.
        for gates in ["", #""a":[3,0,0,0]"#] {
            let small = try reserve(gates, spent: 20, own: 20)
            #expect(small.share.calls == 40 && small.now.calls == 40)
        }
        // Where the others' parts are taken away each time, a gate still has the budget at most.
        var (own, spent) = (0, 0)
        for _ in 0..<50 {
            own = try reserve("", spent: spent, own: own).share.calls
            spent = own
        }
        #expect(own == 100)
        // What is put back on top of what others reserved meanwhile leaves nothing for anybody.
        let over = try reserve(#""b":[90,0,0,0]"#, spent: 40, own: 40)
        #expect(over.share.calls == 40)
    }

    @Test("a ledger of shares spends what it has, asks when half is spent, and says whether there may be more")
    func ledger() {
        let ledger = Ledger()
        let asked = Asked()
        ledger.share(parts: 10) { asked.note($0) }
        let account = BudgetAccount(id: GrantID(agent: "x", name: "y"), terms: GrantBudget(calls: 100))
        #expect(ledger.takeCall(from: [account], at: 0)?.isPending == true)
        #expect(ledger.takeCall(from: [account], at: 0)?.isPending == true)
        #expect(asked.count == 1)
        ledger.take(share: GrantUsage(calls: 10), of: account, period: 0, isLast: false)
        for _ in 0..<10 { #expect(ledger.takeCall(from: [account], at: 0) == nil) }
        #expect(asked.count == 2)
        #expect(ledger.takeCall(from: [account], at: 0)?.isPending == true)
        ledger.take(share: GrantUsage(calls: 10), of: account, period: 0, isLast: true)
        #expect(ledger.takeCall(from: [account], at: 0)?.isPending == false)
        ledger.askAgain(for: account)
        #expect(ledger.takeCall(from: [account], at: 0)?.isPending == true)
        #expect(asked.count == 3)
    }
}
