// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tokens that were fetched, and the bookkeeping of fetches: for one key there is one fetch at a time. Who asks first
/// fetches, who asks meanwhile waits.
///
/// It does no I/O and has no clock; `now` is Unix seconds. Refresh tokens are not kept in it.
public struct TokenCache<Waiter: Hashable & Sendable, Token: CacheableToken, Failure: Error>: Sendable {
    /// The right to fetch a token. What another than the latest holder says is not heard.
    public struct Ticket: Sendable, Hashable {
        /// What is to be fetched.
        public let key: TokenCacheKey
        fileprivate let number: UInt64
    }

    /// What one who asks is to do.
    public enum Step: Sendable {
        /// Use this token.
        case use(Token)
        /// Fetch it, and then call ``complete(_:_:now:)`` whatever comes of it.
        case fetch(Ticket)
        /// Wait; the fetch of another will release this waiter.
        case wait
        /// Do without: the last fetch failed a moment ago.
        case failed(Failure)
        /// Do without: too many are waiting, or too many keys are busy.
        case full
    }

    private enum State: Sendable {
        case fetching(number: UInt64, since: Int64, waiters: [Waiter])
        case ready(Token, usableUntil: Int64)
        case failed(Failure, until: Int64)
    }

    private let limits: TokenCacheLimits
    private var states: [TokenCacheKey: State] = [:]
    private var nextNumber: UInt64 = 0

    /// An empty cache.
    public init(limits: TokenCacheLimits = .standard) { self.limits = limits }

    /// Keys that take room.
    public var count: Int { states.count }

    /// Asks for a token.
    public mutating func ask(_ key: TokenCacheKey, _ waiter: Waiter, now: Int64) -> Step {
        switch states[key] {
        case .ready(let token, let usableUntil)? where now < usableUntil: return .use(token)
        case .failed(let refusal, let until)? where now < until: return .failed(refusal)
        case .fetching(_, let since, var waiters)?:
            if now &- since < limits.fetch {
                guard waiters.count < limits.waiters else { return .full }
                waiters.append(waiter)
                return wait(key, waiters)
            }
            // The fetch was lost. Those who wait for it wait for the next one.
            return .fetch(begin(key, waiters, now))
        case .ready?, .failed?: return .fetch(begin(key, [], now))
        case nil:
            guard makeRoom(now) else { return .full }
            return .fetch(begin(key, [], now))
        }
    }

    private mutating func wait(_ key: TokenCacheKey, _ waiters: [Waiter]) -> Step {
        guard case .fetching(let number, let since, _)? = states[key] else { return .full }
        states[key] = .fetching(number: number, since: since, waiters: waiters)
        return .wait
    }

    private mutating func begin(_ key: TokenCacheKey, _ waiters: [Waiter], _ now: Int64) -> Ticket {
        nextNumber &+= 1
        states[key] = .fetching(number: nextNumber, since: now, waiters: waiters)
        return Ticket(key: key, number: nextNumber)
    }

    /// Tells how a fetch ended, and gives those who waited for it. Nobody is released by a ticket that was taken over
    /// or whose caller was removed; its holder still has its own result.
    public mutating func complete(
        _ ticket: Ticket, _ result: Result<Token, Failure>, now: Int64
    ) -> [Waiter] {
        guard case .fetching(let number, let since, let waiters)? = states[ticket.key], number == ticket.number else {
            return []
        }
        switch result {
        case .success(let token):
            // The life of a token counts from the request: its answer may have been long on its way.
            let early = min(limits.margin, token.lifetime / 2)
            let (usableUntil, isTooLate) = since.addingReportingOverflow(token.lifetime &- early)
            states[ticket.key] = .ready(token.cached, usableUntil: isTooLate ? .max : usableUntil)
        case .failure(let refusal):
            let (until, isTooLate) = now.addingReportingOverflow(limits.failure)
            states[ticket.key] = .failed(refusal, until: isTooLate ? .max : until)
        }
        return waiters
    }

    /// Forgets one who waits no longer.
    public mutating func abandon(_ waiter: Waiter, _ key: TokenCacheKey) {
        guard case .fetching(let number, let since, let waiters)? = states[key] else { return }
        states[key] = .fetching(number: number, since: since, waiters: waiters.filter { $0 != waiter })
    }

    /// Forgets a token that an upstream refuses, unless another one has taken its place.
    public mutating func invalidate(_ key: TokenCacheKey, _ token: Token) {
        guard case .ready(let current, _)? = states[key], current.isSame(as: token) else { return }
        states[key] = nil
    }

    /// Forgets everything of a caller whose rights ended, and gives those who waited: they are to be refused. A fetch
    /// that is still under way leaves nothing behind.
    public mutating func removeAll(ofCaller caller: String) -> [Waiter] {
        let caller = Array(caller.utf8)
        return remove { key, _ in key.caller == caller }
    }

    /// Forgets what is over, and gives those who wait for a fetch that was lost: they are to ask again.
    public mutating func sweep(now: Int64) -> [Waiter] {
        remove { [limits] _, state in
            switch state {
            case .ready(_, let usableUntil): now >= usableUntil
            case .failed(_, let until): now >= until
            case .fetching(_, let since, _): now &- since >= limits.fetch
            }
        }
    }

    private mutating func remove(where isOver: (TokenCacheKey, State) -> Bool) -> [Waiter] {
        var released: [Waiter] = []
        for (key, state) in states where isOver(key, state) {
            if case .fetching(_, _, let waiters) = state { released += waiters }
            states[key] = nil
        }
        return released
    }

    /// Makes room for one more key: what is over goes, then the token that ends first. Fetches stay.
    private mutating func makeRoom(_ now: Int64) -> Bool {
        guard states.count >= limits.entries else { return true }
        var first: (key: TokenCacheKey, end: Int64)?
        for (key, state) in states {
            let end: Int64
            switch state {
            case .ready(_, let usableUntil): end = usableUntil
            case .failed(_, let until): end = until
            case .fetching: continue
            }
            if first.map({ end < $0.end }) ?? true { first = (key, end) }
        }
        guard let first else { return false }
        states[first.key] = nil
        return true
    }
}

extension TokenCache: Confidential {
    /// How many keys, and nothing about tokens.
    public var description: String { "TokenCache(\(count) keys)" }
}
