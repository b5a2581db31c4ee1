// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Detectors of patterns") struct PatternDetectorTests {
    // MARK: Beacons

    /// A beacon score of intervals in milliseconds, with constant sizes unless some are given.
    private func score(_ intervals: [Int64], sizes: [Int64]? = nil) -> BeaconScore {
        var times: [Int64] = [start]
        for interval in intervals { times.append((times.last ?? 0) + interval * 1000) }
        return BeaconScore(times: times, sizes: sizes ?? times.map { _ in 300 })
    }

    @Test("a clock is a beacon")
    func clock() {
        let score = score(Array(repeating: 60_000, count: 20))
        #expect(score.times == Binary.one && score.sizes == Binary.one && score.duration == Binary.one)
        // 21 contacts in five parts: 5, 4, 4, 4, 4: 1 - sqrt(0.16) / 4.2 = 0.905.
        #expect(abs(score.histogram - 59_294) < 10)
        #expect(score.medianInterval == 60 * second)
    }

    @Test("the formula by hand")
    func byHand() {
        // Sorted intervals 1…20 s: q1 = 5, m = 10, q3 = 15: no skew; the median of the distances from 10 is 5.
        let score = score((1...20).map { $0 * 1000 })
        #expect(score.times == (Binary.one + Binary.one / 2) / 2)
        // Sizes 1, 1, 1, 5: q1 = m = 1, q3 = 1: no skew, no deviation.
        let sizes = BeaconScore(times: [0, 1, 2, 3], sizes: [1, 5, 1, 1])
        #expect(sizes.sizes == Binary.one)
        // q1 = 1, m = 1, q3 = 9: skew 1; deviation 0.
        #expect(BeaconScore(times: [0, 1, 2, 3], sizes: [1, 9, 1, 9]).sizes == Binary.one / 2)
    }

    @Test("no contacts, one contact and contacts at one time are no beacon")
    func degenerate() {
        for times in [[], [start], [start, start, start], Array(repeating: start, count: 64)] as [[Int64]] {
            let score = BeaconScore(times: times, sizes: times.map { _ in 0 })
            #expect(score.times == 0)
            #expect(score.total < BehaviorSettings().beacon.limit)
        }
    }

    @Test("a tenth of jitter does not hide a beacon, and busy people are none")
    func statistics() {
        var generator = SplitMix64(4)
        let limit = BehaviorSettings().beacon.limit
        var (found, wrong) = (0, 0)
        for _ in 0..<500 {
            let beacon = (0..<40).map { _ in 54_000 + Int64(generator.next() % 12_001) }
            if score(beacon).total > limit { found += 1 }
            // Log-normal pauses: e to the power of a sum of twelve uniform numbers, here as a product of twelve.
            let pauses = (0..<40).map { _ in
                (0..<12).reduce(Int64(60_000)) { pause, _ in
                    max(1, pause * (500 + Int64(generator.next() % 1_000)) / 1_000)
                }
            }
            let sizes = (0..<41).map { _ in Int64(100 + generator.next() % 3_000) }
            if score(pauses, sizes: sizes).total > limit { wrong += 1 }
        }
        print("measured: of 500 beacons with a tenth of jitter \(found) found, of 500 people \(wrong) taken for one")
        #expect(found >= 465 && wrong == 0)
    }

    private func beat(_ fixture: inout EventFixture, at offset: Int64, _ host: String = "c2.test") -> BehaviorEvent {
        fixture.event(at: offset) {
            $0.service = nil
            $0.tool = nil
            $0.bytesUp = 200
            $0.destination = .init(host: host)
        }
    }

    @Test("a beacon is reported once an hour, from twenty intervals on")
    func beacon() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        let alarms = (0..<100).flatMap { monitor.observe(beat(&fixture, at: $0 * minute)) }
        // 24 contacts is the first fourth one with 20 intervals; then one after each hour.
        #expect(alarms.map(\.events.last) == [24, 84])
        #expect(alarms.first?.signal == .beacon && alarms.first?.level == .elevated && alarms.first?.events.count == 16)
        #expect(alarms.first?.sentence.hasPrefix(#"24 contacts with "c2.test", one about every 60 s: 9"#) == true)
    }

    @Test("a new name for each contact hides no beacon")
    func rotation() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        let alarms = (0..<30).flatMap { monitor.observe(beat(&fixture, at: $0 * minute, "x\($0).c2.test")) }
        #expect(alarms.map(\.signal) == [.beacon])
    }

    @Test("named hosts and services are no beacons")
    func named() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        for index in 0..<100 {
            var event = beat(&fixture, at: Int64(index) * minute)
            event.destination = .init(host: "c2.test", isNamed: true)
            #expect(monitor.observe(event).isEmpty)
            event.destination = .init(host: "c3.test")
            event.service = "status"
            #expect(monitor.observe(event).isEmpty)
        }
    }

    @Test("passing hosts do not push a steady one out")
    func crowdedHosts() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        var alarms: [Alarm] = []
        for index in 0..<60 {
            alarms += monitor.observe(beat(&fixture, at: Int64(index) * minute))
            for other in 0..<20 {
                alarms += monitor.observe(
                    beat(&fixture, at: Int64(index) * minute + Int64(other + 1), "h\(index * 20 + other).test"))
            }
        }
        #expect(alarms.contains { $0.signal == .beacon && $0.sentence.contains("c2.test") })
    }

    // MARK: Order and length

    private func watched(_ change: (inout RoleProfile) -> Void) -> BehaviorMonitor {
        var profile = RoleProfile(role: "support")
        profile.sessions = 300
        profile.tools = ["a", "b", "c"].map { .init(service: "tickets", tool: $0, isRead: true, sessions: 300) }
        change(&profile)
        var monitor = BehaviorMonitor()
        monitor.enforce(Baseline(roles: [profile]).ratified(by: "anna", at: 0))
        return monitor
    }

    @Test("the surprise of a tool after another, by hand")
    func surprise() {
        var profile = RoleProfile(role: "support")
        profile.tools = ["a", "b", "c"].map { .init(service: "", tool: $0, isRead: true, sessions: 9) }
        profile.transitions = [
            .init(from: -1, to: 0, count: 9), .init(from: 0, to: 1, count: 9), .init(from: 0, to: 2, count: 1),
        ]
        let enforced = EnforcedProfile(profile)
        // With V = 3 tools and one for all others: p(b | a) = 9.5 / 12: log2(24) - log2(19).
        #expect(enforced.surprise(of: 1, after: 0) == Binary.log2(24) - Binary.log2(19))
        #expect(enforced.surprise(of: 2, after: 0) == Binary.log2(24) - Binary.log2(3))
        #expect(enforced.surprise(of: 0, after: 0) == Binary.log2(24))
        // The start, a tool that nothing followed, and one that is unknown.
        #expect(enforced.surprise(of: 0, after: -1) == Binary.log2(22) - Binary.log2(19))
        #expect(enforced.surprise(of: 0, after: 2) == 2 << 16)
        #expect(enforced.surprise(of: 3, after: 3) == 2 << 16)
    }

    @Test("a session in a rare order is reported once")
    func sequence() {
        var monitor = watched {
            $0.transitions = [
                .init(from: -1, to: 0, count: 300), .init(from: 0, to: 1, count: 300),
                .init(from: 1, to: 2, count: 300),
                .init(from: 2, to: 0, count: 300),
            ]
            $0.surpriseLimit = 3 << 16
        }
        var fixture = EventFixture()
        func play(_ session: String, _ tools: String) -> [Alarm] {
            fixture.session = session
            return tools.flatMap { tool in monitor.observe(fixture.event(at: 0) { $0.tool = String(tool) }) }
        }
        #expect(play("usual", "abcabcabcabc").isEmpty)
        #expect(play("short", "ccbb").isEmpty)
        let alarms = play("odd", "ccbbaaccbb")
        #expect(
            alarms.map(\.signal) == [.sequence] && alarms.first?.millipoints == 2_000 && alarms.first?.level == .normal)
        #expect(alarms.first?.events.count == 5)
        #expect(
            alarms.first?.sentence.hasPrefix("the order of 5 calls has ") == true
                && alarms.first?.sentence.hasSuffix(
                    "bits of surprise per call; of the role's sessions 99 % stay below 3") == true
        )
    }

    @Test("a session is long above the median and eight deviations")
    func length() {
        // Median 5 calls, deviation 2: 5 + 8 × 2.965 = 28.7.
        var monitor = watched { $0.sessionCalls = Spread(median: 5_000, deviation: 2_000) }
        var fixture = EventFixture()
        fixture.session = "s"
        let alarms = (0..<60).flatMap { monitor.observe(fixture.event(at: $0 * second) { $0.tool = "a" }) }
        #expect(alarms.map(\.signal) == [.length] && alarms.map(\.events) == [[29]])
        #expect(alarms.first?.millipoints == 1_000 && alarms.first?.action == .alert)
        #expect(
            alarms.first?.sentence == "29 calls in a session; half of the role's sessions have at most 5")
        // Where all sessions are alike the deviation counts as one call: 5 + 8.
        monitor = watched { $0.sessionCalls = Spread(median: 5_000, deviation: 0) }
        let strict = (0..<60).flatMap { monitor.observe(fixture.event(at: $0 * second) { $0.tool = "a" }) }
        #expect(strict.map { $0.events.last.map { $0 - 60 } } == [14])
    }
}
