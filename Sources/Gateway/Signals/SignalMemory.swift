// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Storage
internal import Synchronization

/// Which tokens were taken, so that each is carried out once, also after a restart. When there is no room, the next one has to
/// wait: whoever forgot one would take it a second time.
final class SignalMemory: Sendable {
    /// What is known of a token that came.
    enum Entry {
        /// It is new, and its sender's to carry out until it is finished.
        case new
        /// It was carried out.
        case known
        /// Somebody carries it out at this moment.
        case busy
        /// No more can be remembered.
        case full
    }

    private struct State {
        var taken: [ReplayCache.Key: Int64] = [:]
        var busy: Set<ReplayCache.Key> = []
        var nextPurge: Int64 = .min
    }

    /// The most tokens that are remembered.
    static let capacity = 65_536
    /// Seconds between looks for what is over.
    private static let purgeInterval: Int64 = 600

    private let database: StateDatabase
    private let state: Mutex<State>

    /// Remembers what the last run took.
    init(_ database: StateDatabase, now: Int64) throws(StateDatabaseError) {
        self.database = database
        var state = State()
        for signal in try database.signals(now: now) {
            state.taken[ReplayCache.Key(issuer: signal.issuer, tokenID: signal.token)] = signal.expires
        }
        self.state = Mutex(state)
    }

    /// Looks a token up, and lets its sender carry it out when it is new.
    func begin(_ issuer: String, _ token: String, now: Int64) -> Entry {
        let key = ReplayCache.Key(issuer: issuer, tokenID: token)
        return state.withLock { state in
            if let expiry = state.taken[key], expiry > now { return .known }
            if state.taken.count &+ state.busy.count >= Self.capacity, state.nextPurge <= now {
                state.taken = state.taken.filter { $0.value > now }
                state.nextPurge = now &+ 1
            }
            guard state.taken.count &+ state.busy.count < Self.capacity else { return .full }
            return state.busy.insert(key).inserted ? .new : .busy
        }
    }

    /// Notes that a token was carried out; it is on the device when this returns.
    ///
    /// - Parameter expiry: Until when it could be accepted again, in Unix seconds.
    func finish(_ issuer: String, _ token: String, until expiry: Int64, now: Int64) throws(StateDatabaseError) {
        let key = ReplayCache.Key(issuer: issuer, tokenID: token)
        defer { _ = state.withLock { $0.busy.remove(key) } }
        try database.keep(StoredSignal(issuer: issuer, token: token, expires: expiry))
        let isDue = state.withLock { state in
            state.taken[key] = expiry
            guard state.nextPurge <= now else { return false }
            state.taken = state.taken.filter { $0.value > now }
            state.nextPurge = now &+ Self.purgeInterval
            return true
        }
        if isDue { try database.forget(signalsUntil: now) }
    }

    /// Notes that a token could not be carried out; it may come again.
    func fail(_ issuer: String, _ token: String) {
        _ = state.withLock { $0.busy.remove(ReplayCache.Key(issuer: issuer, tokenID: token)) }
    }
}
