// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

extension Authority {
    /// Does what time asks for: makes, activates and forgets keys, renews the intermediate, drops entries that have
    /// expired. To be called every few seconds.
    ///
    /// - Throws: ``AuthorityError`` when a part of it failed; the others are done nevertheless.
    public func maintain() throws(AuthorityError) {
        let now = clock.wall()
        let isSettled = clockWatch.observe(wall: now, monotonic: clock.monotonic())
        var failure: AuthorityError?
        for kind in KeyKind.allCases {
            let present = live.withLock { $0 }
            do throws(AuthorityError) {
                let next = try changes.settle(present, kind, now: now, isClockSettled: isSettled)
                if next.isChanged(from: present) { publish(next) }
            } catch {
                failure = failure ?? error
            }
        }
        try removeExpiredEntries(now: now)
        if let failure { throw failure }
    }

    /// Publishes a key that can be activated later. One that was prepared before is withdrawn; it has signed nothing.
    @discardableResult
    public func prepare(_ kind: KeyKind) throws(AuthorityError) -> AuthorityKey {
        let (next, key) = try changes.prepare(live.withLock { $0 }, kind, now: clock.wall())
        publish(next)
        return key
    }

    /// Lets the prepared key sign from now on.
    public func activate(_ kind: KeyKind, _ id: String) throws(AuthorityError) {
        try change(kind) { ring throws(AuthorityError) in try ring.activate(id) }
    }

    /// Distrusts a key that signs no more: everything under it is issued again at once.
    public func taint(_ kind: KeyKind, _ id: String) throws(AuthorityError) {
        try change(kind) { ring throws(AuthorityError) in try ring.taint(id) }
    }

    /// Withdraws a tainted key from the bundle: nothing that it signed is accepted any more.
    public func revoke(_ kind: KeyKind, _ id: String) throws(AuthorityError) {
        try change(kind) { ring throws(AuthorityError) in try ring.revoke(id) }
    }

    private func change(
        _ kind: KeyKind, _ body: (inout KeyRing) throws(AuthorityError) -> Void
    ) throws(AuthorityError) {
        publish(try changes.change(live.withLock { $0 }, kind, now: clock.wall(), body))
    }
}

extension Live {
    /// Whether a key, or something that is signed with one, differs.
    fileprivate func isChanged(from before: Live) -> Bool {
        book.stored != before.book.stored || jwtSigner?.id != before.jwtSigner?.id
            || intermediate?.issuer.certificate != before.intermediate?.issuer.certificate
    }
}
