// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Credentials
internal import Synchronization

/// Where the tokens for a service come from: one that is kept, else a fetch that everybody waits for who needs the same.
///
/// Safe from any thread. Fetches run in tasks of their own and are bounded in time by whoever makes them.
public final class TokenSource: Sendable {
    /// Obtains a token.
    public typealias Fetch = @Sendable (CredentialRequest) async -> Result<ServiceToken, CredentialFailure>
    /// Told what was obtained, on any thread.
    typealias Completion = @Sendable (Result<ServiceToken, CredentialFailure>) -> Void

    private typealias Cache = TokenCache<UInt64, ServiceToken, CredentialFailure>

    /// What one who asks is to do.
    enum Step {
        /// Use this token.
        case ready(ServiceToken)
        /// Do without.
        case failed(CredentialFailure)
        /// Wait: the completion will be called once, unless it is abandoned under this number.
        case waiting(UInt64)
    }

    private struct State {
        var cache: Cache
        var completions: [UInt64: Completion] = [:]
        var nextNumber: UInt64 = 0
        /// When a token was dropped because a service refused it.
        var refusals: [TokenCacheKey: Int64] = [:]
        var swept: Int64 = 0
    }

    /// Seconds between two tokens that are dropped because the service refuses them.
    static let refusalInterval: Int64 = 10
    private static let sweepInterval: Int64 = 5

    private let binding: TokenBinding
    private let now: @Sendable () -> Int64
    private let fetch: Fetch
    private let state: Mutex<State>

    /// A source with nothing in store.
    ///
    /// - Parameters:
    ///   - binding: Who shares a token.
    ///   - now: Unix seconds.
    ///   - fetch: Obtains a token; within the time of `limits.fetch`.
    public init(
        binding: TokenBinding, limits: TokenCacheLimits = TokenCacheLimits(entries: 512, waiters: 8192),
        now: @escaping @Sendable () -> Int64, fetch: @escaping Fetch
    ) {
        self.binding = binding
        self.now = now
        self.fetch = fetch
        state = Mutex(State(cache: Cache(limits: limits)))
    }

    /// Asks for a token.
    ///
    /// - Parameter completion: Called once when the step is to wait, and else never.
    func obtain(_ request: CredentialRequest, then completion: @escaping Completion) -> Step {
        guard let key = binding.key(request) else { return obtainAlone(request, completion) }
        let now = now()
        let (step, ticket, lost) = state.withLock { state -> (Step, Cache.Ticket?, [Completion]) in
            let lost = Self.sweep(&state, now)
            let number = state.nextNumber
            state.nextNumber &+= 1
            switch state.cache.ask(key, number, now: now) {
            case .use(let token): return (.ready(token), nil, lost)
            case .failed(let failure): return (.failed(failure), nil, lost)
            case .full: return (.failed(Self.busy), nil, lost)
            case .wait:
                state.completions[number] = completion
                return (.waiting(number), nil, lost)
            case .fetch(let ticket):
                state.completions[number] = completion
                return (.waiting(number), ticket, lost)
            }
        }
        for completion in lost { completion(.failure(Self.lost)) }
        if let ticket, case .waiting(let number) = step { run(request, ticket, number) }
        return step
    }

    private func run(_ request: CredentialRequest, _ ticket: Cache.Ticket, _ number: UInt64) {
        Task(executorPreference: FetchExecutor.shared) { [self] in
            let result = await fetch(request)
            let completions = state.withLock { state in
                let waiters = state.cache.complete(ticket, result, now: now())
                return ([number] + waiters).compactMap { state.completions.removeValue(forKey: $0) }
            }
            for completion in completions { completion(result) }
        }
    }

    private func obtainAlone(_ request: CredentialRequest, _ completion: @escaping Completion) -> Step {
        let number = state.withLock { state in
            defer { state.nextNumber &+= 1 }
            state.completions[state.nextNumber] = completion
            return state.nextNumber
        }
        Task(executorPreference: FetchExecutor.shared) { [self] in
            let result = await fetch(request)
            state.withLock { $0.completions.removeValue(forKey: number) }?(result)
        }
        return .waiting(number)
    }

    /// Waits no longer; the completion is not called after this.
    func abandon(_ number: UInt64, _ request: CredentialRequest) {
        state.withLock { state in
            guard state.completions.removeValue(forKey: number) != nil, let key = binding.key(request) else { return }
            state.cache.abandon(number, key)
        }
    }

    /// The service refuses a token: the next request has a new one. A service that refuses them all is not asked for with
    /// ever new ones.
    func refused(_ token: ServiceToken, of request: CredentialRequest) {
        guard let key = binding.key(request) else { return }
        let now = now()
        state.withLock { state in
            if let last = state.refusals[key], now &- last < Self.refusalInterval { return }
            state.refusals[key] = now
            state.cache.invalidate(key, token)
        }
    }

    /// Forgets what is over, now and then, and gives those who wait for a fetch that was lost.
    private static func sweep(_ state: inout State, _ now: Int64) -> [Completion] {
        guard now &- state.swept >= sweepInterval else { return [] }
        state.swept = now
        state.refusals = state.refusals.filter { now &- $0.value < refusalInterval }
        return state.cache.sweep(now: now).compactMap { state.completions.removeValue(forKey: $0) }
    }

    private static let busy = CredentialFailure(
        "too many requests wait for tokens of this service; try again in a moment")
    private static let lost = CredentialFailure(
        "the token for the service did not come in time; try again, and tell the gate's operator if it persists")
}

extension TokenSource: Confidential {}
