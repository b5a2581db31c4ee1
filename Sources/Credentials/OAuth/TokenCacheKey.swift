// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Whose token it is, and what for. Tokens of different callers never meet.
public struct TokenCacheKey: Sendable, Hashable {
    /// The caller, such as an agent's SPIFFE ID with its person.
    public let caller: [UInt8]
    /// Whom the token is for.
    public let audience: [UInt8]
    /// What it is good for, in order and without repetition.
    public let scopes: [[UInt8]]

    /// A key for one audience and all scopes, with the caller as bytes.
    public init(caller: [UInt8], audience: [UInt8] = []) {
        self.caller = caller
        self.audience = audience
        scopes = []
    }

    /// A key; the order of scopes makes no difference.
    public init(caller: String, audience: String, scopes: [String] = []) {
        self.caller = Array(caller.utf8)
        self.audience = Array(audience.utf8)
        self.scopes = Set(scopes.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// Limits of a cache of tokens; times in seconds.
public struct TokenCacheLimits: Sendable, Hashable {
    /// Keys in all: with a token, with a fetch under way, or with a failure that is remembered.
    public let entries: Int
    /// Callers that wait for one fetch.
    public let waiters: Int
    /// How long before its end a token is fetched anew. A short-lived token is used for half of its life at least.
    public let margin: Int64
    /// How long a fetch may take until another caller takes it over.
    public let fetch: Int64
    /// How long a failure stands before the next attempt.
    public let failure: Int64

    /// Limits with the given values.
    public init(entries: Int = 4096, waiters: Int = 256, margin: Int64 = 30, fetch: Int64 = 15, failure: Int64 = 2) {
        self.entries = max(entries, 1)
        self.waiters = max(waiters, 0)
        self.margin = max(margin, 0)
        self.fetch = max(fetch, 1)
        self.failure = max(failure, 0)
    }

    /// The default limits.
    public static let standard = TokenCacheLimits()
}
