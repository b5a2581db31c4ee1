// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The keys of a provider, and when to ask for them: an attacker who makes up names of keys makes us ask once in an
/// interval and no more often.
public struct ProviderKeys: Sendable {
    /// What to do about a key.
    public enum Step: Sendable {
        /// Use it.
        case use(VerificationKey)
        /// Ask the provider, then look again.
        case fetch
        /// The provider has no such key, as far as one may know now.
        case unknown
        /// The provider was asked a moment ago, in vain.
        case unavailable
    }

    /// The most keys of one provider.
    public static let mostKeys = 100
    /// The least time between two questions, in seconds.
    public static let interval: Int64 = 10
    /// How long keys are believed, in seconds: one that the provider withdrew is no good any longer than this.
    public static let life: Int64 = 900

    private var keys: VerificationKeys?
    private var fetchedAt: Int64 = 0
    private var askedAt: Int64?

    /// No keys yet.
    public init() {}

    /// What to do about the key with this name. `fetch` is answered once in an interval.
    ///
    /// - Parameter now: Unix seconds.
    public mutating func step(for keyID: String, now: Int64) -> Step {
        if let key = known(keyID, now: now) { return .use(key) }
        if let askedAt, now < askedAt &+ Self.interval, now >= askedAt {
            // Only an answer to that question says that there is no such key.
            return isFresh(now) && fetchedAt >= askedAt ? .unknown : .unavailable
        }
        askedAt = now
        return .fetch
    }

    /// The key with this name, if it is there and still believed.
    ///
    /// - Parameter now: Unix seconds.
    public func known(_ keyID: String, now: Int64) -> VerificationKey? { isFresh(now) ? keys?[keyID] : nil }

    private func isFresh(_ now: Int64) -> Bool { keys != nil && now < fetchedAt &+ Self.life && now >= fetchedAt }

    /// Takes the provider's answer.
    ///
    /// - Throws: ``ProviderError``; the keys of before are believed until their time is over.
    public mutating func take(_ bytes: [UInt8], now: Int64) throws(ProviderError) {
        let set: JSONWebKeySet
        do throws(KeySetError) {
            set = try JSONWebKeySet(parsing: bytes)
        } catch {
            throw error == .tooManyKeys ? .tooManyKeys : .keys(error)
        }
        guard set.keys.count <= Self.mostKeys else { throw .tooManyKeys }
        keys = VerificationKeys(set)
        fetchedAt = now
    }
}
