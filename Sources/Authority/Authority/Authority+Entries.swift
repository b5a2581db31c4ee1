// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

extension Authority {
    /// All entries.
    public nonisolated var entries: [RegistrationEntry] { live.withLock { $0.index.entries } }

    /// The kinds of selectors that entries ask for. Attestation looks for no others.
    public nonisolated var wantedSelectors: Set<Selector.Kind> { live.withLock { $0.index.wanted } }

    /// The parent of entries for callers on this machine.
    public nonisolated var localNodeID: SPIFFEID { localNode }

    /// Adds an operator's entry.
    public func add(_ entry: RegistrationEntry) throws(AuthorityError) {
        let entries = entries
        guard entry.spiffeID.trustDomain == configuration.trustDomain else {
            throw .refused("\(EntryError.foreignDomain)")
        }
        guard entry.origin == .operator else {
            throw .refused("entries of the configuration come with the configuration")
        }
        guard entry.isCurrent(at: clock.wall()) else { throw .refused("the entry has expired already") }
        guard entries.count < EntryIndex.largestCount else {
            throw .refused("there are \(entries.count) entries already, which is the most")
        }
        guard !entries.contains(where: { $0.saysTheSame(as: entry) }) else {
            throw .refused("there is an entry with these selectors for \(entry.spiffeID) already")
        }
        try change(removing: [], adding: [entry])
    }

    /// Removes an operator's entry. Whoever has its identity is not given it again.
    public func removeEntry(_ id: String) throws(AuthorityError) {
        guard let entry = live.withLock({ $0.index.entry(id) }) else {
            throw .unknown("no entry \(id.prefix(64).filter(\.isASCII))")
        }
        guard entry.origin == .operator else {
            throw .refused("the entry comes from the configuration; remove it there, then type: yett reload")
        }
        try change(removing: [entry.id], adding: [])
    }

    /// Makes the configuration's entries these, in one step.
    public func setConfigured(_ configured: [RegistrationEntry]) throws(AuthorityError) {
        guard configured.allSatisfy({ $0.spiffeID.trustDomain == configuration.trustDomain }) else {
            throw .refused("\(EntryError.foreignDomain)")
        }
        guard configured.allSatisfy({ $0.origin == .configuration }),
            Set(configured.map(\.id)).count == configured.count
        else { throw .refused("two entries of the configuration are the same") }
        let present = entries
        let wanted = Set(configured)
        let kept = Set(present.filter { $0.origin == .configuration && wanted.contains($0) })
        let removed = present.filter { $0.origin == .configuration && !kept.contains($0) }.map(\.id)
        let added = configured.filter { !kept.contains($0) }
        guard present.count &- removed.count &+ added.count <= EntryIndex.largestCount else {
            throw .refused("there would be more than \(EntryIndex.largestCount) entries")
        }
        try change(removing: removed, adding: added)
    }

    func removeExpiredEntries(now: Int64) throws(AuthorityError) {
        try change(removing: entries.filter { !$0.isCurrent(at: now) }.map(\.id), adding: [])
    }

    private func change(removing removed: [String], adding added: [RegistrationEntry]) throws(AuthorityError) {
        guard !removed.isEmpty || !added.isEmpty else { return }
        try store.change(removing: removed, adding: added)
        var next = live.withLock { $0 }
        let gone = Set(removed)
        next.index = EntryIndex(next.index.entries.filter { !gone.contains($0.id) } + added)
        publish(next)
    }

    // MARK: Join tokens

    /// Makes a token for one remote workload.
    ///
    /// - Parameters:
    ///   - id: The identity that whoever presents the token gets.
    ///   - lifetime: Seconds for which it is good.
    public func makeJoinToken(
        for id: SPIFFEID, lifetime: Int64 = JoinToken.usualLifetime
    ) throws(AuthorityError) -> JoinToken {
        guard id.trustDomain == configuration.trustDomain else { throw .refused("\(EntryError.foreignDomain)") }
        guard !id.path.isEmpty else { throw .refused("\(EntryError.noPath)") }
        guard !id.path.utf8.starts(with: RegistrationEntry.reservedPath.utf8) else {
            throw .refused("\(EntryError.reserved)")
        }
        guard JoinToken.lifetimes.contains(lifetime) else {
            throw .refused("a join token is good for 1 to \(JoinToken.lifetimes.upperBound) seconds")
        }
        let now = clock.wall()
        let token = JoinToken(spiffeID: id, expires: now &+ lifetime)
        try store.insert(token, now: now)
        return token
    }

    /// Takes a token, which is worth nothing from then on, whatever comes of it.
    ///
    /// - Throws: ``AuthorityError/denied(_:)`` in the same words for a token that is unknown, used or expired.
    func consume(joinToken text: String) throws(AuthorityError) -> SPIFFEID {
        guard let digest = JoinToken.digest(ofPresented: text),
            let id = try store.consumeToken(digest, now: clock.wall()), id.trustDomain == configuration.trustDomain
        else { throw .denied("the join token is unknown, used or expired") }
        return id
    }
}

extension RegistrationEntry {
    /// Whether both give the same identity to the same callers.
    fileprivate func saysTheSame(as other: RegistrationEntry) -> Bool {
        spiffeID == other.spiffeID && parentID == other.parentID && selectors == other.selectors
    }
}
