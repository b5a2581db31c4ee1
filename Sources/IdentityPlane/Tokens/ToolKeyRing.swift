// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

/// The keys of tool tokens. They exist in memory only: a restart makes new ones, and a token lives for minutes.
///
/// The next key is published before it signs, an old one until everything that it signed has ended.
public final class ToolKeyRing: Sendable {
    private struct State {
        var active: KeySigner
        var next: KeySigner
        var activated: Int64
        var old: [(key: VerificationKey, until: Int64)] = []
    }

    /// How long a key signs, in seconds.
    public static let life: Int64 = 24 * 3600
    /// How long a key is published after it has signed last, in seconds: the longest token and a minute of clock.
    private static let aftermath = ToolTokenClaims.maximumLifetime + 60

    private let state: Mutex<State>

    /// Makes two new keys.
    ///
    /// - Parameter now: Unix seconds.
    /// - Throws: `VerificationKeyError`, which a P-256 key gives no reason for.
    public init(now: Int64) throws(VerificationKeyError) {
        state = Mutex(State(active: try Self.make(), next: try Self.make(), activated: now))
    }

    /// Who signs now.
    public var signer: KeySigner { state.withLock { $0.active } }

    /// Every key that verifies.
    public var verificationKeys: VerificationKeys { VerificationKeys(published) }

    /// The JWKS of tool tokens.
    public var keySet: JSONWebKeySet { JSONWebKeySet(published.map(\.jsonWebKey)) }

    /// Activates the next key when it is time to, and drops old ones.
    ///
    /// - Parameter now: Unix seconds.
    public func maintain(now: Int64) {
        state.withLock { state in
            state.old.removeAll { $0.until <= now }
            guard now &- state.activated >= Self.life, let fresh = try? Self.make() else { return }
            state.old.append((state.active.verificationKey, now &+ Self.aftermath))
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
            let count = state.old.count
            state.old.removeAll { $0.key.jsonWebKey.keyID == keyID }
            if count != state.old.count { return true }
            guard let fresh = try? Self.make() else { return false }
            if state.active.keyID == keyID {
                state.active = state.next
                state.next = fresh
                state.activated = now
                return true
            }
            guard state.next.keyID == keyID else { return false }
            state.next = fresh
            return true
        }
    }

    private var published: [VerificationKey] {
        state.withLock { [$0.active.verificationKey, $0.next.verificationKey] + $0.old.map(\.key) }
    }

    private static func make() throws(VerificationKeyError) -> KeySigner {
        try KeySigner(SigningKey.generate(), use: "sig")
    }
}
