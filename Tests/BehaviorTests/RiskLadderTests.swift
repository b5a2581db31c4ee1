// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Risk ladder") struct RiskLadderTests {
    @Test(
        "three strong refusals are critical, however they lie within five minutes",
        arguments: [[0, 0, 0], [0, 1, 2], [0, 59, 119], [58, 61, 290], [0, 150, 299]] as [[Int64]])
    func strongDenials(_ seconds: [Int64]) {
        var (monitor, events) = (BehaviorMonitor(), EventFixture())
        var levels: [RiskLevel] = []
        for (index, at) in seconds.enumerated() {
            let kind: BehaviorEvent.DenialClass = [.tool, .link, .secret][index]
            levels += monitor.observe(events.denied(at: at * second, kind)).map(\.level)
        }
        #expect(levels == [.elevated, .high, .critical])
        let risk = monitor.risk(of: events.agent, at: start + seconds[2] * second)
        #expect(risk.response == .quarantine && risk.needsPerson && risk.permille == 1000)
        #expect(risk.millipoints == 15_000 && risk.signals == [.denials])
    }

    @Test(
        "refusals weigh what they tell",
        arguments: [
            (.tool, 5_000), (.link, 5_000), (.secret, 5_000), (.budget, 5_000), (.sensitiveRead, 5_000),
            (.destination, 2_000), (.syntax, 1_000), (.other, 1_000), (.unrelated, 0),
        ] as [(BehaviorEvent.DenialClass, Int64)])
    func weights(_ kind: BehaviorEvent.DenialClass, _ millipoints: Int64) {
        var (monitor, events) = (BehaviorMonitor(), EventFixture())
        let alarms = monitor.observe(events.denied(at: 0, kind))
        #expect(alarms.map(\.millipoints) == (millipoints == 0 ? [] : [millipoints]))
        #expect(monitor.risk(of: events.agent, at: start).millipoints == millipoints)
    }

    @Test("points halve every five minutes and are gone after an hour")
    func decay() {
        var (monitor, events) = (BehaviorMonitor(), EventFixture())
        _ = monitor.observe(events.denied(at: 0, .tool))
        _ = monitor.observe(events.denied(at: 0, .destination))
        let scores = [0, 5, 6, 10, 11, 16, 60, 61].map { monitor.risk(of: events.agent, at: start + $0 * minute) }
        #expect(scores.map(\.millipoints) == [7_000, 7_000, 3_500, 3_500, 1_750, 875, 7_000 >> 11, 0])
        #expect(scores.map(\.level) == [.elevated, .elevated] + Array(repeating: .normal, count: 6))
    }

    @Test("a level falls by one with each five quiet minutes, and not sooner")
    func stepDown() {
        var (monitor, events) = (BehaviorMonitor(), EventFixture())
        _ = monitor.observe(events.denied(at: 0, .tool))
        _ = monitor.observe(events.denied(at: 0, .tool))
        #expect(monitor.risk(of: events.agent, at: start + 5 * minute - 1).level == .high)
        #expect(monitor.risk(of: events.agent, at: start + 6 * minute).level == .elevated)
        #expect(monitor.risk(of: events.agent, at: start + 10 * minute).level == .elevated)
        #expect(monitor.risk(of: events.agent, at: start + 11 * minute).level == .normal)
        // Another refusal begins the quiet time anew.
        _ = monitor.observe(events.denied(at: 6 * minute, .syntax))
        #expect(monitor.risk(of: events.agent, at: start + 11 * minute - 1).level == .elevated)
    }

    @Test("the critical level stays until a person releases the agent")
    func critical() {
        var (monitor, events) = (BehaviorMonitor(), EventFixture())
        for _ in 0..<3 { _ = monitor.observe(events.denied(at: 0, .tool)) }
        #expect(monitor.risk(of: events.agent, at: start + 1000 * hour).level == .critical)
        monitor.apply(.release(agent: events.agent, by: "anna", time: start + hour))
        #expect(monitor.risk(of: events.agent, at: start + hour) == .none)
    }

    @Test("weak refusals that keep coming stay below critical")
    func trickle() {
        var (monitor, events) = (BehaviorMonitor(), EventFixture())
        for index in 0..<200 { _ = monitor.observe(events.denied(at: Int64(index) * 2 * minute, .syntax)) }
        #expect(monitor.risk(of: events.agent, at: start + 400 * minute).level < .critical)
    }

    @Test("a person's quarantine is critical at once")
    func person() {
        var monitor = BehaviorMonitor()
        let alarms = monitor.apply(.quarantine(agent: "spiffe://example.test/agent/a", by: "an\u{1b}na", time: start))
        #expect(alarms.map(\.action) == [.quarantine] && alarms.map(\.level) == [.critical])
        #expect(alarms.first?.sentence == #""an\u{1b}na" put the agent in quarantine"#)
        #expect(monitor.risk(of: "spiffe://example.test/agent/a", at: start).response == .quarantine)
    }

    @Test("a task gathers what all of its agents do")
    func tasks() {
        var (monitor, one) = (BehaviorMonitor(), EventFixture())
        one.task = "t-1"
        var two = one
        two.agent += "-two"
        _ = monitor.observe(one.denied(at: 0, .tool))
        _ = monitor.observe(two.denied(at: 0, .tool))
        #expect(monitor.risk(of: one.agent, at: start).level == .elevated)
        #expect(monitor.risk(of: two.agent, task: "t-1", at: start).level == .high)
        #expect(monitor.risk(of: "spiffe://example.test/agent/other", task: "t-1", at: start).level == .high)
        #expect(monitor.risk(of: one.agent, task: "t-2", at: start).level == .elevated)
    }

    @Test("who releases an agent releases the tasks that it made critical, and no others")
    func releasedTask() {
        var (monitor, one) = (BehaviorMonitor(), EventFixture())
        one.task = "t-1"
        var two = one
        two.agent += "-two"
        two.task = "t-2"
        for _ in 0..<3 {
            _ = monitor.observe(one.denied(at: 0, .tool))
            _ = monitor.observe(two.denied(at: 0, .tool))
        }
        #expect(monitor.risk(of: "other", task: "t-1", at: start).level == .critical)
        monitor.apply(.release(agent: one.agent, by: "anna", time: start))
        #expect(monitor.risk(of: one.agent, task: "t-1", at: start) == .none)
        #expect(monitor.risk(of: one.agent, task: "t-2", at: start).level == .critical)
        #expect(monitor.risk(of: two.agent, at: start).level == .critical)
    }

    @Test("statistical signals together stay below critical")
    func ceiling() {
        var ledger = RiskLedger()
        let settings = BehaviorSettings()
        for signal in Signal.allCases where signal.isStatistical {
            ledger.add(50_000, for: signal, at: start, settings)
        }
        #expect(ledger.score(at: start, settings) == 10_000 && ledger.level(at: start, settings) == .high)
        ledger.add(4_999, for: .denials, at: start, settings)
        #expect(ledger.level(at: start, settings) == .high)
        ledger.add(1, for: .denials, at: start, settings)
        #expect(ledger.level(at: start, settings) == .critical)
    }
}
