// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Detectors of where data goes") struct FlowDetectorTests {
    private func watched(_ change: (inout RoleProfile) -> Void = { _ in }) -> BehaviorMonitor {
        var profile = RoleProfile(role: "support")
        profile.sessions = 300
        profile.domains = [.init(name: "example.com", sessions: 290), .init(name: "example.org", sessions: 10)]
        profile.tools = [.init(service: "tickets", tool: "ticket_search", isRead: true, sessions: 300)]
        change(&profile)
        var monitor = BehaviorMonitor()
        monitor.enforce(Baseline(roles: [profile]).ratified(by: "anna", at: 0))
        return monitor
    }

    private func contact(_ host: String, isNamed: Bool = false) -> (inout BehaviorEvent) -> Void {
        { event in
            event.service = nil
            event.tool = nil
            event.destination = .init(host: host, isNamed: isNamed)
        }
    }

    @Test("a domain is new once, by its registrable part")
    func newDestination() {
        var (monitor, fixture) = (watched(), EventFixture())
        #expect(monitor.observe(fixture.event(at: 0, contact("api.example.com"))).isEmpty)
        let alarms = monitor.observe(fixture.event(at: 0, contact("a.evil.test")))
        #expect(alarms.map(\.signal) == [.newDestination] && alarms.first?.millipoints == 1_000)
        #expect(alarms.first?.action == .stepUp && alarms.first?.level == .normal)
        // log2(2 × 300 + 2) = 9.23.
        #expect(
            alarms.first?.sentence
                == #""evil.test" is new for the role: 9.2 bits of surprise after 300 contacts with 2 domains"#)
        #expect(monitor.observe(fixture.event(at: 0, contact("b.evil.test"))).isEmpty)
    }

    @Test("more than five new domains in an hour weigh five points more")
    func manyDestinations() {
        var (monitor, fixture) = (watched(), EventFixture())
        let alarms = (0..<7).flatMap { monitor.observe(fixture.event(at: $0 * minute, contact("new\($0).test"))) }
        #expect(alarms.map(\.millipoints) == [1_000, 1_000, 1_000, 1_000, 1_000, 6_000, 1_000])
        #expect(
            alarms.dropFirst(5).first?.events == [1, 2, 3, 4, 5, 6]
                && alarms.dropFirst(5).first?.sentence.hasSuffix("; 6 new domains within an hour") == true)
        #expect(alarms.dropFirst(5).first?.level == .high)
        // The same number spread over more than an hour.
        var slow = watched()
        let spread = (0..<7).flatMap { slow.observe(fixture.event(at: $0 * 13 * minute, contact("new\($0).test"))) }
        #expect(spread.map(\.millipoints) == Array(repeating: 1_000, count: 7))
    }

    @Test("without a baseline, by a service or refused, nothing is new")
    func notNew() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        #expect(monitor.observe(fixture.event(at: 0, contact("evil.test"))).isEmpty)
        monitor = watched()
        #expect(monitor.observe(fixture.event(at: 0) { $0.destination = .init(host: "evil.test") }).isEmpty)
        var refused = fixture.event(at: 0, contact("evil.test"))
        refused.outcome = .denied(.unrelated)
        #expect(monitor.observe(refused).isEmpty)
        // It was not reached, so that it is still new.
        #expect(monitor.observe(fixture.event(at: 0, contact("evil.test"))).count == 1)
    }

    @Test("a tool is new once in thirty days, and weighs more with an effect")
    func newTool() {
        var (monitor, fixture) = (watched(), EventFixture())
        #expect(monitor.observe(fixture.event(at: 0)).isEmpty)
        let read = monitor.observe(fixture.event(at: 0) { $0.tool = "export" })
        #expect(read.map(\.millipoints) == [1_000] && read.map(\.action) == [.stepUp])
        let write = monitor.observe(
            fixture.event(at: 0) {
                $0.tool = "delete"
                $0.effect = .write
            })
        #expect(write.map(\.millipoints) == [3_000])
        #expect(
            write.first?.sentence
                == #""delete" of "tickets" (with an effect) is new for the role: none of its 300 sessions used it"#)
        // The same name at another service is another tool, and what nobody described has an effect.
        let other = monitor.observe(
            fixture.event(at: 0) {
                $0.service = "mail"
                $0.effect = .unknown
            })
        #expect(other.map(\.millipoints) == [3_000])
        #expect(monitor.observe(fixture.event(at: 29 * 24 * hour) { $0.tool = "export" }).isEmpty)
        #expect(monitor.observe(fixture.event(at: 58 * 24 * hour) { $0.tool = "export" }).isEmpty)
        #expect(monitor.observe(fixture.event(at: 89 * 24 * hour) { $0.tool = "export" }).count == 1)
    }

    @Test("bytes out are measured by the logarithms of the role's sessions")
    func volume() {
        // Median 437 bytes and a deviation with which 41 kB are five deviations away, as measured on benign sessions.
        let spread = Spread(median: 398_453, deviation: 40_137)
        var monitor = watched { $0.sessionBytes = spread }
        var fixture = EventFixture()
        fixture.session = "s"
        var alarms = monitor.observe(fixture.event(at: 0) { $0.bytesUp = 40_000 })
        #expect(alarms.isEmpty)
        alarms = monitor.observe(fixture.event(at: 0) { $0.bytesUp = 1_000 })
        #expect(alarms.map(\.action) == [.stepUp] && alarms.map(\.millipoints) == [5_000])
        #expect(
            alarms.first?.sentence == "the session sent 41000 bytes, 5 deviations above what the role's sessions send")
        #expect(alarms.first?.events == [1, 2])
        #expect(monitor.observe(fixture.event(at: 0) { $0.bytesUp = 550_000 }).isEmpty)
        alarms = monitor.observe(fixture.event(at: 0) { $0.bytesUp = 60_000 })
        #expect(alarms.map(\.action) == [.deny] && alarms.map(\.level) == [.high])
        #expect(monitor.observe(fixture.event(at: 0) { $0.bytesUp = 1 << 40 }).isEmpty)
        // Another session begins at nothing.
        fixture.session = "other"
        #expect(monitor.observe(fixture.event(at: 0) { $0.bytesUp = 40_000 }).isEmpty)
    }

    @Test("bytes to one domain are measured on their own, and many domains count together")
    func volumeToOne() {
        var monitor = watched { $0.destinationBytes = Spread(median: 398_453, deviation: 40_137) }
        var fixture = EventFixture()
        fixture.session = "s"
        func send(_ host: String, _ bytes: Int64) -> [Alarm] {
            monitor.observe(
                fixture.event(at: 0) {
                    $0.destination = .init(host: host)
                    $0.bytesUp = bytes
                })
        }
        #expect(send("a.test", 30_000).isEmpty && send("b.test", 30_000).isEmpty)
        #expect(
            send("x.a.test", 11_000).map(\.sentence) == [
                #"the session sent to "a.test" 41000 bytes, 5 deviations above what the role's sessions send"#
            ])
        for index in 0..<14 { #expect(send("d\(index).test", 1).isEmpty) }
        // More than are told apart: one that sends a little to each of many.
        let spread = (0..<60).flatMap { send("e\($0).test", 1_000) }
        #expect(spread.map(\.signal) == [.outboundVolume])
        #expect(spread.first?.sentence.hasPrefix("the session sent to further domains 41000 bytes") == true)
    }

    @Test("information to unknown hosts has a budget, spread over many or not")
    func entropy() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        func send(_ host: String, _ bits: Int64, at: Int64, isNamed: Bool = false) -> BehaviorEvent {
            fixture.event(at: at) {
                contact(host, isNamed: isNamed)(&$0)
                $0.outboundBits = bits
            }
        }
        #expect(monitor.observe(send("api.test", 1 << 30, at: 0, isNamed: true)).isEmpty)
        for index in 0..<4 { #expect(monitor.observe(send("h\(index).test", 1000, at: 0)).isEmpty) }
        #expect(monitor.objection(to: send("h9.test", 96, at: 0)) == nil)
        let objection = monitor.objection(to: send("h9.test", 97, at: 0))
        #expect(objection?.action == .deny && objection?.signal == .outboundEntropy)
        #expect(
            objection?.sentence == "4097 bits to hosts that nobody named within 5 min; the budget is 4096")
        // What goes through raises an alarm for each budget that is spent.
        #expect(monitor.observe(send("h9.test", 97, at: 0)).map(\.millipoints) == [5_000])
        #expect(monitor.observe(send("h9.test", 4_000, at: 0)).isEmpty)
        #expect(monitor.observe(send("h9.test", 4_000, at: 0)).count == 1)
        // After five minutes the window is empty.
        #expect(monitor.objection(to: send("h9.test", 4_096, at: 5 * minute + 10 * second)) == nil)
        #expect(monitor.objection(to: send("h9.test", 1, at: 4 * minute)) != nil)
    }

    @Test("a host of the baseline has no budget of information")
    func knownHost() {
        var (monitor, fixture) = (watched(), EventFixture())
        let event = fixture.event(at: 0) {
            contact("www.example.com")(&$0)
            $0.outboundBits = 1 << 40
        }
        #expect(monitor.objection(to: event) == nil && monitor.observe(event).isEmpty)
    }

    private func read(_ labels: BehaviorEvent.Labels) -> (inout BehaviorEvent) -> Void {
        { $0.labels = labels }
    }

    @Test("untrusted text, private data and a write to the outside in one session")
    func dataFlow() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        fixture.session = "s"
        #expect(monitor.observe(fixture.event(at: 0, read(.externalWrite))).isEmpty)
        #expect(monitor.observe(fixture.event(at: 0, read(.untrustedRead))).isEmpty)
        #expect(monitor.observe(fixture.event(at: 0, read(.externalWrite))).isEmpty)
        #expect(monitor.observe(fixture.event(at: 0, read([.privateRead, .untrustedRead]))).isEmpty)
        var write = fixture.event(at: 0, read(.externalWrite))
        write.tool = "send_mail"
        let objection = monitor.objection(to: write)
        #expect(objection?.action == .deny && objection?.events == [2, 4, 5] && objection?.signal == .dataFlow)
        #expect(
            objection?.sentence
                == #"a write to the outside by "send_mail" in a session that has read untrusted text and private data"#)
        #expect(monitor.risk(of: fixture.agent, at: start) == .none)
        #expect(monitor.observe(write).map(\.millipoints) == [5_000])
        // Another session has read nothing.
        fixture.session = "t"
        #expect(monitor.objection(to: fixture.event(at: 0, read(.externalWrite))) == nil)
        // All three in one call.
        #expect(monitor.objection(to: fixture.event(at: 0, read(.all))) != nil)
    }

    @Test("a task is one session, however many connections its agent opens")
    func taskIsSession() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        fixture.task = "t-1"
        fixture.session = "one"
        _ = monitor.observe(fixture.event(at: 0, read(.untrustedRead)))
        fixture.session = "two"
        _ = monitor.observe(fixture.event(at: 0, read(.privateRead)))
        fixture.session = "three"
        #expect(monitor.objection(to: fixture.event(at: 0, read(.externalWrite))) != nil)
        fixture.task = "t-2"
        #expect(monitor.objection(to: fixture.event(at: 0, read(.externalWrite))) == nil)
    }

    @Test("what was refused was not read")
    func refusedRead() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        var event = fixture.event(at: 0, read([.untrustedRead, .privateRead]))
        event.outcome = .denied(.unrelated)
        _ = monitor.observe(event)
        #expect(monitor.objection(to: fixture.event(at: 0, read(.externalWrite))) == nil)
    }

    @Test("opening many sessions does not wash data clean")
    func washing() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        fixture.session = "dirty"
        _ = monitor.observe(fixture.event(at: 0, read([.untrustedRead, .privateRead])))
        for index in 0..<AgentState.sessions {
            fixture.session = "s\(index)"
            _ = monitor.observe(fixture.event(at: second))
        }
        fixture.session = "dirty"
        #expect(monitor.objection(to: fixture.event(at: 2 * second, read(.externalWrite))) != nil)
        fixture.session = "fresh"
        #expect(monitor.objection(to: fixture.event(at: 2 * second, read(.externalWrite))) != nil)
        #expect(monitor.objection(to: fixture.event(at: hour, read(.externalWrite))) == nil)
    }

    @Test("a named session keeps what it has read over a pause, one without a name does not")
    func pause() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        for name in ["s", nil] {
            fixture.session = name
            _ = monitor.observe(fixture.event(at: 0, read([.untrustedRead, .privateRead])))
        }
        for name in ["s", nil] {
            fixture.session = name
            #expect(monitor.observe(fixture.event(at: hour, read(.externalWrite))).isEmpty == (name == nil))
        }
    }

    @Test("a canary is critical at once, whatever else the event says")
    func canary() {
        for outcome in [BehaviorEvent.Outcome.allowed, .held, .denied(.unrelated)] {
            var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
            let event = fixture.event(at: 0) {
                $0.touchesCanary = true
                $0.isContinuation = true
                $0.outcome = outcome
            }
            let alarms = monitor.observe(event)
            #expect(alarms.map(\.action) == [.quarantine] && alarms.map(\.level) == [.critical])
            #expect(alarms.first?.sentence == #"a canary was touched at "tickets" by "ticket_search""#)
            #expect(monitor.risk(of: fixture.agent, at: start + 99 * hour).response == .quarantine)
        }
    }
}
