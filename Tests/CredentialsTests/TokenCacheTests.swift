// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Credentials

@Suite struct TokenCacheTests {
    private typealias Cache = TokenCache<Int, OAuthToken, OAuthRefusal>
    private let key = TokenCacheKey(caller: "spiffe://a/agent/x", audience: "mail", scopes: ["b", "a", "b"])

    private func token(_ text: String = "t", _ lifetime: Int64 = 3600) -> OAuthToken {
        OAuthToken(accessToken: text, lifetime: lifetime, scopes: [], refreshToken: "r")
    }

    private func ticket(_ step: Cache.Step) throws -> Cache.Ticket {
        guard case .fetch(let ticket) = step else { throw Unexpected() }
        return ticket
    }

    private struct Unexpected: Error {}

    private func used(_ step: Cache.Step) -> String? {
        guard case .use(let token) = step else { return nil }
        return token.accessToken
    }

    private func isWait(_ step: Cache.Step) -> Bool {
        if case .wait = step { true } else { false }
    }

    private func isFull(_ step: Cache.Step) -> Bool {
        if case .full = step { true } else { false }
    }

    private func isFailed(_ step: Cache.Step) -> Bool {
        if case .failed = step { true } else { false }
    }

    @Test func `lets the first fetch and the others wait`() throws {
        var cache = Cache()
        let first = try ticket(cache.ask(key, 1, now: 100))
        #expect(isWait(cache.ask(key, 2, now: 100)))
        let same = TokenCacheKey(caller: "spiffe://a/agent/x", audience: "mail", scopes: ["a", "b"])
        #expect(isWait(cache.ask(same, 3, now: 101)))
        cache.abandon(2, key)
        #expect(cache.complete(first, .success(token()), now: 102) == [3])
        #expect(used(cache.ask(key, 4, now: 103)) == "t")
        #expect(cache.complete(first, .success(token("late")), now: 104).isEmpty)
        #expect(used(cache.ask(key, 4, now: 103)) == "t")
    }

    @Test(arguments: [
        TokenCacheKey(caller: "spiffe://a/agent/y", audience: "mail", scopes: ["a", "b"]),
        TokenCacheKey(caller: "spiffe://a/agent/x", audience: "mai", scopes: ["a", "b"]),
        TokenCacheKey(caller: "spiffe://a/agent/x", audience: "mail", scopes: ["a"]),
        TokenCacheKey(caller: "spiffe://a/agent/x", audience: "mail", scopes: ["ab"]),
        TokenCacheKey(caller: "spiffe://a/agent/xm", audience: "ail", scopes: ["a", "b"]),
    ])
    func `gives nobody the token of another`(_ other: TokenCacheKey) throws {
        var cache = Cache()
        _ = cache.complete(try ticket(cache.ask(key, 1, now: 0)), .success(token()), now: 0)
        #expect(throws: Never.self) { try ticket(cache.ask(other, 2, now: 0)) }
    }

    @Test func `counts a life from the request, and fetches before its end`() throws {
        var cache = Cache(limits: TokenCacheLimits(margin: 30))
        _ = cache.complete(try ticket(cache.ask(key, 1, now: 1000)), .success(token("a", 100)), now: 1010)
        #expect(used(cache.ask(key, 2, now: 1069)) == "a")
        let second = try ticket(cache.ask(key, 2, now: 1070))
        _ = cache.complete(second, .success(token("b", 20)), now: 1070)
        #expect(used(cache.ask(key, 2, now: 1079)) == "b")
        #expect(throws: Never.self) { try ticket(cache.ask(key, 2, now: 1080)) }
    }

    @Test func `remembers a failure for a moment`() throws {
        var cache = Cache(limits: TokenCacheLimits(failure: 2))
        let first = try ticket(cache.ask(key, 1, now: 10))
        _ = cache.ask(key, 2, now: 10)
        #expect(cache.complete(first, .failure(OAuthRefusal(.unavailable)), now: 11) == [2])
        #expect(isFailed(cache.ask(key, 3, now: 12)))
        #expect(throws: Never.self) { try ticket(cache.ask(key, 3, now: 13)) }
    }

    @Test func `takes over a fetch that was lost`() throws {
        var cache = Cache(limits: TokenCacheLimits(fetch: 15))
        let lost = try ticket(cache.ask(key, 1, now: 0))
        #expect(isWait(cache.ask(key, 2, now: 14)))
        let second = try ticket(cache.ask(key, 3, now: 15))
        #expect(cache.complete(lost, .success(token("stale")), now: 16).isEmpty)
        #expect(cache.complete(second, .success(token("new")), now: 16) == [2])
        #expect(used(cache.ask(key, 4, now: 17)) == "new")
    }

    @Test func `sweeps what is over, and names who waited in vain`() throws {
        var cache = Cache(limits: TokenCacheLimits(fetch: 15))
        _ = cache.ask(key, 1, now: 0)
        _ = cache.ask(key, 2, now: 1)
        #expect(cache.sweep(now: 14).isEmpty)
        #expect(cache.sweep(now: 15) == [2])
        #expect(cache.count == 0)
    }

    @Test func `leaves nothing of a caller whose rights ended`() throws {
        var cache = Cache()
        let running = try ticket(cache.ask(key, 1, now: 0))
        _ = cache.ask(key, 2, now: 0)
        let other = TokenCacheKey(caller: "spiffe://a/agent/x", audience: "crm")
        _ = cache.complete(try ticket(cache.ask(other, 1, now: 0)), .success(token()), now: 0)
        #expect(cache.removeAll(ofCaller: "spiffe://a/agent/x") == [2])
        #expect(cache.complete(running, .success(token()), now: 1).isEmpty)
        #expect(cache.count == 0)
    }

    @Test func `forgets a token that is refused, but not its successor`() throws {
        var cache = Cache()
        _ = cache.complete(try ticket(cache.ask(key, 1, now: 0)), .success(token("a")), now: 0)
        cache.invalidate(key, token("b"))
        #expect(used(cache.ask(key, 1, now: 0)) == "a")
        cache.invalidate(key, token("a"))
        #expect(throws: Never.self) { try ticket(cache.ask(key, 1, now: 0)) }
        // A fetch that is under way is not touched.
        cache.invalidate(key, token("a"))
        #expect(isWait(cache.ask(key, 2, now: 0)))
    }

    @Test func `is bounded in keys and in waiters`() throws {
        var cache = Cache(limits: TokenCacheLimits(entries: 3, waiters: 1))
        func key(_ number: Int) -> TokenCacheKey { TokenCacheKey(caller: "c", audience: "a\(number)") }
        _ = cache.complete(try ticket(cache.ask(key(0), 0, now: 0)), .success(token("0", 1000)), now: 0)
        _ = cache.complete(try ticket(cache.ask(key(1), 0, now: 0)), .success(token("1", 500)), now: 0)
        #expect(throws: Never.self) { try ticket(cache.ask(key(2), 0, now: 0)) }
        #expect(isWait(cache.ask(key(2), 1, now: 0)))
        #expect(isFull(cache.ask(key(2), 2, now: 0)))
        // The token that ends first makes room.
        #expect(throws: Never.self) { try ticket(cache.ask(key(3), 0, now: 0)) }
        #expect(used(cache.ask(key(0), 0, now: 0)) == "0")
        #expect(throws: Never.self) { try ticket(cache.ask(key(1), 0, now: 0)) }
        // Fetches are never thrown away.
        #expect(isFull(cache.ask(key(4), 0, now: 0)))
        #expect(cache.count == 3)
    }

    @Test func `keeps no refresh token and shows no token`() throws {
        var cache = Cache()
        _ = cache.complete(try ticket(cache.ask(key, 1, now: .max)), .success(token("hidden", .max)), now: .max)
        var shown = ""
        dump(cache, to: &shown)
        #expect(shown == "- TokenCache(1 keys)\n")
        guard case .use(let kept) = cache.ask(key, 1, now: 0) else {
            Issue.record("no token")
            return
        }
        #expect(kept.refreshToken == nil)
    }
}
