// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// From a score to a level, and from a level to what is done.
///
/// A level is reached at once and left one step at a time, after each ``quietTime`` in which nothing was counted; the
/// critical level is left by a person's word only.
public struct RiskLadder: Sendable, Hashable {
    /// Thousandths of a point from which a score is elevated.
    public var elevated: Int64 = 5_000
    /// Thousandths of a point from which a score is high.
    public var high: Int64 = 10_000
    /// Thousandths of a point from which a score is critical.
    public var critical: Int64 = 15_000
    /// Quiet microseconds after which a level falls by one.
    public var quietTime: Int64 = 300_000_000

    /// The ladder with its defaults: 5, 10 and 15 points, five minutes.
    public init() {}

    /// The level of a score.
    public func level(of millipoints: Int64) -> RiskLevel {
        if millipoints >= critical { return .critical }
        if millipoints >= high { return .high }
        return millipoints >= elevated ? .elevated : .normal
    }

    /// What is done about a level.
    public static func response(to level: RiskLevel) -> RiskResponse {
        switch level {
        case .normal: .none
        case .elevated: .stepUp
        case .high: .readsOnly
        case .critical: .quarantine
        }
    }
}
