// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Makes a profile of what was learnt of a role.
struct RoleSummary {
    private let role: LearntRole
    private let settings: BehaviorSettings
    private let sessions: [(day: Int64, session: LearntRole.Session)]

    init(_ role: LearntRole, _ settings: BehaviorSettings) {
        self.role = role
        self.settings = settings
        sessions = role.days.flatMap { day in day.sessions.map { (day.number, $0) } }
    }

    /// The profile, nil without a session; what was seen too rarely is noted instead.
    func profile(_ name: String, _ notes: inout [String]) -> RoleProfile? {
        guard !sessions.isEmpty else { return nil }
        var profile = RoleProfile(role: name)
        profile.sessions = Int64(sessions.count)
        profile.days = Int64(role.days.count { !$0.sessions.isEmpty })
        let positions = addTools(to: &profile, &notes)
        addDomains(to: &profile, &notes)
        for (isFull, what) in [(role.tools.isFull, "tools"), (role.domains.isFull, "domains")] where isFull {
            notes.append("role \(VisibleText.quoted(name)): there are more \(what) than are counted")
        }
        let paths = sessions.map { $0.session.path.map { positions[Int($0)] ?? profile.tools.count } }
        let counts = TransitionCounts(paths, tools: profile.tools.count, settings.learning)
        profile.transitions = counts.transitions
        if profile.sessions >= settings.learning.sequenceSessions {
            profile.surpriseLimit = counts.limit(paths, settings.sequence)
        }
        profile.sessionCalls = Spread(of: sessions.map { $0.session.calls * 1000 })
        let bytes = sessions.map(\.session.bytes).filter { $0 > 0 }
        profile.sessionBytes = Spread(of: bytes.map { Binary.ln(UInt64($0)) })
        let toOne = sessions.flatMap { $0.session.domains.map(\.bytes) }.filter { $0 > 0 }
        profile.destinationBytes = Spread(of: toOne.map { Binary.ln(UInt64($0)) })
        let minutes = role.days.flatMap(\.minutes).sorted()
        profile.minuteCalls = Spread.quantile(minutes, 95, of: 100).map { $0 * 1000 }
        return profile
    }

    /// Adds the tools that enough sessions used; returns their positions by number.
    private func addTools(to profile: inout RoleProfile, _ notes: inout [String]) -> [Int: Int] {
        var seen = [(sessions: Int64, days: Set<Int64>)](repeating: (0, []), count: role.tools.names.count)
        for (day, session) in sessions {
            for number in Set(session.path) {
                seen[Int(number)].sessions += 1
                seen[Int(number)].days.insert(day)
            }
        }
        var positions: [Int: Int] = [:]
        for number in role.tools.names.indices.sorted(by: { role.tools.names[$0] < role.tools.names[$1] })
        where seen[number].sessions > 0 {
            let tool = role.tools.names[number]
            guard isEnough(seen[number].sessions, seen[number].days.count) else {
                notes.append(note(profile.role, "tool " + tool.text, seen[number].sessions, seen[number].days.count))
                continue
            }
            positions[number] = profile.tools.count
            profile.tools.append(
                RoleProfile.Tool(
                    service: tool.service.text, tool: tool.tool.text, isRead: !role.effectful.contains(tool),
                    sessions: seen[number].sessions))
        }
        return positions
    }

    private func addDomains(to profile: inout RoleProfile, _ notes: inout [String]) {
        var seen = [(sessions: Int64, days: Set<Int64>)](repeating: (0, []), count: role.domains.names.count)
        for (day, session) in sessions {
            for (number, _) in session.domains {
                seen[Int(number)].sessions += 1
                seen[Int(number)].days.insert(day)
            }
        }
        for number in role.domains.names.indices.sorted(by: { role.domains.names[$0] < role.domains.names[$1] })
        where seen[number].sessions > 0 {
            let name = role.domains.names[number].text
            if isEnough(seen[number].sessions, seen[number].days.count) {
                profile.domains.append(RoleProfile.Domain(name: name, sessions: seen[number].sessions))
            } else {
                let what = "domain " + VisibleText.quoted(name)
                notes.append(note(profile.role, what, seen[number].sessions, seen[number].days.count))
            }
        }
    }

    private func isEnough(_ sessions: Int64, _ days: Int) -> Bool {
        sessions >= settings.learning.leastSessions && days >= settings.learning.leastDays
    }

    private func note(_ role: String, _ what: String, _ sessions: Int64, _ days: Int) -> String {
        "role \(VisibleText.quoted(role)): \(what) was seen in \(sessions) sessions on \(days) days, which is too few"
    }
}

/// How often one tool followed another over sessions, each session counting for the same pair a few times at most.
struct TransitionCounts {
    private let tools: Int
    private let most: Int64
    private var pairs: [Int64: Int64] = [:]
    private var totals: [Int64]

    init(_ paths: [[Int]], tools: Int, _ settings: BehaviorSettings.Learning) {
        self.tools = tools
        most = settings.transitionsPerSession
        totals = [Int64](repeating: 0, count: tools + 2)
        for path in paths {
            for (pair, count) in Self.pairs(path, most) {
                pairs[pair, default: 0] += count
                totals[Int(pair >> 32)] += count
            }
        }
    }

    /// The most frequent transitions between known tools, in order of positions.
    var transitions: [RoleProfile.Transition] {
        let known = pairs.filter { Int($0.key >> 32) <= tools && Int($0.key & 0xffff_ffff) < tools }
        let sorted = known.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return sorted.prefix(Baseline.Limits.transitions).sorted { $0.key < $1.key }.map {
            RoleProfile.Transition(from: ($0.key >> 32) - 1, to: $0.key & 0xffff_ffff, count: $0.value)
        }
    }

    /// The surprise per call that 99 of 100 sessions stay below, each measured by the others; and no more than six
    /// deviations above the median, so that a few wild sessions cannot raise it at will.
    func limit(_ paths: [[Int]], _ settings: BehaviorSettings.Sequence) -> Int64? {
        let means = paths.compactMap { worst($0, settings) }.sorted()
        guard let quantile = Spread.quantile(means, 99, of: 100), let spread = Spread(of: means) else { return nil }
        return min(quantile, spread.median + 6 * spread.scale(atLeast: Binary.one / 8))
    }

    /// The highest mean surprise of a session's starts that are long enough, by the counts of all other sessions.
    private func worst(_ path: [Int], _ settings: BehaviorSettings.Sequence) -> Int64? {
        var own: [Int64: Int64] = [:]
        var ownTotals: [Int: Int64] = [:]
        for (pair, count) in Self.pairs(path, most) {
            own[pair] = count
            ownTotals[Int(pair >> 32), default: 0] += count
        }
        var (sum, calls, previous): (Int64, Int64, Int) = (0, 0, -1)
        var worst: Int64?
        for tool in path {
            let pair = Self.key(previous, tool)
            sum += MarkovSurprise.bits(
                pair: (pairs[pair] ?? 0) - (own[pair] ?? 0),
                total: totals[previous + 1] - (ownTotals[previous + 1] ?? 0), tools: Int64(tools))
            calls += 1
            previous = tool
            if calls >= settings.leastCalls { worst = max(worst ?? 0, sum / calls) }
        }
        return worst
    }

    private static func pairs(_ path: [Int], _ most: Int64) -> [Int64: Int64] {
        var counts: [Int64: Int64] = [:]
        var previous = -1
        for tool in path {
            let pair = key(previous, tool)
            counts[pair] = min(most, (counts[pair] ?? 0) + 1)
            previous = tool
        }
        return counts
    }

    private static func key(_ from: Int, _ to: Int) -> Int64 { Int64(from + 1) << 32 | Int64(to) }
}
