// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What calls of models take from budgets.
public struct ModelSpending: Sendable, Hashable {
    /// Tokens, read and written together.
    public var tokens: Int
    /// What they cost.
    public var cost: Money

    /// Counts; nothing unless told otherwise.
    public init(tokens: Int = 0, cost: Money = .zero) {
        self.tokens = tokens
        self.cost = cost
    }

    /// The difference.
    public static func - (left: ModelSpending, right: ModelSpending) -> ModelSpending {
        ModelSpending(tokens: left.tokens &- right.tokens, cost: left.cost - right.cost)
    }
}
