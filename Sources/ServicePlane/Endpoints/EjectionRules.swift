// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// When an endpoint that fails gets no requests for a while.
public struct EjectionRules: Sendable, Hashable {
    /// Failures one after the other, without an answer between them, until it is ejected.
    public var failures = 5
    /// Nanoseconds of the first ejection; each one that follows soon takes as much longer.
    public var time: Int64 = 30_000_000_000
    /// The longest ejection, in nanoseconds.
    public var longest: Int64 = 300_000_000_000
    /// How many of 100 endpoints may be ejected at one time. One may in any case, unless this is 0, and never the last one.
    public var share = 50

    /// The defaults.
    public init() {}

    /// Whether one more of some endpoints may be ejected.
    func allows(_ ejected: Int, of count: Int) -> Bool {
        guard share > 0, ejected &+ 1 < count else { return false }
        return ejected == 0 || (ejected &+ 1) &* 100 <= count &* share
    }

    /// How long an ejection takes.
    ///
    /// - Parameter times: How many there were lately, with this one.
    func duration(of times: Int64) -> Int64 {
        let (product, isTooLong) = time.multipliedReportingOverflow(by: max(1, times))
        return isTooLong ? longest : min(product, max(longest, time))
    }
}
