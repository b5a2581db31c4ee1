// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How long to wait before a call is made again: each time twice as long, up to a limit, and never exactly so, since many
/// programs lose the same server at the same moment.
package struct Pauses: Sendable {
    private let first: Duration
    private let longest: Duration
    private let random: @Sendable () -> Double
    private var next: Duration

    /// Begins with the first pause.
    ///
    /// - Parameter random: Numbers from 0 to 1.
    package init(first: Duration, longest: Duration, random: @escaping @Sendable () -> Double) {
        self.first = max(first, .milliseconds(1))
        self.longest = max(longest, self.first)
        self.random = random
        next = self.first
    }

    /// The next pause: from half of its length to the whole of it.
    ///
    /// - Parameter stood: How long the call before worked. One that worked for longer than any pause begins anew.
    package mutating func pause(after stood: Duration) -> Duration {
        if stood > longest { next = first }
        let whole = next
        next = min(next * 2, longest)
        return whole / 2 + whole / 2 * min(max(random(), 0), 1)
    }
}
