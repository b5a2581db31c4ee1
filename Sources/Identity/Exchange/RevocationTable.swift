// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What tokens are refused for although their signatures and times are right. Bounded: when it is full, a new revocation
/// is refused, so that whoever revokes knows; nothing is forgotten before its time.
public struct RevocationTable: Sendable {
    /// The claims that can be revoked.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One token.
        case tokenID = "jti"
        /// A task with all of its tokens.
        case transaction = "txn"
        /// A person, or an agent for which nobody asked.
        case subject = "sub"
        /// An agent, wherever it stands in the chain.
        case actor = "act.sub"
        /// Who presents.
        case client = "client_id"
        /// A signing key.
        case key = "kid"
    }

    /// One revocation.
    public struct Entry: Sendable, Hashable {
        /// Which claim.
        public let kind: Kind
        /// Its value.
        public let value: String

        /// Names a claim.
        public init(_ kind: Kind, _ value: String) {
            self.kind = kind
            self.value = value
        }
    }

    private var entries: [Entry: Int64] = [:]
    private let capacity: Int

    /// An empty table.
    public init(capacity: Int = 65_536) { self.capacity = max(capacity, 1) }

    /// How many there are.
    public var count: Int { entries.count }

    /// Revokes.
    ///
    /// - Parameters:
    ///   - expiry: Until when it matters, in Unix seconds: when the last token that it could speak of has ended.
    ///   - now: Unix seconds.
    /// - Returns: Whether there was room.
    public mutating func insert(_ entry: Entry, until expiry: Int64, now: Int64) -> Bool {
        if let known = entries[entry] {
            entries[entry] = max(known, expiry)
            return true
        }
        if entries.count >= capacity { purge(at: now) }
        guard entries.count < capacity else { return false }
        entries[entry] = expiry
        return true
    }

    /// Forgets what has no more meaning.
    public mutating func purge(at now: Int64) { entries = entries.filter { $0.value > now } }

    /// What revokes a token, if anything does.
    ///
    /// - Parameter keyID: `kid` of the token's header.
    public func revocation(of claims: ToolTokenClaims, keyID: String?) -> Entry? {
        guard !entries.isEmpty else { return nil }
        var candidates = [
            Entry(.tokenID, claims.tokenID), Entry(.transaction, claims.transaction), Entry(.subject, claims.subject),
            Entry(.client, claims.clientID.description),
        ]
        candidates += claims.actors.map { Entry(.actor, $0.description) }
        if let keyID { candidates.append(Entry(.key, keyID)) }
        return candidates.first { entries[$0] != nil }
    }
}
