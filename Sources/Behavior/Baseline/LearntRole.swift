// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What sessions taught about a role, with the influence of each day and each session bounded.
///
/// Of a day's sessions at most so many are kept, drawn evenly from all of that day by numbers that depend on the day
/// and the count alone; days beyond the last thirty are forgotten. One day can therefore sway a median by no more than
/// its share of the days, however many sessions somebody makes on it.
struct LearntRole: Sendable {
    /// What one session was.
    struct Session: Sendable {
        /// Tools by number, in order, the first of them.
        var path: [UInt16] = []
        var calls: Int64 = 0
        var bytes: Int64 = 0
        /// Bytes by the domain's number.
        var domains: [(domain: UInt16, bytes: Int64)] = []
    }

    struct Day: Sendable {
        let number: Int64
        var sessions: [Session] = []
        var seen: UInt64 = 0
        /// Calls in minutes that had any.
        var minutes: [Int64] = []
        var minutesSeen: UInt64 = 0
    }

    private(set) var tools = NumberedNames<ToolName>(capacity: Baseline.Limits.tools)
    private(set) var domains = NumberedNames<ByteName>(capacity: Baseline.Limits.domains)
    /// Tools of which a call had an effect.
    private(set) var effectful: Set<ToolName> = []
    /// In order.
    private(set) var days: [Day] = []
    private var lastForgotten: Int64?

    mutating func add(_ session: OpenSession, on number: Int64, _ settings: BehaviorSettings.Learning) {
        guard let day = day(number, settings) else { return }
        days[day].seen += 1
        guard let place = Self.place(days[day].sessions.count, settings.sessionsPerDay, days[day].seen, number) else {
            return
        }
        let learnt = numbered(session)
        if place < days[day].sessions.count {
            days[day].sessions[place] = learnt
        } else {
            days[day].sessions.append(learnt)
        }
    }

    /// The session with numbers in place of names; names that find no place are left out.
    private mutating func numbered(_ session: OpenSession) -> Session {
        if tools.isFull || domains.isFull { forgetUnused() }
        var learnt = Session()
        learnt.calls = session.calls
        learnt.bytes = session.bytes
        for (tool, isEffectful) in session.path {
            guard let number = tools.number(of: tool) else { continue }
            if isEffectful { effectful.insert(tool) }
            learnt.path.append(number)
        }
        for (domain, bytes) in session.sent {
            guard let number = domains.number(of: domain) else { continue }
            learnt.domains.append((number, bytes))
        }
        return learnt
    }

    /// Gives the numbers of names that no remembered session has to others, once a day at most.
    private mutating func forgetUnused() {
        guard lastForgotten != days.last?.number else { return }
        lastForgotten = days.last?.number
        let sessions = days.flatMap(\.sessions)
        let newTools = tools.keep(Set(sessions.flatMap(\.path)))
        let newDomains = domains.keep(Set(sessions.flatMap { $0.domains.map(\.domain) }))
        effectful = effectful.filter { tools.has($0) }
        for day in days.indices {
            for index in days[day].sessions.indices {
                let old = days[day].sessions[index]
                days[day].sessions[index].path = old.path.map { newTools[Int($0)] }
                days[day].sessions[index].domains = old.domains.map { (newDomains[Int($0.domain)], $0.bytes) }
            }
        }
    }

    mutating func add(minuteOf calls: Int64, on number: Int64, _ settings: BehaviorSettings.Learning) {
        guard let day = day(number, settings) else { return }
        days[day].minutesSeen += 1
        if let place = Self.place(days[day].minutes.count, settings.sessionsPerDay, days[day].minutesSeen, ~number) {
            if place < days[day].minutes.count {
                days[day].minutes[place] = calls
            } else {
                days[day].minutes.append(calls)
            }
        }
    }

    /// The place of a day, nil when it is too long ago.
    private mutating func day(_ number: Int64, _ settings: BehaviorSettings.Learning) -> Int? {
        if let index = days.lastIndex(where: { $0.number == number }) { return index }
        guard number > days.last?.number ?? -1 else { return nil }
        days.append(Day(number: number))
        days.removeAll { number - $0.number >= settings.days }
        return days.count - 1
    }

    /// Where the `seen`th of a day goes, so that each has the same chance to be kept; nil for nowhere.
    private static func place(_ count: Int, _ capacity: Int, _ seen: UInt64, _ seed: Int64) -> Int? {
        if count < capacity { return count }
        var mixed = UInt64(bitPattern: seed) &* 0x9e37_79b9_7f4a_7c15 &+ seen
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        let drawn = (mixed ^ mixed >> 31) % max(1, seen)
        return drawn < UInt64(capacity) ? Int(drawn) : nil
    }
}
