// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Testing

/// Amounts of money: read exactly, never rounded down, never wrapped.
@Suite struct MoneyTests {
    private func money(_ text: String) throws -> Money { try #require(Money(text)) }

    @Test(
        "reads amounts and writes them with as many digits as they need",
        arguments: [
            ("0", "0"), ("1", "1"), ("2.50", "2.5"), ("0.000001", "0.000001"), ("1000000", "1000000"),
            ("0.10", "0.1"), ("12.345678", "12.345678"),
        ])
    func amounts(text: String, written: String) { #expect(Money(text)?.description == written) }

    @Test(
        "refuses what is no amount, or could be another one",
        arguments: [
            "", ".", "1.", ".5", "-1", "+1", "01", "1,5", "1e3", "1.2.3", "1.1234567", "1000000.000001", "99999999",
            "1 ", " 1", "0x1", "\u{661}", "\u{ff11}", "NaN", "inf",
        ])
    func faults(text: String) { #expect(Money(text) == nil) }

    @Test("one token costs a millionth of the price, exactly")
    func tokens() throws {
        let price = try money("0.000001")
        #expect(price.cost(ofTokens: 1).picos == 1)
        #expect(price.cost(ofTokens: 1).description == "0.000001")
        #expect(price.cost(ofTokens: 1_000_000) == price)
        #expect(try money("2.5").cost(ofTokens: 400_000).description == "1")
        #expect(try money("2.5").cost(ofTokens: -1) == .zero)
        #expect(Money.largest.cost(ofTokens: .max).picos == .max)
    }

    @Test("sums and differences never wrap")
    func bounds() {
        let (most, least) = (Money(picos: .max), Money(picos: .min))
        #expect(most + Money(picos: 1) == most && least + Money(picos: -1) == least)
        #expect(least - Money(picos: 1) == least && most - Money(picos: -1) == most)
    }

    @Test("tokens and money are taken together, as far as every account has some left")
    func ledger() throws {
        let ledger = Ledger()
        let grant = GrantID(agent: "a", name: "g")
        let budget = GrantBudget(tokens: 100, cost: try money("1"))
        let accounts = [BudgetAccount(id: grant, terms: budget)]
        let wanted = ModelSpending(tokens: 60, cost: try money("0.7"))
        #expect(ledger.reserve(wanted, from: accounts, at: 0) == wanted)
        let rest = ledger.reserve(wanted, from: accounts, at: 0)
        #expect(rest.tokens == 40 && rest.cost.description == "0.3")
        ledger.settle(ModelSpending(tokens: -100, cost: Money(picos: -.max)), in: accounts, at: 0)
        #expect(ledger.usage(of: grant, per: .total, at: 0) == GrantUsage())
    }
}
