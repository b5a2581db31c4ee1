// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The points of one agent or task, and the level that they led to.
///
/// Points count in full for five minutes and then half as much with each five minutes more, in whole minutes: what was
/// counted in minute m counts in minute n as points >> ((n - m - 1) / 5), and is gone after an hour. Memory is bounded
/// by minutes and signals, so that no number of events can push out what was counted.
struct RiskLedger: Sendable {
    private static let minute: Int64 = 60_000_000
    /// Minutes in which points lose half their weight.
    private static let halfLife: Int64 = 5
    private static let longestMemory: Int64 = 60
    /// Points of one signal in one minute: more make no difference.
    private static let most: Int64 = 1_000_000_000

    private struct Contribution {
        let minute: Int64
        let signal: Signal
        var millipoints: Int64
    }

    private var contributions: [Contribution] = []
    private var reached = RiskLevel.normal
    private var lastEvidence: Int64 = 0
    private var throttledUntil: Int64 = 0

    /// Whether anything is remembered that would be lost with the ledger.
    func isClear(at now: Int64, _ settings: BehaviorSettings) -> Bool {
        level(at: now, settings) == .normal && score(at: now, settings) == 0
    }

    /// Counts what a detector found, with the consequences that it has at once.
    mutating func count(_ finding: Finding, _ signal: Signal, at now: Int64, _ settings: BehaviorSettings) {
        add(finding.millipoints, for: signal, at: now, settings)
        if finding.action == .throttle { throttledUntil = max(throttledUntil, now + settings.throttleTime) }
        if finding.action == .quarantine {
            reached = .critical
            lastEvidence = now
        }
    }

    /// Counts points.
    mutating func add(_ millipoints: Int64, for signal: Signal, at now: Int64, _ settings: BehaviorSettings) {
        guard millipoints > 0 else { return }
        let minute = now / Self.minute
        contributions.removeAll { minute - $0.minute > Self.longestMemory }
        let before = level(at: now, settings)
        if let index = contributions.lastIndex(where: { $0.minute == minute && $0.signal == signal }) {
            let sum = contributions[index].millipoints + min(millipoints, Self.most)
            contributions[index].millipoints = min(sum, Self.most)
        } else {
            contributions.append(
                Contribution(minute: minute, signal: signal, millipoints: min(millipoints, Self.most)))
        }
        reached = max(before, settings.ladder.level(of: score(at: now, settings)))
        lastEvidence = now
    }

    /// Forgets everything.
    mutating func clear() { self = RiskLedger() }

    /// The score: what is certain, and what is statistical up to its ceiling.
    func score(at now: Int64, _ settings: BehaviorSettings) -> Int64 {
        var certain: Int64 = 0
        var statistical: Int64 = 0
        for contribution in contributions {
            let weight = Self.weight(of: contribution, at: now)
            if contribution.signal.isStatistical { statistical += weight } else { certain += weight }
        }
        return certain + min(statistical, settings.statisticalCeiling)
    }

    func level(at now: Int64, _ settings: BehaviorSettings) -> RiskLevel {
        if reached == .critical { return .critical }
        let steps = max(0, now - lastEvidence) / settings.ladder.quietTime
        // The score alone never makes it critical later than when the points came.
        return max(reached.lowered(by: steps), min(settings.ladder.level(of: score(at: now, settings)), reached))
    }

    func assess(at now: Int64, _ settings: BehaviorSettings) -> AssessedRisk {
        if contributions.isEmpty, reached == .normal, throttledUntil <= now { return .none }
        let score = score(at: now, settings)
        let level = level(at: now, settings)
        let signals = points(at: now).map(\.signal)
        let share = min(999, score * 1000 / max(1, settings.ladder.critical))
        return AssessedRisk(
            millipoints: score, level: level, signals: signals, isThrottled: throttledUntil > now,
            needsPerson: level == .critical, permille: level == .critical ? 1000 : Int(share))
    }

    /// What is left of each signal, in the order of their names.
    func points(at now: Int64) -> [AgentReport.Points] {
        Set(contributions.map(\.signal)).sorted().compactMap { signal in
            let sum = contributions.reduce(Int64(0)) {
                $1.signal == signal ? $0 + Self.weight(of: $1, at: now) : $0
            }
            return sum > 0 ? AgentReport.Points(signal: signal, millipoints: sum) : nil
        }
    }

    private static func weight(of contribution: Contribution, at now: Int64) -> Int64 {
        let age = now / minute - contribution.minute
        guard age <= longestMemory else { return 0 }
        return contribution.millipoints >> (max(0, age - 1) / halfLife)
    }
}
