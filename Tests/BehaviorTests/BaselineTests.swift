// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Baselines") struct BaselineTests {
    static let day: Int64 = 24 * hour

    /// Learns from sessions on days: each a list of tools, bytes and a domain.
    struct Teacher {
        var monitor: BehaviorMonitor
        var fixture = EventFixture()
        var sessions = 0

        init(_ settings: BehaviorSettings = BehaviorSettings()) {
            monitor = BehaviorMonitor(settings: settings)
            monitor.learn(true)
        }

        mutating func session(
            day: Int64, _ tools: String, bytes: Int64 = 100, domain: String = "example.com",
            _ change: (inout BehaviorEvent) -> Void = { _ in }
        ) {
            sessions += 1
            fixture.session = "s\(sessions)"
            for (index, tool) in tools.enumerated() {
                let at = day * BaselineTests.day + Int64(sessions % 1000) * minute + Int64(index) * second
                let event = fixture.event(at: at) {
                    $0.service = nil
                    $0.tool = String(tool)
                    $0.bytesUp = bytes
                    $0.destination = .init(host: domain, isNamed: true)
                    change(&$0)
                }
                _ = monitor.observe(event)
            }
        }

        mutating func proposal(day: Int64 = 40) throws -> BaselineProposal {
            let proposal = monitor.proposal(at: start + day * BaselineTests.day)
            return try #require(proposal)
        }

        mutating func profile(day: Int64 = 40) throws -> RoleProfile {
            let proposal = try proposal(day: day)
            return try #require(proposal.baseline["support"])
        }
    }

    @Test("what is usual is learnt by hand-counted sessions")
    func learning() throws {
        var teacher = Teacher()
        for index in 0..<6 { teacher.session(day: Int64(index / 3), index < 3 ? "abab" : "ab", bytes: 100) }
        let proposal = try teacher.proposal()
        let profile = try #require(proposal.baseline["support"])
        #expect(profile.sessions == 6 && profile.days == 2)
        #expect(
            profile.tools == [
                .init(service: "", tool: "a", isRead: true, sessions: 6),
                .init(service: "", tool: "b", isRead: true, sessions: 6),
            ])
        #expect(profile.domains == [.init(name: "example.com", sessions: 6)])
        // Start to a: 6; a to b: 3 × 2 + 3; b to a: 3.
        #expect(
            profile.transitions == [
                .init(from: -1, to: 0, count: 6), .init(from: 0, to: 1, count: 9), .init(from: 1, to: 0, count: 3),
            ])
        // Calls 4, 4, 4, 2, 2, 2: the lower middle is 2, the distances 0, 0, 0, 2, 2, 2.
        #expect(profile.sessionCalls == Spread(median: 2_000, deviation: 0))
        #expect(profile.sessionBytes == Spread(median: Binary.ln(200), deviation: 0))
        #expect(profile.minuteCalls == 4_000 && profile.surpriseLimit == nil && proposal.leftOut.isEmpty)
    }

    @Test("what was seen too rarely is left out, and said")
    func rare() throws {
        var teacher = Teacher()
        for day in Int64(0)..<2 {
            for _ in 0..<5 { teacher.session(day: day, "ab") }
            teacher.session(day: day, "d\u{1b}", domain: "twice.test")
        }
        for _ in 0..<9 { teacher.session(day: 1, "c", domain: "oneday.test") }
        let proposal = try teacher.proposal()
        #expect(proposal.baseline["support"]?.tools.map(\.tool) == ["a", "b"])
        #expect(proposal.baseline["support"]?.domains.map(\.name) == ["example.com"])
        #expect(
            proposal.leftOut == [
                #"role "support": tool "\u{1b}" was seen in 2 sessions on 2 days, which is too few"#,
                #"role "support": tool "c" was seen in 9 sessions on 1 days, which is too few"#,
                #"role "support": tool "d" was seen in 2 sessions on 2 days, which is too few"#,
                #"role "support": domain "oneday.test" was seen in 9 sessions on 1 days, which is too few"#,
                #"role "support": domain "twice.test" was seen in 2 sessions on 2 days, which is too few"#,
            ])
    }

    @Test("sessions of agents under suspicion, with strong refusals or with canaries teach nothing")
    func tainted() throws {
        var teacher = Teacher()
        for index in 0..<6 { teacher.session(day: Int64(index / 3), "ab") }
        for index in 0..<6 { teacher.session(day: Int64(index / 3 + 2), "xy") { $0.outcome = .denied(.tool) } }
        teacher.monitor.apply(.release(agent: teacher.fixture.agent, by: "anna", time: start + 4 * Self.day))
        for index in 0..<6 {
            // One refusal of five points: elevated for all that follows on this day.
            teacher.session(day: Int64(index + 5), "b") { $0.outcome = .denied(.tool) }
            teacher.session(day: Int64(index + 5), "zz", domain: "evil.test")
        }
        let profile = try teacher.profile()
        #expect(profile.tools.map(\.tool) == ["a", "b"] && profile.domains.map(\.name) == ["example.com"])
        #expect(profile.sessions == 6)
    }

    @Test("one day moves a baseline by no more than its share, however much happens on it")
    func poisoning() throws {
        var clean = Teacher()
        var poisoned = Teacher()
        for day in Int64(0)..<10 {
            for index in 0..<30 {
                clean.session(day: day, "abcab", bytes: 80 + Int64(index))
                poisoned.session(day: day, "abcab", bytes: 80 + Int64(index))
            }
        }
        // An agent that makes as many sessions as all days together had, each far out of the usual.
        poisoned.fixture.agent += "-hijacked"
        for _ in 0..<300 { poisoned.session(day: 10, "qrqrqrqrqrqrqrqrqr", bytes: 1 << 30, domain: "evil.test") }
        let before = try clean.profile()
        let after = try poisoned.profile()
        #expect(after.tools == before.tools && after.domains.map(\.name) == before.domains.map(\.name))
        #expect(after.sessions == before.sessions + 128)
        #expect(after.sessionCalls?.median == before.sessionCalls?.median)
        // A tenth of a unit of the logarithm is a tenth of the bytes.
        let moved = (after.sessionBytes?.median ?? 0) - (before.sessionBytes?.median ?? 0)
        #expect(abs(moved) < 2 * Binary.one / 10)
        let limit = (before.sessionBytes?.median ?? 0) + 5 * (after.sessionBytes?.scale(atLeast: 16_384) ?? 0)
        #expect(limit < Binary.ln(1 << 30))
    }

    @Test("one session counts once for a tool, and a few times for an order")
    func capped() throws {
        var teacher = Teacher()
        for index in 0..<3 { teacher.session(day: Int64(index), String(repeating: "ab", count: 500)) }
        let profile = try teacher.profile()
        #expect(profile.tools.map(\.sessions) == [3, 3])
        #expect(profile.transitions.map(\.count) == [3, 12, 12])
    }

    @Test("a limit of surprise comes with two hundred sessions, each measured by the others")
    func surprise() throws {
        var teacher = Teacher()
        for index in 0..<199 { teacher.session(day: Int64(index / 20), "abcab") }
        let early = try teacher.profile(day: 20)
        #expect(early.surpriseLimit == nil)
        teacher.session(day: 10, "cbacb")
        let profile = try teacher.profile(day: 20)
        let limit = try #require(profile.surpriseLimit)
        // 198 of 200 are alike: log2 of nearly one. The odd one has pairs that no other session has.
        #expect(limit > 0 && limit < Binary.one / 2)
        teacher.monitor.enforce(Baseline(roles: [profile]).ratified(by: "anna", at: 0))
        let odd = EventFixture()
        var fixture = odd
        fixture.session = "odd"
        let alarms = "cbacb".flatMap { tool in
            teacher.monitor.observe(
                fixture.event(at: 30 * Self.day) {
                    $0.service = nil
                    $0.tool = String(tool)
                })
        }
        #expect(alarms.map(\.signal) == [.sequence])
    }

    @Test("days that are too long ago are forgotten")
    func forgetting() throws {
        var teacher = Teacher()
        for index in 0..<6 { teacher.session(day: Int64(index / 3), "ab") }
        for index in 0..<6 { teacher.session(day: Int64(index / 3 + 40), "cd") }
        let profile = try teacher.profile(day: 50)
        #expect(profile.tools.map(\.tool) == ["c", "d"] && profile.days == 2)
    }

    @Test("names that an agent can choose at will fill no memory")
    func bounds() throws {
        var settings = BehaviorSettings()
        settings.learning.openSessions = 16
        var teacher = Teacher(settings)
        for index in 0..<3000 {
            teacher.fixture.role = "role \(index % 100)"
            teacher.session(day: 0, "a", domain: "d\(index).test") { $0.tool = "tool \(index)" }
        }
        let baseline = try teacher.proposal().baseline
        #expect(baseline.roles.count <= Baseline.Limits.roles)
        #expect(baseline.roles.allSatisfy { $0.tools.isEmpty && $0.domains.isEmpty && $0.sessions <= 30 })
    }

    @Test("names of days that were forgotten make room for new ones")
    func room() throws {
        var teacher = Teacher()
        for index in 0..<300 { teacher.session(day: Int64(index / 100), "x") { $0.tool = "old \(index)" } }
        for index in 0..<300 {
            teacher.session(day: Int64(index / 100 + 40), "x") { $0.tool = "new \(index / 3 % 10)" }
        }
        let proposal = try teacher.proposal(day: 60)
        let profile = try #require(proposal.baseline["support"])
        #expect(profile.tools.map(\.tool) == (0..<10).map { "new \($0)" })
        #expect(profile.tools.allSatisfy { $0.sessions == 30 } && profile.sessions == 300)
        #expect(proposal.leftOut.isEmpty)
    }

    @Test("a role with more names than are counted says so")
    func crowded() throws {
        var teacher = Teacher()
        for index in 0..<300 { teacher.session(day: Int64(index / 100), "x") { $0.tool = "t \(index)" } }
        let proposal = try teacher.proposal()
        #expect(proposal.leftOut.last == #"role "support": there are more tools than are counted"#)
    }

    // MARK: Texts

    @Test("a baseline is written in one way and read again the same")
    func roundTrip() throws {
        let ratified = ReplayTests.baseline
        #expect(try RatifiedBaseline(decoding: ratified.encoded) == ratified)
        #expect(try Baseline(decoding: ratified.baseline.encoded) == ratified.baseline)
        var profile = RoleProfile(role: "e\u{301}")
        profile.tools = ["a", "b"].map { .init(service: "s", tool: $0, isRead: false, sessions: 3) }
        profile.transitions = [.init(from: -1, to: 1, count: 2), .init(from: 1, to: 0, count: 1)]
        let text =
            "{\"format\":\"yett-baseline-1\",\"roles\":[{\"days\":0,\"domains\":[],\"role\":\"e\u{301}\",\"sessions\":0,"
            + #""tools":[{"is_read":false,"service":"s","sessions":3,"tool":"a"},"#
            + #"{"is_read":false,"service":"s","sessions":3,"tool":"b"}],"transitions":[[-1,1,2],[1,0,1]]}]}"#
        #expect(String(decoding: Baseline(roles: [profile]).encoded, as: UTF8.self).utf8.elementsEqual(text.utf8))
        #expect(try Baseline(decoding: Array(text.utf8)) == Baseline(roles: [profile]))
    }

    static let least = #"{"format":"yett-baseline-1","roles":[]}"#
    static let one =
        #"{"format":"yett-baseline-1","roles":[{"days":1,"domains":[],"role":"r","sessions":1,"tools":[],"transitions":[]}]}"#

    @Test(
        "any other text is refused with a reason",
        arguments: [
            ("", "no JSON"), ("[]", "the baseline is not an object"), ("{}", "'format' of the baseline is no string"),
            (least.replacing("-1", with: "-2"), "'format' is not yett-baseline-1"),
            (least + "\n", "the baseline is not in canonical form"),
            (least.replacing("[]", with: "[],\"zz\":0"), "the baseline has an unknown member \"zz\""),
            (least.replacing("[]", with: "{}"), "'roles' of the baseline is no list of at most 64"),
            (one.replacing("\"days\":1", with: "\"days\":-1"), "'days' of a role is no whole number"),
            (one.replacing("\"days\":1", with: "\"days\":1099511627777"), "'days' of a role is no whole number"),
            (one.replacing("\"days\":1,", with: ""), "'days' of a role is no whole number"),
            (one.replacing("\"days\":1", with: "\"days\":1,\"days\":1"), "no JSON"),
            (one.replacing("\"transitions\":[]", with: "\"transitions\":[[-1,0,1]]"), "a transition is not"),
            (one.replacing("\"transitions\":[]", with: "\"transitions\":[[0,0]]"), "a transition is not"),
            (one.replacing("\"days\":1", with: "\"days\":1,\"session_calls\":[1]"), "'session_calls' of a role is not"),
            (
                one.replacing("\"days\":1", with: "\"days\":1,\"session_calls\":[1,-1]"),
                "'session_calls' of a role is not"
            ),
            (
                one.replacing(
                    "\"domains\":[]", with: #""domains":[{"name":"b","sessions":1},{"name":"a","sessions":1}]"#),
                "'domains' is not in order"
            ),
            (
                one.replacing(
                    "\"domains\":[]", with: #""domains":[{"name":"b","sessions":1},{"name":"b","sessions":1}]"#),
                "'domains' is not in order"
            ),
            (one.replacing("\"domains\":[]", with: #""domains":[{"name":"b"}]"#), "'sessions' of a domain"),
        ])
    func refused(_ text: String, _ why: String) {
        let error = #expect(throws: BehaviorDecodingError.self) { try Baseline(decoding: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(why) == true, "\(text): \(error?.description ?? "")")
    }

    @Test("only what a person ratified is read as ratified")
    func ratified() throws {
        let plain = Baseline(roles: [RoleProfile(role: "r")])
        #expect(throws: BehaviorDecodingError.self) { try RatifiedBaseline(decoding: plain.encoded) }
        let ratified = plain.ratified(by: "anna", at: 7)
        #expect(throws: BehaviorDecodingError.self) { try Baseline(decoding: ratified.encoded) }
        let again = try RatifiedBaseline(decoding: ratified.encoded)
        #expect(again.person == "anna" && again.time == 7)
        let text = String(decoding: ratified.encoded, as: UTF8.self)
        for wrong in [
            text.replacing("\"person\":\"anna\",", with: ""), text.replacing("\"time\":7", with: "\"time\":7,\"x\":1"),
            text.replacing("{\"person\":\"anna\",\"time\":7}", with: "true"),
        ] {
            #expect(throws: BehaviorDecodingError.self) { try RatifiedBaseline(decoding: Array(wrong.utf8)) }
        }
    }

    @Test("a person sees each difference, and nothing that a name could do to the terminal")
    func differences() {
        var old = RoleProfile(role: "support")
        (old.sessions, old.days) = (200, 10)
        old.tools = [
            .init(service: "mail", tool: "send", isRead: true, sessions: 4),
            .init(service: "tickets", tool: "gone", isRead: true, sessions: 4),
        ]
        old.domains = [.init(name: "gone.test", sessions: 3)]
        old.sessionCalls = Spread(median: 5_000, deviation: 2_000)
        var new = old
        (new.sessions, new.days) = (240, 12)
        new.tools = [
            .init(service: "mail", tool: "send", isRead: false, sessions: 9),
            .init(service: "tickets", tool: "new\u{1b}[2J", isRead: false, sessions: 12),
        ]
        new.domains = [.init(name: "new.test", sessions: 7)]
        new.sessionCalls = Spread(median: 6_500, deviation: 2_000)
        new.minuteCalls = 9_000
        let baseline = Baseline(roles: [new])
        let before = Baseline(roles: [old, RoleProfile(role: "zz")])
        #expect(
            baseline.differences(from: before) == [
                #"  role "support": 240 sessions on 12 days"#, #"  ~ tool "send" of "mail" now with effects"#,
                #"  + tool "new\u{1b}[2J" of "tickets", with effects, in 12 sessions"#,
                #"  - tool "gone" of "tickets""#, #"  + domain "new.test", in 7 sessions"#, #"  - domain "gone.test""#,
                "  ~ calls in a session: median 5, deviation 2 -> median 6.5, deviation 2",
                "  ~ calls in a busy minute: at most unknown -> 9", #"- role "zz""#,
            ])
        #expect(baseline.differences(from: baseline).isEmpty)
        #expect(baseline.differences(from: nil).first == #"+ role "support": 240 sessions on 12 days"#)
    }

    @Test("the defaults are sound, and what is not is named")
    func settings() {
        #expect(BehaviorSettings().problems.isEmpty)
        var settings = BehaviorSettings()
        settings.ladder.high = 4_000
        settings.callRate.z = 0
        settings.burst.stages.reverse()
        settings.hardRate.tool = .init(calls: 0, period: second, burst: 1)
        settings.denials.strong = -1
        #expect(
            settings.problems == [
                "ladder.high is 4000, not from 5000 to 1000000000", "callRate.z is 0, not from 1 to 100",
                "hardRate.tool.calls is 0, not from 1 to 1000000", "burst.stages do not rise",
                "denials.strong is -1, not from 0 to 1000000000",
            ])
    }
}
