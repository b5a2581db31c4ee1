// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Proofs and tokens that were used, so that none is used again. When there is no room, the next one is refused: whoever
/// forgot one would let it pass a second time.
public struct ReplayCache: Sendable {
    /// What can be seen again: a token's `jti` under the key or issuer that vouches for it.
    public struct Key: Sendable, Hashable {
        private let issuer: [UInt8]
        private let tokenID: [UInt8]

        /// Names a use; texts are compared byte by byte.
        public init(issuer: String, tokenID: String) {
            self.issuer = Array(issuer.utf8)
            self.tokenID = Array(tokenID.utf8)
        }
    }

    private var seen: [Key: (count: Int, expiry: Int64)] = [:]
    private let capacity: Int
    private var nextPurge: Int64 = .min

    /// An empty cache.
    public init(capacity: Int = 65_536) { self.capacity = max(capacity, 1) }

    /// Remembers a use.
    ///
    /// - Parameters:
    ///   - expiry: Until when the same could be accepted again, leeway included, in Unix seconds.
    ///   - limit: How often it may be used.
    ///   - now: Unix seconds.
    /// - Returns: Whether it is one of the first `limit` uses, and there was room to remember it.
    public mutating func admit(_ key: Key, until expiry: Int64, limit: Int = 1, now: Int64) -> Bool {
        if let use = seen[key], use.expiry > now {
            guard use.count < limit else { return false }
            seen[key] = (use.count &+ 1, max(use.expiry, expiry))
            return true
        }
        if seen.count >= capacity, nextPurge <= now {
            seen = seen.filter { $0.value.expiry > now }
            // Looking through a full table is work that a flood must not be able to order at will.
            nextPurge = now &+ 1
        }
        guard seen.count < capacity, limit > 0, expiry > now else { return false }
        seen[key] = (1, expiry)
        return true
    }
}

/// How often each client may ask: so many at once, and so many a second on average.
public struct RateLimits: Sendable {
    private struct Bucket {
        var level: Double
        var time: Int64
    }

    private var buckets: [SPIFFEID: Bucket] = [:]
    private let burst: Double
    private let perSecond: Double
    private let capacity: Int

    /// Limits.
    ///
    /// - Parameter capacity: How many clients are remembered; more are refused until one has been quiet long enough.
    public init(burst: Int = 200, perSecond: Int = 100, capacity: Int = 10_000) {
        self.burst = Double(max(burst, 1))
        self.perSecond = Double(max(perSecond, 1))
        self.capacity = max(capacity, 1)
    }

    /// Takes one request of a client.
    ///
    /// - Parameter now: Microseconds of any clock that does not go back.
    /// - Returns: Whether it may go on.
    public mutating func admit(_ client: SPIFFEID, now: Int64) -> Bool {
        var bucket = buckets[client] ?? Bucket(level: 0, time: now)
        if buckets[client] == nil, buckets.count >= capacity {
            let limit = (burst, perSecond)
            buckets = buckets.filter { Self.level($0.value, limit.1, now) > 0 }
            guard buckets.count < capacity else { return false }
        }
        bucket.level = Self.level(bucket, perSecond, now)
        bucket.time = max(bucket.time, now)
        guard bucket.level + 1 <= burst else {
            buckets[client] = bucket
            return false
        }
        bucket.level += 1
        buckets[client] = bucket
        return true
    }

    private static func level(_ bucket: Bucket, _ perSecond: Double, _ now: Int64) -> Double {
        max(0, bucket.level - Double(max(0, now &- bucket.time)) / 1_000_000 * perSecond)
    }
}
