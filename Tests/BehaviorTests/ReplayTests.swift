// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Replay") struct ReplayTests {
    /// Inputs of every kind, with late ones, clocks that are set back, long pauses and names that attackers choose.
    static func inputs(_ seed: UInt64, count: Int = 3000) -> [BehaviorInput] {
        var generator = SplitMix64(seed)
        func pick(_ bound: UInt64) -> UInt64 { generator.next() % bound }
        var time = start
        return (0..<count).map { index in
            switch pick(150) {
            case 0: time += Int64(pick(3)) * hour
            case 1: time -= Int64(pick(2)) * hour
            case 2: time -= Int64(pick(50)) * second
            default: time += Int64(pick(4_000_000))
            }
            let agent = "spiffe://example.test/agent/\(pick(pick(2) == 0 ? 12 : 3))"
            switch pick(300) {
            case 0: return .release(agent: agent, by: "anna", time: time)
            case 1: return .quarantine(agent: agent, by: "bo", time: time)
            default: break
            }
            var event = BehaviorEvent(id: UInt64(index), time: time, agent: agent, role: "role \(pick(3))")
            event.task = pick(2) == 0 ? nil : "t-\(pick(20))"
            event.session = pick(2) == 0 ? nil : "s\(pick(pick(3) == 0 ? 60 : 2))"
            event.service = pick(3) == 0 ? nil : "service \(pick(3))"
            event.tool = pick(4) == 0 ? nil : ["a", "e\u{301}", "\u{e9}", "\u{0}\u{202e}", "tool"][Int(pick(5))]
            event.effect = BehaviorEvent.Effect.allCases[Int(pick(3))]
            event.isContinuation = pick(5) == 0
            event.arguments = pick(3) == 0 ? nil : pick(30)
            event.destination =
                pick(3) == 0 ? nil : .init(host: "h\(pick(9)).example\(pick(9)).test", isNamed: pick(3) == 0)
            event.outcome =
                pick(12) == 0
                ? .denied(BehaviorEvent.DenialClass.allCases[Int(pick(9))]) : pick(20) == 0 ? .held : .allowed
            event.bytesUp = Int64(pick(1 << (1 + pick(40))))
            event.outboundBits = Int64(pick(6000))
            event.labels = pick(4) == 0 ? .init(rawValue: UInt8(pick(8))) : []
            event.touchesCanary = pick(1000) == 0
            return .event(event)
        }
    }

    /// Everything that a run says: its alarms, its objections and the risks in between.
    static func transcript(_ inputs: [BehaviorInput], _ baseline: RatifiedBaseline?) -> [UInt8] {
        var settings = BehaviorSettings()
        settings.capacity.agents = 8
        settings.capacity.tasks = 10
        settings.hardRate.agent = .init(calls: 5, period: second, burst: 30)
        var monitor = BehaviorMonitor(settings: settings)
        monitor.enforce(baseline)
        monitor.learn(true)
        var output: [UInt8] = []
        for (index, input) in inputs.enumerated() {
            if case .event(let event) = input {
                output += monitor.objection(to: event)?.encoded ?? []
            }
            for alarm in monitor.apply(input) { output += alarm.encoded + [10] }
            if index % 7 == 0 {
                let agent = "spiffe://example.test/agent/\(index % 12)"
                let risk = monitor.risk(of: agent, task: "t-\(index % 20)", at: start + Int64(index) * second)
                output +=
                    "\(risk.millipoints) \(risk.level) \(risk.signals) \(risk.permille) \(risk.isThrottled)\n".utf8
            }
        }
        output += monitor.proposal(at: start + 1000 * hour)?.baseline.encoded ?? []
        return output
    }

    static let baseline: RatifiedBaseline = {
        var profiles: [RoleProfile] = []
        for number in 0..<2 {
            var profile = RoleProfile(role: "role \(number)")
            profile.sessions = 250
            profile.tools = [.init(service: "service 1", tool: "tool", isRead: true, sessions: 200)]
            profile.domains = [.init(name: "example1.test", sessions: 100)]
            profile.surpriseLimit = 1 << 15
            profile.sessionCalls = Spread(median: 3_000, deviation: 1_000)
            profile.sessionBytes = Spread(median: 300_000, deviation: 50_000)
            profile.destinationBytes = Spread(median: 200_000, deviation: 50_000)
            profile.minuteCalls = 2_000
            profiles.append(profile)
        }
        return Baseline(roles: profiles).ratified(by: "anna", at: start)
    }()

    @Test("the same inputs say the same, bit for bit, as they were and from their encodings", arguments: 1...6)
    func identical(_ seed: UInt64) throws {
        let inputs = Self.inputs(seed)
        let first = Self.transcript(inputs, Self.baseline)
        #expect(first == Self.transcript(inputs, Self.baseline))
        let decoded = try inputs.map { try BehaviorInput(decoding: $0.encoded) }
        #expect(first == Self.transcript(decoded, try RatifiedBaseline(decoding: Self.baseline.encoded)))
        #expect(first.count > 10_000)
    }

    @Test("what is learnt from anything can be read again and enforced", arguments: 1...4)
    func learnt(_ seed: UInt64) throws {
        var settings = BehaviorSettings()
        (settings.learning.leastSessions, settings.learning.leastDays) = (1, 1)
        var monitor = BehaviorMonitor(settings: settings)
        monitor.learn(true)
        for input in Self.inputs(seed) {
            monitor.apply(input)
            // Nobody stays under suspicion, so that much is learnt.
            if case .event(let event) = input { monitor.release(event.agent, at: event.time) }
        }
        let learnt = monitor.proposal(at: start + 1000 * hour)
        let proposal = try #require(learnt)
        #expect(proposal.baseline.roles.count == 3 && proposal.baseline.roles.allSatisfy { !$0.transitions.isEmpty })
        let ratified = proposal.baseline.ratified(by: "e\u{301}", at: .max)
        let again = try RatifiedBaseline(decoding: ratified.encoded)
        #expect(again == ratified)
        monitor.enforce(again)
        #expect(Self.inputs(seed + 10).flatMap { monitor.apply($0) }.allSatisfy { $0.score >= 0 })
        var event = BehaviorEvent(id: 1, time: start + 2000 * hour, agent: "a", role: "role 1")
        event.tool = "never seen"
        #expect(monitor.observe(event).map(\.signal) == [.newTool])
    }

    @Test("a copy that goes on says what the original says")
    func copies() {
        let inputs = Self.inputs(9)
        var one = BehaviorMonitor()
        for input in inputs.prefix(1500) { one.apply(input) }
        var two = one
        for input in inputs.dropFirst(1500) { #expect(one.apply(input) == two.apply(input)) }
    }

    @Test("every detector speaks in these inputs, so that the comparison means something")
    func coverage() {
        var settings = BehaviorSettings()
        settings.hardRate.agent = .init(calls: 5, period: second, burst: 30)
        var monitor = BehaviorMonitor(settings: settings)
        monitor.enforce(Self.baseline)
        var signals: Set<Signal> = []
        for seed in UInt64(1)...6 {
            for input in Self.inputs(seed) { signals.formUnion(monitor.apply(input).map(\.signal)) }
        }
        #expect(
            signals.isSuperset(of: [
                .newDestination, .newTool, .sequence, .outboundVolume, .outboundEntropy, .denials, .dataFlow, .canary,
                .length, .person,
            ]))
    }

    @Test("the rarest times and numbers stop nothing")
    func extremes() {
        var monitor = BehaviorMonitor()
        monitor.enforce(Self.baseline)
        for (index, time) in [Int64.max, 0, .min, 1 << 53, 5, -7, 1 << 52, 0].enumerated() {
            var event = BehaviorEvent(id: .max, time: time, agent: "", role: "role 1")
            event.destination = .init(host: "", domain: "")
            (event.bytesUp, event.bytesDown, event.outboundBits) = (.max, .min, .max)
            event.labels = .all
            event.tool = ""
            event.arguments = .max
            _ = monitor.objection(to: event)
            #expect(monitor.observe(event).allSatisfy { $0.score >= 0 && !$0.sentence.isEmpty })
            #expect(monitor.risk(of: "", task: "", at: time).millipoints >= 0)
            #expect(monitor.report(on: "", at: time)?.events == Int64(index + 1))
        }
    }

    @Test("alarms are kept for people, the last of them")
    func report() {
        var settings = BehaviorSettings()
        settings.capacity.alarms = 3
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        #expect(monitor.report(on: fixture.agent, at: start) == nil)
        for _ in 0..<9 { _ = monitor.observe(fixture.denied(at: 0, .syntax)) }
        let report = monitor.report(on: fixture.agent, at: start)
        #expect(report?.alarms.map(\.events.last) == [7, 8, 9] && report?.events == 9)
        #expect(report?.risk.level == .elevated)
        #expect(
            report?.alarms.last?.sentence
                == #"refused for broken syntax ("ticket_search"), which weighs 1; 9 refused within 5 min"#)
    }

    @Test("light alarms do not push heavy ones out of sight")
    func retention() {
        var settings = BehaviorSettings()
        settings.capacity.alarms = 4
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        _ = monitor.observe(fixture.denied(at: 0, .secret))
        for _ in 0..<100 { _ = monitor.observe(fixture.denied(at: 0, .syntax)) }
        let report = monitor.report(on: fixture.agent, at: start)
        #expect(report?.alarms.map(\.events.last) == [1, 99, 100, 101])
        #expect(report?.points == [.init(signal: .denials, millipoints: 105_000)])
    }

    @Test("agents of a level are listed by name")
    func reports() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        for (name, count) in [("c", 1), ("a", 3), ("b", 0), ("d", 2)] {
            fixture.agent = name
            _ = monitor.observe(fixture.event(at: 0))
            for _ in 0..<count { _ = monitor.observe(fixture.denied(at: 0, .tool)) }
        }
        #expect(monitor.reports(atLeast: .elevated, at: start).map(\.agent) == ["a", "c", "d"])
        #expect(monitor.reports(atLeast: .critical, at: start + 9 * hour).map(\.agent) == ["a"])
        #expect(monitor.reports(atLeast: .normal, at: start).count == 4)
    }

    @Test("an alarm is one line of canonical JSON")
    func alarm() {
        var (monitor, fixture) = (BehaviorMonitor(), EventFixture())
        let alarm = monitor.observe(fixture.denied(at: 0, .tool)).first
        #expect(
            alarm.map { String(decoding: $0.encoded, as: UTF8.self) }
                == #"{"action":"alert","agent":"spiffe://example.test/agent/support","events":["0000000000000001"],"#
                + #""level":"elevated","millipoints":5000,"score":5000,"sentence":"refused for a tool outside the grant "#
                + #"(\"ticket_search\"), which weighs 5; 1 refused within 5 min","signal":"denials","#
                + "\"time\":\(start)}")
    }
}
