// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How long `CachingResolver` keeps answers, and how many.
public struct CacheConfiguration: Hashable, Sendable {
    /// Names kept at once; the oldest gives way.
    public var maximumEntries: Int

    /// Seconds that an answer is kept at least, whatever its records say.
    public var minimumTTL: UInt32

    /// Seconds that an answer is kept at most.
    public var maximumTTL: UInt32

    /// Seconds that "not found" is kept.
    public var negativeTTL: UInt32

    /// Callers that may wait for one lookup.
    public var maximumWaiters: Int

    /// Makes a configuration.
    public init(
        maximumEntries: Int = 4096, minimumTTL: UInt32 = 1, maximumTTL: UInt32 = 300, negativeTTL: UInt32 = 5,
        maximumWaiters: Int = 1024
    ) {
        self.maximumEntries = maximumEntries
        self.minimumTTL = minimumTTL
        self.maximumTTL = maximumTTL
        self.negativeTTL = negativeTTL
        self.maximumWaiters = maximumWaiters
    }
}

/// What a cache has done so far.
public struct CacheCounts: Hashable, Sendable {
    /// Lookups answered from the cache.
    public var hits = 0

    /// Lookups that went on to the resolver behind.
    public var misses = 0

    /// Lookups that joined one already under way.
    public var joined = 0

    /// Entries that gave way to newer ones.
    public var evictions = 0
}
