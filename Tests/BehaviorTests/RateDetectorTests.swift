// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Detectors of too many calls") struct RateDetectorTests {
    /// The alarms of so many calls in each window of ten seconds.
    private func alarms(_ counts: [Int], _ settings: BehaviorSettings = BehaviorSettings()) -> [Alarm] {
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        fixture.session = "s"
        var alarms: [Alarm] = []
        for (window, count) in counts.enumerated() {
            for call in 0..<count {
                let at = Int64(window) * 10 * second + Int64(call) * 10 * second / Int64(count)
                alarms += monitor.observe(fixture.event(at: at))
            }
        }
        return alarms.filter { $0.signal == .callRate }
    }

    @Test("a flood is seen in its second window, and adapted to in a few more")
    func flood() {
        // By hand: after 30 windows of 2 calls m = 1.71 and v = 0.49. The first window of 71 is over 20 calls and
        // counts as m + 6 sqrt(v + 1), so that the mean is 2.2 when call 21 of the second raises the alarm. The fourth
        // limit is above 71.
        let alarms = alarms(Array(repeating: 2, count: 30) + Array(repeating: 71, count: 10))
        #expect(
            alarms.map(\.time)
                == [31, 32, 33].map { window in
                    let call: Int64 = [31: 21, 32: 26, 33: 45][window] ?? 0
                    return start + Int64(window) * 10 * second + (call - 1) * 10 * second / 71
                })
        #expect(alarms.map(\.millipoints) == [2_000, 2_000, 2_000])
        #expect(alarms.map(\.score) == [2_000, 4_000, 6_000])
        #expect(alarms.first?.action == .throttle)
        #expect(
            alarms.first?.sentence
                == "21 calls in 10 s, after a window that was too busy as well; 30 windows before had 2.2 on average")
        // The 21st call of the second window: 60 and 71 before it.
        #expect(alarms.first?.events.last == 60 + 71 + 21 && alarms.first?.events.count == 8)
    }

    @Test("one busy window is none, nor are two with a pause between, nor 20 calls ever")
    func quiet() {
        #expect(alarms([2, 2, 2, 90, 2, 2]).isEmpty)
        #expect(alarms([2, 2, 2, 90, 0, 90, 0, 90]).isEmpty)
        #expect(alarms(Array(repeating: 20, count: 40)).isEmpty)
        #expect(!alarms([0, 21, 21]).isEmpty)
    }

    @Test("who is always busy is not too busy")
    func steady() {
        // Reached step by step, so that no window is far from those before.
        let ramp = Array(1...80)
        #expect(alarms(ramp + Array(repeating: 80, count: 30)).isEmpty)
    }

    @Test("after a long silence nothing is usual, and the count of empty windows costs nothing")
    func silence() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        _ = monitor.observe(fixture.event(at: 0))
        _ = monitor.observe(fixture.event(at: 100_000 * hour))
        #expect(monitor.report(on: fixture.agent, at: start)?.usualCalls == "0")
    }

    @Test("a throttled agent is throttled for five minutes")
    func throttled() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        for window in 1...2 {
            for call in 0..<30 { _ = monitor.observe(fixture.event(at: Int64(window) * 10 * second + Int64(call))) }
        }
        #expect(monitor.risk(of: fixture.agent, at: start + 25 * second).isThrottled)
        #expect(monitor.risk(of: fixture.agent, at: start + 319 * second).isThrottled)
        #expect(!monitor.risk(of: fixture.agent, at: start + 321 * second).isThrottled)
    }

    @Test("a fixed rate of an agent is a token bucket")
    func bucket() {
        var settings = BehaviorSettings()
        settings.hardRate.agent = .init(calls: 1, period: second, burst: 3)
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        for _ in 0..<3 {
            let event = fixture.event(at: 0)
            #expect(monitor.objection(to: event) == nil)
            #expect(monitor.observe(event).isEmpty)
        }
        // Empty: the fourth is refused, and half a second is not enough for another.
        #expect(monitor.objection(to: fixture.event(at: 0))?.action == .deny)
        #expect(monitor.objection(to: fixture.event(at: second / 2))?.signal == .hardRate)
        #expect(monitor.objection(to: fixture.event(at: second)) == nil)
        // One that went through all the same raises an alarm, the next ones within ten seconds none.
        let alarms = (0..<5).flatMap { _ in monitor.observe(fixture.event(at: 0)) }
        #expect(alarms.map(\.millipoints) == [5_000])
        #expect(alarms.first?.sentence == "more calls for the agent than 1 in 1 s and 3 at once")
    }

    @Test("tools and domains have buckets of their own")
    func buckets() {
        var settings = BehaviorSettings()
        settings.hardRate.tool = .init(calls: 1, period: minute, burst: 1)
        settings.hardRate.destination = .init(calls: 1, period: minute, burst: 2)
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        func event(_ tool: String, _ host: String) -> BehaviorEvent {
            fixture.event(at: 0) {
                $0.tool = tool
                $0.destination = .init(host: host)
            }
        }
        #expect(monitor.observe(event("a", "x.test")).isEmpty)
        #expect(
            monitor.objection(to: event("a", "y.test"))?.sentence.hasPrefix(#"more calls for "a" of "tickets""#) == true
        )
        #expect(monitor.objection(to: event("b", "x.test")) == nil)
        #expect(monitor.observe(event("b", "x.test")).isEmpty)
        #expect(monitor.objection(to: event("c", "a.x.test"))?.sentence.hasPrefix(#"more calls for "x.test""#) == true)
        #expect(monitor.objection(to: event("c", "y.test")) == nil)
    }

    @Test("extreme rates neither overflow nor stop the process")
    func extremes() {
        var settings = BehaviorSettings()
        settings.hardRate.agent = .init(calls: 1_000_000, period: 86_400_000_000, burst: 1_000_000)
        #expect(settings.problems.isEmpty)
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        #expect(monitor.observe(fixture.event(at: 0)).isEmpty)
        let late = BehaviorEvent(id: 1, time: .max, agent: fixture.agent, role: "support")
        #expect(monitor.observe(late).isEmpty)
    }

    @Test("a burst is measured by what was ratified, in four stages")
    func burst() {
        var profile = RoleProfile(role: "support")
        profile.minuteCalls = 4_000
        var monitor = BehaviorMonitor()
        monitor.enforce(Baseline(roles: [profile]).ratified(by: "anna", at: 0))
        var fixture = EventFixture()
        // One call in half a second: 120 in a minute, 30 times what a busy minute has.
        let alarms = (0..<240).flatMap { monitor.observe(fixture.event(at: Int64($0) * second / 2)) }
            .filter { $0.signal == .burst }
        // Twice is 8, but 20 calls are never a burst; five times is 20; ten times 40; twenty times 80.
        #expect(alarms.map(\.events.last) == [21, 40, 80])
        #expect(alarms.map(\.millipoints) == [3_000, 7_000, 4_000])
        #expect(alarms.map(\.action) == [.alert, .throttle, .throttle])
        #expect(alarms.dropFirst(1).first?.sentence == "40 calls in a minute; a busy minute of the role has 4")
        #expect(alarms.dropFirst(2).first?.level == .high)
        // It is over, and begins anew.
        let again = (0..<30).flatMap { monitor.observe(fixture.event(at: hour + Int64($0) * second / 2)) }
        #expect(again.map(\.signal) == [.burst])
    }

    @Test("what continues a call is not another one")
    func continuation() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        for window in 0..<4 {
            for call in 0..<100 {
                let event = fixture.event(at: Int64(window) * 10 * second + Int64(call)) {
                    $0.isContinuation = true
                    $0.arguments = 1
                }
                #expect(monitor.observe(event).isEmpty)
            }
        }
    }

    @Test("the same call five times is a loop, and again after five more")
    func loop() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        fixture.session = "s"
        let alarms = (0..<11).flatMap { index in
            monitor.observe(fixture.event(at: index * 100 * second) { $0.arguments = 7 })
        }
        #expect(alarms.map(\.signal) == [.loop, .loop])
        #expect(alarms.map(\.events) == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]])
        #expect(alarms.first?.sentence == #""ticket_search" was called 5 times with the same arguments within 10 min"#)
        #expect(alarms.first?.action == .throttle && alarms.first?.millipoints == 2_000)
    }

    @Test("other arguments, other sessions, other services, refused calls and ten minutes make no loop")
    func noLoop() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        for index in 0..<20 {
            fixture.session = "s"
            #expect(monitor.observe(fixture.event(at: 0) { $0.arguments = UInt64(index) }).isEmpty)
            #expect(monitor.observe(fixture.event(at: 0) { $0.arguments = nil }).isEmpty)
            fixture.session = "s\(index)"
            #expect(monitor.observe(fixture.event(at: 11 * second) { $0.arguments = 99 }).isEmpty)
        }
        for index in 0..<20 {
            let event = fixture.event(at: hour + Int64(index) * 150 * second) { $0.arguments = 50 }
            #expect(monitor.observe(event).isEmpty)
        }
    }

    @Test("to hide a loop an agent has to make more calls than the rate lets through")
    func hiddenLoop() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        fixture.session = "s"
        var (alarms, next): ([Alarm], UInt64) = ([], 100)
        for _ in 0..<5 {
            alarms += monitor.observe(fixture.event(at: 0) { $0.arguments = 7 })
            for _ in 0..<(LoopDetector.capacity - 1) {
                next += 1
                alarms += monitor.observe(fixture.event(at: 0) { $0.arguments = next })
            }
        }
        #expect(alarms.contains { $0.signal == .loop })
    }
}
