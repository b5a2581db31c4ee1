// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Behavior
import Testing

@Suite("Speed of watching", .serialized) struct SpeedTests {
    @Test("an ordinary event costs microseconds")
    func ordinary() {
        var monitor = BehaviorMonitor()
        var fixture = EventFixture()
        var events: [BehaviorEvent] = []
        for index in 0..<100_000 {
            fixture.agent = "spiffe://example.test/agent/support-\(index % 20)"
            fixture.session = "s-\(index % 20)-\(index / 2000)"
            events.append(
                fixture.event(at: Int64(index) * 200_000) {
                    $0.tool = "tool_\(index / 20 % 7)"
                    $0.arguments = UInt64(index)
                    $0.bytesUp = Int64(200 + index % 300)
                    $0.destination = .init(host: "tickets.internal.test", domain: "internal.test", isNamed: true)
                })
        }
        var alarms = 0
        let took = ContinuousClock().measure { for event in events { alarms += monitor.observe(event).count } }
        let nanoseconds = took / events.count
        print("measured: \(events.count) ordinary events, \(nanoseconds) each, \(alarms) alarms")
        #expect(nanoseconds < .microseconds(200), "the bound is for builds without optimisation on a busy machine")
    }
}
