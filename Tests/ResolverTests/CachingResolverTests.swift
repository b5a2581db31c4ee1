// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Resolver
import Synchronization
import Testing

@Suite struct CachingResolverTests {
    /// A clock that a test moves.
    private final class ManualClock: Sendable {
        private let time = Mutex<UInt64>(0)

        var now: @Sendable () -> UInt64 {
            { self.time.withLock { $0 } }
        }

        func advance(seconds: UInt64) {
            time.withLock { $0 += seconds * 1_000_000_000 }
        }
    }

    /// Completions in the order in which they came.
    private final class Collector: Sendable {
        private let results = Mutex<[Result<Answers, ResolveError>]>([])

        var all: [Result<Answers, ResolveError>] { results.withLock { $0 } }

        var completion: @Sendable (Result<Answers, ResolveError>) -> Void {
            { result in self.results.withLock { $0.append(result) } }
        }
    }

    private let clock = ManualClock()
    private let collector = Collector()

    private func answer(_ text: String, ttl: UInt32) throws -> Result<Answers, ResolveError> {
        .success(Answers(addresses: [try #require(IPAddress(text))], ttl: ttl))
    }

    @Test("keeps an answer for its lifetime and completes hits before it returns")
    func lifetime() throws {
        let script = try ScriptedResolver(["a.test": [answer("203.0.114.1", ttl: 10), answer("203.0.114.2", ttl: 10)]])
        let cache = CachingResolver(script, now: clock.now)
        let name = try HostName(parsing: "a.test")
        cache.resolve(name, completion: collector.completion)
        clock.advance(seconds: 9)
        cache.resolve(name, completion: collector.completion)
        #expect(script.queryCount == 1)
        clock.advance(seconds: 1)
        cache.resolve(name, completion: collector.completion)
        #expect(script.queryCount == 2)
        #expect(
            try collector.all == [
                answer("203.0.114.1", ttl: 10), answer("203.0.114.1", ttl: 10), answer("203.0.114.2", ttl: 10),
            ])
        #expect(cache.counts.hits == 1 && cache.counts.misses == 2)
    }

    @Test(
        "holds lifetimes between the limits",
        arguments: [(0, 2), (1, 2), (5, 5), (300, 20), (UInt32.max, 20)] as [(UInt32, UInt64)])
    func limits(ttl: UInt32, kept: UInt64) throws {
        let script = try ScriptedResolver(["a.test": [answer("203.0.114.1", ttl: ttl)]])
        let cache = CachingResolver(
            script, configuration: CacheConfiguration(minimumTTL: 2, maximumTTL: 20), now: clock.now)
        let name = try HostName(parsing: "a.test")
        cache.resolve(name) { _ in }
        clock.advance(seconds: kept - 1)
        cache.resolve(name) { _ in }
        #expect(script.queryCount == 1)
        clock.advance(seconds: 1)
        cache.resolve(name) { _ in }
        #expect(script.queryCount == 2)
    }

    @Test("keeps nothing with lifetime zero when no minimum is set")
    func zero() throws {
        let script = try ScriptedResolver(["a.test": [answer("203.0.114.1", ttl: 0)]])
        let cache = CachingResolver(script, configuration: CacheConfiguration(minimumTTL: 0), now: clock.now)
        for _ in 0..<3 { cache.resolve(try HostName(parsing: "a.test")) { _ in } }
        #expect(script.queryCount == 3)
    }

    @Test("keeps not found for its own time and other failures never", arguments: ResolveError.allCases)
    func failures(error: ResolveError) throws {
        let script = ScriptedResolver(["a.test": [.failure(error)]])
        let cache = CachingResolver(script, configuration: CacheConfiguration(negativeTTL: 5), now: clock.now)
        let name = try HostName(parsing: "a.test")
        cache.resolve(name, completion: collector.completion)
        cache.resolve(name, completion: collector.completion)
        #expect(script.queryCount == (error == .notFound ? 1 : 2))
        clock.advance(seconds: 5)
        cache.resolve(name, completion: collector.completion)
        #expect(script.queryCount == (error == .notFound ? 2 : 3))
        #expect(collector.all == Array(repeating: .failure(error), count: 3))
        #expect(!error.description.isEmpty)
    }

    @Test("callers for one name share one lookup")
    func singleFlight() throws {
        let script = try ScriptedResolver(
            [
                "a.test": [answer("203.0.114.1", ttl: 0), answer("203.0.114.2", ttl: 0)],
                "b.test": [.failure(.timeout)],
            ],
            holdsAnswers: true)
        let cache = CachingResolver(script, now: clock.now)
        for _ in 0..<10 { cache.resolve(try HostName(parsing: "a.test"), completion: collector.completion) }
        cache.resolve(try HostName(parsing: "b.test"), completion: collector.completion)
        #expect(script.queryCount == 2 && collector.all.isEmpty && cache.counts.joined == 9)
        script.releaseAnswers()
        #expect(collector.all.count == 11)
        #expect(try collector.all.filter { try $0 == answer("203.0.114.1", ttl: 0) }.count == 10)
    }

    @Test("limits the callers that wait for one lookup")
    func waiters() throws {
        let script = try ScriptedResolver(["a.test": [answer("203.0.114.1", ttl: 9)]], holdsAnswers: true)
        let cache = CachingResolver(script, configuration: CacheConfiguration(maximumWaiters: 3), now: clock.now)
        for _ in 0..<5 { cache.resolve(try HostName(parsing: "a.test"), completion: collector.completion) }
        #expect(collector.all == [.failure(.tooManyPending), .failure(.tooManyPending)])
        script.releaseAnswers()
        #expect(collector.all.count == 5)
    }

    @Test("never keeps more names than the limit, and the oldest gives way")
    func eviction() throws {
        let script = try ScriptedResolver(["*": [answer("203.0.114.1", ttl: 100)]])
        let cache = CachingResolver(script, configuration: CacheConfiguration(maximumEntries: 3), now: clock.now)
        for name in ["a", "b", "c", "d"] { cache.resolve(try HostName(parsing: name)) { _ in } }
        for name in ["b", "c", "d"] { cache.resolve(try HostName(parsing: name)) { _ in } }
        #expect(script.queryCount == 4 && cache.counts.evictions == 1)
        cache.resolve(try HostName(parsing: "a")) { _ in }
        #expect(script.queryCount == 5)
        cache.resolve(try HostName(parsing: "b")) { _ in }
        #expect(script.queryCount == 6)
    }

    @Test("with no room it only passes through")
    func noRoom() throws {
        let script = try ScriptedResolver(["*": [answer("203.0.114.1", ttl: 100)]])
        let cache = CachingResolver(script, configuration: CacheConfiguration(maximumEntries: 0), now: clock.now)
        for _ in 0..<2 { cache.resolve(try HostName(parsing: "a")) { _ in } }
        #expect(script.queryCount == 2)
    }

    @Test("an answer that was asked for before a flush is not kept")
    func flush() throws {
        let script = try ScriptedResolver(["a.test": [answer("203.0.114.1", ttl: 100)]], holdsAnswers: true)
        let cache = CachingResolver(script, now: clock.now)
        let name = try HostName(parsing: "a.test")
        cache.resolve(name, completion: collector.completion)
        cache.removeAll()
        script.releaseAnswers()
        cache.resolve(name, completion: collector.completion)
        #expect(script.queryCount == 2 && collector.all.count == 1)
        script.releaseAnswers()
        #expect(collector.all.count == 2)
    }

    @Test("a completion may look up again")
    func reentrance() throws {
        let script = try ScriptedResolver(["*": [answer("203.0.114.1", ttl: 100)]])
        let cache = CachingResolver(script, now: clock.now)
        let second = try HostName(parsing: "b.test")
        cache.resolve(try HostName(parsing: "a.test")) { [collector] _ in
            cache.resolve(second, completion: collector.completion)
        }
        #expect(collector.all.count == 1)
    }
}
