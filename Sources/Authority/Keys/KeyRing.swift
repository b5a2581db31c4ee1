// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The keys of one kind: a state machine that says which changes are due and which are allowed.
///
/// It makes no keys and stores nothing. One key signs, at most one is prepared, and the others are known only so that
/// what they signed is still accepted, or so that it never is again.
struct KeyRing: Sendable, Hashable {
    /// What is to happen to a key.
    enum Change: Sendable, Hashable {
        /// Make a key and publish it.
        case create(KeyStage)
        /// Let a prepared key sign; the one that signed becomes old.
        case activate(String)
        /// Forget a key.
        case remove(String)
    }

    /// The most keys of a kind, revoked ones included; a bound for clocks that run wild.
    static let largestCount = 32

    let kind: KeyKind
    let schedule: KeySchedule
    private(set) var keys: [AuthorityKey]

    init(kind: KeyKind, schedule: KeySchedule, keys: [AuthorityKey] = []) {
        self.kind = kind
        self.schedule = schedule
        self.keys = keys.sorted(by: Self.isOlder)
    }

    /// The key that signs.
    var active: AuthorityKey? { keys.first { $0.stage == .active } }
    /// The key that signs next.
    var prepared: AuthorityKey? { keys.first { $0.stage == .prepared } }
    /// The keys that verifiers are told of.
    var published: [AuthorityKey] { keys.filter(\.isPublished) }

    func key(_ id: String) -> AuthorityKey? { keys.first { $0.id == id } }

    /// The next change that time asks for; asked again after it was made.
    ///
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - isClockSettled: Whether the clock has not jumped lately. Otherwise nothing is forgotten, because a clock
    ///     that jumps ahead and comes back must not take keys along that are still needed.
    func due(at now: Int64, isClockSettled: Bool) -> Change? {
        let prepared = prepared
        guard let active, active.isUsable(at: now) else {
            if let prepared, prepared.isUsable(at: now) { return .activate(prepared.id) }
            if let prepared, isClockSettled || prepared.notBefore > now { return .remove(prepared.id) }
            return .create(.active)
        }
        if isClockSettled, let spent = keys.first(where: { isSpent($0, at: now) }) { return .remove(spent.id) }
        let remaining = active.notAfter &- now
        if let prepared {
            return remaining <= schedule.activateAhead && prepared.isUsable(at: now) ? .activate(prepared.id) : nil
        }
        return remaining <= schedule.prepareAhead ? .create(.prepared) : nil
    }

    private func isSpent(_ key: AuthorityKey, at now: Int64) -> Bool {
        key.stage != .active && key.notAfter &+ schedule.retention < now
    }

    // MARK: Changes

    /// Adds a key. One that is active takes the place of the one that was.
    mutating func insert(_ key: AuthorityKey) {
        if key.stage == .active { retireActive() }
        keys.append(key)
        keys.sort(by: Self.isOlder)
    }

    /// Lets a prepared key sign.
    mutating func activate(_ id: String) throws(AuthorityError) {
        let index = try index(of: id)
        guard keys[index].stage == .prepared else {
            throw .refused("key \(id) is \(keys[index].stage.rawValue); only a prepared key can be activated")
        }
        guard !keys[index].isTainted else { throw .refused("key \(id) is tainted") }
        retireActive()
        keys[index].stage = .active
    }

    /// Distrusts a key, so that everything under it is issued again.
    mutating func taint(_ id: String) throws(AuthorityError) {
        let index = try index(of: id)
        switch keys[index].stage {
        case .active:
            throw .refused("key \(id) signs; prepare and activate another one first")
        case .revoked:
            throw .refused("key \(id) is revoked already")
        case .prepared:
            keys[index].stage = .old
        case .old:
            break
        }
        keys[index].isTainted = true
    }

    /// Withdraws a tainted key: nothing that it signed is accepted any more.
    mutating func revoke(_ id: String) throws(AuthorityError) {
        let index = try index(of: id)
        guard keys[index].isTainted, keys[index].stage == .old else {
            throw .refused("key \(id) is not tainted; taint it first, so that what it signed is issued again")
        }
        keys[index].stage = .revoked
    }

    /// Forgets a key.
    mutating func remove(_ id: String) { keys.removeAll { $0.id.utf8.elementsEqual(id.utf8) } }

    /// One order for keys in memory and keys on disk, so that the bundle is the same after a restart.
    private static func isOlder(_ left: AuthorityKey, _ right: AuthorityKey) -> Bool {
        left.published == right.published
            ? left.id.utf8.lexicographicallyPrecedes(right.id.utf8) : left.published < right.published
    }

    private mutating func retireActive() {
        for index in keys.indices where keys[index].stage == .active { keys[index].stage = .old }
    }

    private func index(of id: String) throws(AuthorityError) -> Int {
        guard let index = keys.firstIndex(where: { $0.id.utf8.elementsEqual(id.utf8) }) else {
            throw .unknown("no \(kind.rawValue) key \(id.prefix(64).filter(\.isASCII))")
        }
        return index
    }
}
