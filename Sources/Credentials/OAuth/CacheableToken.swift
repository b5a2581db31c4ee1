// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A token that can be kept for as long as it is good.
public protocol CacheableToken: Sendable {
    /// Seconds for which it is good, from the moment at which it was asked for.
    var lifetime: Int64 { get }
    /// What of it is kept.
    var cached: Self { get }
    /// Whether another one is the very same token.
    func isSame(as other: Self) -> Bool
}
