// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

/// The keys of tool tokens. They exist in memory only: a restart makes new ones, and a token lives for minutes.
///
/// The next key is published before it signs, an old one until everything that it signed has ended. Where several gates
/// verify each other's tokens, no key signs before the others know it, and theirs are published beside the own ones.
public final class ToolKeyRing: Sendable {
    fileprivate struct Own {
        let signer: KeySigner
        let made: Int64
        /// Whether whoever has to verify knows the key.
        var isKnown: Bool
    }

    fileprivate struct State {
        var active: Own
        var next: Own
        var activated: Int64
        var old: [TimedKey] = []
        /// The keys of other gates, by gate.
        var others: [String: [TimedKey]] = [:]
        /// Every key that verifies at present.
        var published: [VerificationKey] = []
        var verification = VerificationKeys([])
    }

    /// How long a key signs, in seconds.
    public static let life: Int64 = 24 * 3600
    /// How long a key is published after it has signed last, in seconds: the longest token and a minute of clock.
    private static let aftermath = ToolTokenClaims.maximumLifetime + 60
    /// For how long other gates are told that a key counts, in seconds, each time they are told: that of a gate which is
    /// gone is forgotten then.
    private static let announced: Int64 = 2 * 3600
    /// By how much another gate's clock may be ahead, in seconds: the most that `cluster.max_clock_skew` allows.
    fileprivate static let skew: Int64 = 600
    /// The most keys of other gates; a set of keys holds no more than 256.
    public static let mostOthers = 240

    private let state: Mutex<State>
    private let isShared: Bool

    /// Makes two new keys.
    ///
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - isShared: Whether a key signs only once ``othersKnow(_:)`` has named it.
    /// - Throws: `VerificationKeyError`, which a P-256 key gives no reason for.
    public init(now: Int64, isShared: Bool = false) throws(VerificationKeyError) {
        self.isShared = isShared
        var state = State(
            active: try Self.make(now, isKnown: !isShared), next: try Self.make(now, isKnown: !isShared),
            activated: now)
        state.publish(at: now)
        self.state = Mutex(state)
    }

    /// Who signs now.
    ///
    /// - Throws: `SigningError` while the other gates do not know the key.
    public var signer: KeySigner {
        get throws(SigningError) {
            let active = state.withLock { $0.active }
            guard active.isKnown else {
                throw .invalid("the other gates do not know the gate's new key yet; ask again in some seconds")
            }
            return active.signer
        }
    }

    /// Every key that verifies.
    public var verificationKeys: VerificationKeys { state.withLock { $0.verification } }

    /// The JWKS of tool tokens.
    public var keySet: JSONWebKeySet { JSONWebKeySet(state.withLock { $0.published }.map(\.jsonWebKey)) }

    /// Activates the next key when it is time to, and drops old ones.
    ///
    /// - Parameter now: Unix seconds.
    public func maintain(now: Int64) {
        state.withLock { state in
            defer { state.publish(at: now) }
            state.old.removeAll { $0.until <= now }
            guard now &- state.activated >= Self.life, state.next.isKnown,
                let fresh = try? Self.make(now, isKnown: !isShared)
            else { return }
            state.old.append(state.active.timed(until: now &+ Self.aftermath))
            state.active = state.next
            state.next = fresh
            state.activated = now
        }
    }

    /// Withdraws a key at once: nothing that it signed is good any more.
    ///
    /// - Returns: Whether it was there.
    public func withdraw(_ keyID: String, now: Int64) -> Bool {
        state.withLock { state in
            defer { state.publish(at: now) }
            let isOthers = state.others.values.contains { $0.contains { $0.isNamed(keyID) } }
            for gate in state.others.keys { state.others[gate]?.removeAll { $0.isNamed(keyID) } }
            let count = state.old.count
            state.old.removeAll { $0.isNamed(keyID) }
            if isOthers || count != state.old.count { return true }
            guard let fresh = try? Self.make(now, isKnown: !isShared) else { return false }
            if state.active.signer.keyID == keyID {
                state.active = state.next
                state.next = fresh
                state.activated = now
                return true
            }
            guard state.next.signer.keyID == keyID else { return false }
            state.next = fresh
            return true
        }
    }

    // MARK: Several gates

    /// What other gates are told of this gate's keys.
    ///
    /// - Parameter now: Unix seconds.
    public func own(at now: Int64) -> [TimedKey] {
        let until = now &+ Self.announced
        return state.withLock { [$0.active.timed(until: until), $0.next.timed(until: until)] + $0.old }
    }

    /// The other gates know these keys.
    ///
    /// - Parameter keyIDs: Their names.
    public func othersKnow(_ keyIDs: Set<String>) {
        state.withLock { state in
            if keyIDs.contains(state.active.signer.keyID) { state.active.isKnown = true }
            if keyIDs.contains(state.next.signer.keyID) { state.next.isKnown = true }
        }
    }

    /// Another gate says which keys it signs with; what it said before counts no more.
    ///
    /// - Parameter now: Unix seconds.
    /// - Returns: Whether there was room for them.
    public func take(_ keys: [TimedKey], of gate: String, now: Int64) -> Bool {
        state.withLock { state in
            let count = state.others.reduce(keys.count) { $1.key == gate ? $0 : $0 + $1.value.count }
            guard count <= Self.mostOthers else { return false }
            state.others[gate] = keys
            state.publish(at: now)
            return true
        }
    }

    /// How many keys of another gate are known.
    public func count(of gate: String) -> Int { state.withLock { $0.others[gate]?.count ?? 0 } }

    private static func make(_ now: Int64, isKnown: Bool) throws(VerificationKeyError) -> Own {
        Own(signer: try KeySigner(SigningKey.generate(), use: "sig"), made: now, isKnown: isKnown)
    }
}

extension ToolKeyRing.Own {
    fileprivate func timed(until: Int64) -> TimedKey {
        TimedKey(key: signer.verificationKey, from: made, until: until)
    }
}

extension ToolKeyRing.State {
    /// Puts together what verifies, when that has changed.
    fileprivate mutating func publish(at now: Int64) {
        for gate in others.keys { others[gate]?.removeAll { $0.until <= now } }
        var keys = [active.signer.verificationKey, next.signer.verificationKey] + old.map(\.key)
        // Whoever repeats a key of another gate does not push it out.
        var names = Set(keys.map(\.jsonWebKey.keyID))
        for entry in others.sorted(by: { $0.key < $1.key }) {
            for key in entry.value where key.from <= now &+ ToolKeyRing.skew {
                if names.insert(key.key.jsonWebKey.keyID).inserted { keys.append(key.key) }
            }
        }
        guard keys != published else { return }
        published = keys
        verification = VerificationKeys(keys)
    }
}

extension TimedKey {
    fileprivate func isNamed(_ keyID: String) -> Bool {
        key.jsonWebKey.keyID?.utf8.elementsEqual(keyID.utf8) ?? false
    }
}
