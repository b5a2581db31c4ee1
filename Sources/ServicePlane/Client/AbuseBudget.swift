// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Counts what a client does that costs the gate more than it costs the client, such as streams that it opens and gives
/// up (CVE-2023-44487) or makes the gate give up (CVE-2025-8671), and windows opened byte by byte (CVE-2019-9511).
///
/// What comes to a good end makes up for what does not, and all that was spent comes back within ten seconds: a client
/// that now and then loses interest is not troubled.
struct AbuseBudget {
    private static let window: Int64 = 10_000_000_000

    private let limit: Int
    private var spent = 0
    private var lastRefill: Int64 = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// Something was asked for. Returns false when it was one too many.
    mutating func spend() -> Bool {
        guard spent < limit else { return false }
        spent &+= 1
        return true
    }

    /// So much came to a good end.
    mutating func refund(_ count: Int = 1) { spent = max(0, spent &- count) }

    /// Gives back what the time since the last call brings.
    mutating func refill(now: Int64) {
        let elapsed = min(max(0, now &- lastRefill), Self.window)
        let share = Int(elapsed / 1_000_000) &* limit / 10_000
        guard share > 0 else { return }
        lastRefill = now
        refund(share)
    }
}
