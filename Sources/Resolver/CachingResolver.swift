// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
import CAres
import Synchronization

/// Keeps the answers of another resolver for their lifetime and lets callers for one name share one lookup.
///
/// A hit completes on the caller's thread before `resolve` returns. Only answers and "not found" are kept; a failure of
/// servers is not.
public final class CachingResolver<Upstream: NameResolver>: NameResolver {
    /// What a lookup is completed with.
    public typealias Completion = @Sendable (Result<Answers, ResolveError>) -> Void

    private struct State {
        var cache: ResolverCache
        var flights: [HostName: [Completion]] = [:]
        var generation = 0
        var counts = CacheCounts()
    }

    private enum Step {
        case finished(Result<Answers, ResolveError>)
        case waiting
        case asking(generation: Int)
    }

    private let upstream: Upstream
    private let configuration: CacheConfiguration
    private let now: @Sendable () -> UInt64
    private let state: Mutex<State>

    /// Wraps a resolver. `now` gives nanoseconds that never run backwards.
    public init(
        _ upstream: Upstream, configuration: CacheConfiguration = CacheConfiguration(),
        now: @escaping @Sendable () -> UInt64 = monotonicNanoseconds
    ) {
        self.upstream = upstream
        self.configuration = configuration
        self.now = now
        state = Mutex(State(cache: ResolverCache(capacity: configuration.maximumEntries)))
    }

    /// Looks a name up in the cache, then behind it.
    public func resolve(_ name: HostName, completion: @escaping Completion) {
        let now = now()
        let step = state.withLock { state -> Step in
            if let result = state.cache.result(for: name, now: now) {
                state.counts.hits += 1
                return .finished(result)
            }
            if let waiters = state.flights[name]?.count {
                guard waiters < configuration.maximumWaiters else { return .finished(.failure(.tooManyPending)) }
                state.flights[name, default: []].append(completion)
                state.counts.joined += 1
                return .waiting
            }
            state.flights[name] = [completion]
            state.counts.misses += 1
            return .asking(generation: state.generation)
        }
        switch step {
        case .finished(let result): completion(result)
        case .waiting: break
        case .asking(let generation):
            upstream.resolve(name) { [self] result in land(name, result, generation: generation) }
        }
    }

    /// What the cache has done so far.
    public var counts: CacheCounts {
        state.withLock { state in
            var counts = state.counts
            counts.evictions = state.cache.evictions
            return counts
        }
    }

    /// Forgets every answer; lookups under way are answered but not kept.
    public func removeAll() {
        state.withLock { state in
            state.cache.removeAll()
            state.generation += 1
        }
    }

    private func land(_ name: HostName, _ result: Result<Answers, ResolveError>, generation: Int) {
        let now = now()
        let waiters = state.withLock { state in
            if generation == state.generation, let seconds = lifetime(result), seconds > 0 {
                let (expires, overflow) = now.addingReportingOverflow(UInt64(seconds) * 1_000_000_000)
                state.cache.store(result, for: name, until: overflow ? UInt64.max : expires)
            }
            return state.flights.removeValue(forKey: name) ?? []
        }
        for waiter in waiters { waiter(result) }
    }

    /// Seconds for which a result is kept; nil for what is never kept.
    private func lifetime(_ result: Result<Answers, ResolveError>) -> UInt32? {
        switch result {
        case .success(let answers): min(max(answers.ttl, configuration.minimumTTL), configuration.maximumTTL)
        case .failure(.notFound): configuration.negativeTTL
        case .failure: nil
        }
    }
}

/// The monotonic clock in nanoseconds.
public let monotonicNanoseconds: @Sendable () -> UInt64 = { cares_monotonic_nanoseconds() }
