// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension BehaviorSettings {
    /// What is wrong with the settings, a sentence each; empty when they can be used. Bounds keep every product within
    /// 64 bits.
    public var problems: [String] {
        var problems: [String] = []
        func check(_ name: String, _ value: some BinaryInteger, _ least: Int64, _ most: Int64) {
            if value < least || value > most { problems.append("\(name) is \(value), not from \(least) to \(most)") }
        }
        let (day, month): (Int64, Int64) = (86_400_000_000, 31 * 86_400_000_000)
        let points: Int64 = 1_000_000_000
        check("ladder.elevated", ladder.elevated, 1, points)
        check("ladder.high", ladder.high, ladder.elevated, points)
        check("ladder.critical", ladder.critical, ladder.high, points)
        check("ladder.quietTime", ladder.quietTime, 1_000_000, day)
        check("statisticalCeiling", statisticalCeiling, 0, points)
        check("throttleTime", throttleTime, 0, day)
        check("callRate.window", callRate.window, 1_000_000, 3_600_000_000)
        check("callRate.windows", callRate.windows, 2, 10_000)
        check("callRate.z", callRate.z, 1, 100)
        check("callRate.floor", callRate.floor, 0, 1 << 15)
        for (name, rate) in [
            ("agent", hardRate.agent), ("tool", hardRate.tool), ("destination", hardRate.destination),
        ] {
            guard let rate else { continue }
            check("hardRate.\(name).calls", rate.calls, 1, 1_000_000)
            check("hardRate.\(name).period", rate.period, 1_000, day)
            check("hardRate.\(name).burst", rate.burst, 1, 1_000_000)
        }
        check("hardRate.silence", hardRate.silence, 0, day)
        check("burst.floor", burst.floor, 0, 1_000_000)
        if zip(burst.stages, burst.stages.dropFirst()).contains(where: {
            $0.ratio >= $1.ratio || $0.millipoints > $1.millipoints
        }) {
            problems.append("burst.stages do not rise")
        }
        check("newDestination.perHour", newDestination.perHour, 1, 1000)
        check("newTool.memory", newTool.memory, day, 12 * month)
        check("sequence.leastCalls", sequence.leastCalls, 1, 1000)
        check("outboundVolume.z", outboundVolume.z, 1, 1000)
        check("outboundVolume.denyZ", outboundVolume.denyZ, outboundVolume.z, 1000)
        check("outboundVolume.smallestScale", outboundVolume.smallestScale, 1, 1 << 24)
        check("outboundEntropy.bits", outboundEntropy.bits, 1, 1 << 40)
        check("outboundEntropy.window", outboundEntropy.window, 30_000_000, day)
        check("denials.window", denials.window, 1_000_000, day)
        check("beacon.leastIntervals", beacon.leastIntervals, 4, Int64(BeaconDetector.contacts) - 1)
        check("beacon.limit", beacon.limit, 1, Binary.one)
        check("beacon.silence", beacon.silence, 0, month)
        check("loop.repeats", loop.repeats, 2, 1000)
        check("loop.window", loop.window, 1_000_000, day)
        check("length.k", length.k, 1, 1000)
        check("length.smallestScale", length.smallestScale, 1, 1_000_000)
        check("learning.sessionsPerDay", learning.sessionsPerDay, 1, 10_000)
        check("learning.days", learning.days, 1, 366)
        check("learning.callsPerSession", learning.callsPerSession, 2, 1000)
        check("learning.transitionsPerSession", learning.transitionsPerSession, 1, 1000)
        check("learning.leastSessions", learning.leastSessions, 1, 1_000_000)
        check("learning.leastDays", learning.leastDays, 1, 366)
        check("learning.sequenceSessions", learning.sequenceSessions, 1, 1_000_000)
        check("learning.sessionIdle", learning.sessionIdle, 60_000_000, month)
        check("learning.openSessions", learning.openSessions, 1, 1 << 20)
        check("capacity.agents", capacity.agents, 1, 1 << 20)
        check("capacity.tasks", capacity.tasks, 1, 1 << 20)
        check("capacity.roles", capacity.roles, 1, 1 << 16)
        check("capacity.alarms", capacity.alarms, 0, 10_000)
        for (name, weight) in weights { check(name, weight, 0, points) }
        return problems
    }

    private var weights: [(String, Int64)] {
        [
            ("callRate.millipoints", callRate.millipoints), ("hardRate.millipoints", hardRate.millipoints),
            ("newDestination.millipoints", newDestination.millipoints),
            ("newDestination.manyMillipoints", newDestination.manyMillipoints),
            ("newTool.readMillipoints", newTool.readMillipoints),
            ("newTool.effectfulMillipoints", newTool.effectfulMillipoints),
            ("sequence.millipoints", sequence.millipoints),
            ("outboundVolume.millipoints", outboundVolume.millipoints),
            ("outboundEntropy.millipoints", outboundEntropy.millipoints), ("denials.strong", denials.strong),
            ("denials.destination", denials.destination), ("denials.weak", denials.weak),
            ("beacon.millipoints", beacon.millipoints), ("dataFlow.millipoints", dataFlow.millipoints),
            ("canary.millipoints", canary.millipoints), ("loop.millipoints", loop.millipoints),
            ("length.millipoints", length.millipoints),
        ] + burst.stages.map { ("burst.stages", $0.millipoints) }
    }
}
