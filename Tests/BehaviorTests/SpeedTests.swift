// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Behavior
import Testing

@Suite("Speed of watching", .serialized) struct SpeedTests {
    /// Bounds are for builds without optimisation on a busy machine; what is measured is printed.
    private func measure(_ what: String, _ monitor: BehaviorMonitor, _ events: [BehaviorEvent]) -> (Duration, Int) {
        var monitor = monitor
        var alarms = 0
        let took = ContinuousClock().measure { for event in events { alarms += monitor.observe(event).count } }
        let each = took / events.count
        print("measured: \(events.count) \(what), \(each) each, \(alarms) alarms")
        return (each, alarms)
    }

    private func ordinary(_ count: Int) -> [BehaviorEvent] {
        var fixture = EventFixture()
        return (0..<count).map { index in
            fixture.agent = "spiffe://example.test/agent/support-\(index % 20)"
            fixture.session = "s-\(index % 20)-\(index / 2000)"
            return fixture.event(at: Int64(index) * 200_000) {
                $0.tool = "tool_\(index / 20 % 7)"
                $0.arguments = UInt64(index)
                $0.bytesUp = Int64(200 + index % 300)
                $0.destination = .init(host: "tickets.internal.test", domain: "internal.test", isNamed: true)
            }
        }
    }

    @Test("an ordinary event costs microseconds, with a baseline and without")
    func ordinary() {
        let events = ordinary(100_000)
        #expect(measure("ordinary events", BehaviorMonitor(), events).0 < .microseconds(200))
        var profile = RoleProfile(role: "support")
        profile.sessions = 300
        profile.tools = (0..<7).map { .init(service: "tickets", tool: "tool_\($0)", isRead: true, sessions: 300) }
        profile.domains = [.init(name: "internal.test", sessions: 300)]
        profile.transitions = (0..<7).map { .init(from: $0, to: ($0 + 1) % 7, count: 300) }
        profile.surpriseLimit = 3 << 16
        profile.sessionCalls = Spread(median: 100_000, deviation: 30_000)
        profile.sessionBytes = Spread(median: 660_000, deviation: 60_000)
        profile.destinationBytes = Spread(median: 660_000, deviation: 60_000)
        profile.minuteCalls = 20_000
        var monitor = BehaviorMonitor()
        monitor.enforce(Baseline(roles: [profile]).ratified(by: "anna", at: 0))
        let enforced = measure("ordinary events against a baseline", monitor, events)
        #expect(enforced.0 < .microseconds(200) && enforced.1 == 0)
        monitor.learn(true)
        #expect(measure("ordinary events while learning", monitor, events).0 < .microseconds(300))
    }

    @Test("an event that was made to be dear costs little more")
    func hostile() {
        var fixture = EventFixture()
        let long = String(repeating: "x", count: 2000)
        let events = (0..<20_000).map { index in
            fixture.session = "\(index)\(long)"
            return fixture.event(at: Int64(index) * 10_000) {
                $0.service = index % 2 == 0 ? nil : "s"
                $0.tool = "\(index)\(long)"
                $0.arguments = UInt64(index)
                $0.bytesUp = 1 << 40
                $0.outboundBits = 1 << 40
                $0.destination = .init(host: "\(index).\(long).test")
                $0.labels = .all
                $0.outcome = index % 3 == 0 ? .denied(.syntax) : .allowed
            }
        }
        #expect(measure("hostile events", BehaviorMonitor(), events).0 < .milliseconds(2))
    }
}
