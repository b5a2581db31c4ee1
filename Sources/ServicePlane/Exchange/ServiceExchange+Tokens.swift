// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Transport

/// What one exchange has taken from the budgets of tokens that it spends.
struct TokenAllowance {
    /// The budgets, once they were asked for.
    var accounts: [BudgetAccount]?
    /// How many were taken before they were spent.
    var taken = 0
    /// How many were spent in truth.
    var spent = 0
}

extension ServiceExchange {
    func take(tokens count: Int64) -> Bool {
        guard let facts else { return false }
        let accounts = tokens.accounts ?? loop.shared.authorizer.tokenAccounts(of: verdict.grant, facts)
        tokens.accounts = accounts
        let wanted = Int(clamping: count) &- tokens.taken
        guard !accounts.isEmpty, wanted > 0 else { return true }
        let granted = loop.shared.authorizer.ledger.reserveTokens(wanted, from: accounts, at: loop.time)
        tokens.taken &+= granted
        return granted == wanted
    }

    /// Settles what was taken with what was spent; the exchange is over.
    func settleTokens() {
        guard let accounts = tokens.accounts, !accounts.isEmpty else { return }
        loop.shared.authorizer.ledger.settleTokens(tokens.spent &- tokens.taken, in: accounts, at: loop.time)
        tokens = TokenAllowance()
    }
}
