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

    private(set) var tools: [ToolName] = []
    private(set) var isRead: [Bool] = []
    private(set) var domains: [ByteName] = []
    private var toolNumbers: [ToolName: UInt16] = [:]
    private var domainNumbers: [ByteName: UInt16] = [:]
    /// In order.
    private(set) var days: [Day] = []

    /// The number of a tool; nil when there are too many.
    mutating func number(of tool: ToolName, isEffectful: Bool) -> UInt16? {
        if let number = toolNumbers[tool] {
            if isEffectful { isRead[Int(number)] = false }
            return number
        }
        guard tools.count < Baseline.Limits.tools else { return nil }
        toolNumbers[tool] = UInt16(tools.count)
        tools.append(tool)
        isRead.append(!isEffectful)
        return UInt16(tools.count - 1)
    }

    /// The number of a domain; nil when there are too many.
    mutating func number(of domain: ByteName) -> UInt16? {
        if let number = domainNumbers[domain] { return number }
        guard domains.count < Baseline.Limits.domains else { return nil }
        domainNumbers[domain] = UInt16(domains.count)
        domains.append(domain)
        return UInt16(domains.count - 1)
    }

    mutating func add(_ session: Session, on number: Int64, _ settings: BehaviorSettings.Learning) {
        guard let day = day(number, settings) else { return }
        days[day].seen += 1
        if let place = Self.place(days[day].sessions.count, settings.sessionsPerDay, days[day].seen, number) {
            if place < days[day].sessions.count {
                days[day].sessions[place] = session
            } else {
                days[day].sessions.append(session)
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
