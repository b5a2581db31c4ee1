// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Gathers what is usual from events, session by session.
///
/// A session teaches nothing when its agent had a score above normal at any of its events, when a strong refusal
/// happened in it, or when it touched a canary. It is over when nothing was heard of it for a while.
struct BaselineLearner: Sendable {
    private static let minute: Int64 = 60_000_000
    private static let day: Int64 = 86_400_000_000

    private struct Key: Hashable, Sendable {
        let agent: ByteName
        let session: SessionKey
    }

    private struct Minute: Sendable {
        let role: ByteName
        var number: Int64
        var calls: Int64 = 0
        var isTainted = false
    }

    private let settings: BehaviorSettings
    private var open: BoundedTable<Key, OpenSession>
    private var minutes: BoundedTable<ByteName, Minute>
    private var roles: [ByteName: LearntRole] = [:]

    init(settings: BehaviorSettings) {
        self.settings = settings
        open = BoundedTable(capacity: settings.learning.openSessions)
        minutes = BoundedTable(capacity: settings.capacity.agents)
    }

    /// Takes an event in.
    mutating func observe(_ event: BehaviorEvent, at now: Int64, isTrusted: Bool) {
        let role = ByteName(event.role)
        if roles[role] == nil {
            guard roles.count < Baseline.Limits.roles else { return }
            roles[role] = LearntRole()
        }
        var isTainted = !isTrusted || event.touchesCanary
        if case .denied(let kind) = event.outcome, kind.isStrong { isTainted = true }
        count(event, role, now, isTainted)
        let slot = place(Key(agent: ByteName(event.agent), session: SessionKey(event)), role, now)
        open.values[slot].lastSeen = now
        if isTainted { open.values[slot].isTainted = true }
        guard !event.outcome.isDenied, !open.values[slot].isTainted else { return }
        open.values[slot].add(event, settings.learning)
    }

    /// What was learnt up to a time.
    mutating func proposal(at now: Int64) -> BaselineProposal {
        for slot in open.slots where now - open.values[slot].lastSeen >= settings.learning.sessionIdle { close(slot) }
        var notes: [String] = []
        let profiles = roles.keys.sorted().compactMap { role in
            roles[role].flatMap { RoleSummary($0, settings).profile(role.text, &notes) }
        }
        return BaselineProposal(baseline: Baseline(roles: profiles), leftOut: notes)
    }

    private mutating func place(_ key: Key, _ role: ByteName, _ now: Int64) -> Int {
        if let slot = open.use(key) {
            let isIdle = now - open.values[slot].lastSeen >= settings.learning.sessionIdle
            if isIdle || open.values[slot].isOver || open.values[slot].role != role {
                close(slot)
                open.values[slot] = OpenSession(role: role, now: now)
            }
            return slot
        }
        guard let insertion = open.insert(key, OpenSession(role: role, now: now)) else { return 0 }
        if let dropped = insertion.dropped { keep(dropped) }
        return insertion.slot
    }

    private mutating func close(_ slot: Int) {
        keep(open.values[slot])
        open.values[slot].isOver = true
    }

    private mutating func keep(_ session: OpenSession) {
        guard !session.isOver, !session.isTainted, session.calls > 0 else { return }
        roles[session.role]?.add(session, on: session.lastSeen / Self.day, settings.learning)
    }

    private mutating func count(_ event: BehaviorEvent, _ role: ByteName, _ now: Int64, _ isTainted: Bool) {
        guard !event.isContinuation else { return }
        let number = now / Self.minute
        let agent = ByteName(event.agent)
        guard let slot = minutes.use(agent) else {
            let fresh = Minute(role: role, number: number, calls: 1, isTainted: isTainted)
            if let gone = minutes.insert(agent, fresh)?.dropped { keep(gone) }
            return
        }
        if minutes.values[slot].number != number || minutes.values[slot].role != role {
            keep(minutes.values[slot])
            minutes.values[slot] = Minute(role: role, number: number)
        }
        minutes.values[slot].calls += 1
        if isTainted { minutes.values[slot].isTainted = true }
    }

    private mutating func keep(_ minute: Minute) {
        guard !minute.isTainted else { return }
        roles[minute.role]?.add(
            minuteOf: minute.calls, on: minute.number * Self.minute / Self.day, settings.learning)
    }
}
