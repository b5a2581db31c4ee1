// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Counts the streams that a client opens and gives up (CVE-2023-44487) or makes the gate give up (CVE-2025-8671).
///
/// A stream that came to its end makes up for one that did not, and what was spent comes back within ten seconds: a
/// client that now and then loses interest is not troubled.
struct ResetBudget {
    private static let window: Int64 = 10_000_000_000

    private let limit: Int
    private var spent = 0
    private var lastRefill: Int64 = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// A stream was given up. Returns false when it was one too many.
    mutating func spend() -> Bool {
        guard spent < limit else { return false }
        spent &+= 1
        return true
    }

    /// A stream came to its end.
    mutating func refund() { if spent > 0 { spent &-= 1 } }

    /// Gives back what the time since the last call brings.
    mutating func refill(now: Int64) {
        let elapsed = min(max(0, now &- lastRefill), Self.window)
        let share = Int(elapsed / 1_000_000) &* limit / 10_000
        guard share > 0 else { return }
        lastRefill = now
        spent = max(0, spent &- share)
    }
}
