// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How much may be spent under a grant in a period.
public struct GrantBudget: Sendable, Hashable, CustomStringConvertible {
    /// The most calls, or `nil` for no limit. A tunnel and a request are one call each.
    public var calls: Int?
    /// The most bytes in both directions, or `nil` for no limit.
    public var bytes: Int?
    /// The most tokens of models, read and written together, or `nil` for no limit.
    public var tokens: Int?
    /// The most money for models, or `nil` for no limit.
    public var cost: Money?
    /// The span after which spending starts again from zero.
    public var per: Period

    /// Sets a budget.
    public init(calls: Int? = nil, bytes: Int? = nil, tokens: Int? = nil, cost: Money? = nil, per: Period = .total) {
        self.calls = calls
        self.bytes = bytes
        self.tokens = tokens
        self.cost = cost
        self.per = per
    }

    /// The spans over which spending is counted.
    public enum Period: String, Sendable, Hashable, CaseIterable {
        /// For as long as the grant exists.
        case total
        /// From one full hour of UTC to the next.
        case hour
        /// From one midnight of UTC to the next.
        case day

        /// The number of the period that a time, in Unix seconds, lies in; spending starts anew when it changes.
        public func index(of time: Int64) -> Int64 {
            switch self {
            case .total: 0
            case .hour: Self.floor(time, 3_600)
            case .day: Self.floor(time, 86_400)
            }
        }

        private static func floor(_ time: Int64, _ length: Int64) -> Int64 {
            let (quotient, remainder) = time.quotientAndRemainder(dividingBy: length)
            return remainder < 0 ? quotient - 1 : quotient
        }
    }

    /// The budget in words, for example `1000 calls, 1048576 bytes per day`.
    public var description: String {
        let parts = [
            calls.map { "\($0) calls" }, bytes.map { "\($0) bytes" }, tokens.map { "\($0) tokens" },
            cost.map { "a cost of \($0)" },
        ].compactMap { $0 }
        return parts.joined(separator: ", ") + (per == .total ? " in all" : " per \(per.rawValue)")
    }
}

/// What was spent under a grant in the period that the facts' time lies in.
public struct GrantUsage: Sendable, Hashable {
    /// Calls that were allowed.
    public var calls: Int
    /// Bytes in both directions.
    public var bytes: Int
    /// Tokens of models that were read and written.
    public var tokens: Int
    /// What models cost.
    public var cost: Money

    /// Records spending; nothing was spent unless told otherwise.
    public init(calls: Int = 0, bytes: Int = 0, tokens: Int = 0, cost: Money = .zero) {
        self.calls = calls
        self.bytes = bytes
        self.tokens = tokens
        self.cost = cost
    }

    /// Whether something is left of a budget for another call.
    func hasRoom(in budget: GrantBudget) -> Bool {
        calls < budget.calls ?? .max && bytes < budget.bytes ?? .max && tokens < budget.tokens ?? .max
            && budget.cost.map { cost < $0 } ?? true
    }
}
