// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Transport

/// What one exchange has taken from the budgets that calls of models spend.
struct ModelAllowance {
    /// The budgets, once they were asked for.
    var accounts: [BudgetAccount]?
    /// What was taken before it was spent.
    var taken = ModelSpending()
    /// What was spent in truth.
    var spent = ModelSpending()
}

extension ServiceExchange {
    var limitsCost: Bool { modelAccounts.contains { $0.terms.cost != nil } }

    func take(_ spending: ModelSpending) -> Bool {
        let accounts = modelAccounts
        let wanted = spending - allowance.taken
        guard !accounts.isEmpty, wanted.tokens > 0 || wanted.cost > .zero else { return facts != nil }
        let granted = loop.shared.authorizer.ledger.reserve(wanted, from: accounts, at: loop.time)
        allowance.taken.tokens &+= granted.tokens
        allowance.taken.cost = allowance.taken.cost + granted.cost
        return granted.tokens >= wanted.tokens && granted.cost >= wanted.cost
    }

    private var modelAccounts: [BudgetAccount] {
        if let accounts = allowance.accounts { return accounts }
        guard let facts else { return [] }
        let accounts = loop.shared.authorizer.modelAccounts(of: verdict.grant, facts)
        allowance.accounts = accounts
        return accounts
    }

    /// Settles what was taken with what was spent; the exchange is over.
    func settleModels() {
        guard let accounts = allowance.accounts, !accounts.isEmpty else { return }
        loop.shared.authorizer.ledger.settle(allowance.spent - allowance.taken, in: accounts, at: loop.time)
        allowance = ModelAllowance()
    }
}
