// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Testing

@Suite struct GrantIndexTests {
    typealias Fixture = GrantFixture

    @Test("denies everything without grants")
    func empty() throws {
        let verdict = Fixture.judge([], try Fixture.tunnel("api.openai.com"))
        #expect(verdict.effect == .deny)
        #expect(verdict.reason == .hostNotGranted)
    }

    @Test("denies when nobody is identified")
    func nobody() throws {
        var facts = try Fixture.tunnel("api.openai.com")
        facts.identity = nil
        #expect(Fixture.judge([try Fixture.grant("a", ["api.openai.com"])], facts).reason == .identityMissing)
        let unproved = try Fixture.tunnel("api.openai.com", proof: .none)
        #expect(Fixture.judge([try Fixture.grant("a", ["api.openai.com"])], unproved).reason == .identityMissing)
    }

    @Test(
        "names hosts on label boundaries, and never an apex by its wildcard",
        arguments: [
            ("api.openai.com", "api.openai.com", true), ("api.openai.com", "x.api.openai.com", false),
            ("api.openai.com", "openai.com", false), ("*.wild.test", "a.wild.test", true),
            ("*.wild.test", "a.b.wild.test", true), ("*.wild.test", "wild.test", false),
            ("*.wild.test", "notwild.test", false), ("*.wild.test", "a.wild.test.evil.test", false),
            ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false), ("10.0.0.0/8", "10.9.9.9", true),
            ("10.0.0.0/8", "11.0.0.0", false), ("2001:db8::/32", "[2001:db8::1]", true),
            ("2001:db8::/32", "[2001:db9::1]", false), ("10.0.0.0/8", "[::ffff:10.0.0.1]", false),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "[2001:db8::1]", false), ("0.0.0.0/0", "a.test", false),
            ("*", "a.test", true), ("*", "203.0.113.9", true),
        ])
    func hosts(pattern: String, host: String, expected: Bool) throws {
        let verdict = Fixture.judge([try Fixture.grant("a", [pattern])], try Fixture.tunnel(host))
        #expect((verdict.effect == .allow) == expected)
        #expect(verdict.reason == (expected ? .granted : .hostNotGranted))
    }

    @Test("agrees with the patterns themselves on random names and addresses")
    func agreesWithPatterns() throws {
        var random = SeededRandom(seed: 7)
        let labels = ["a", "b", "c", "ab", "x-1", "test"]
        func name() -> String {
            (0..<Int.random(in: 1...4, using: &random)).map { _ in labels.randomElement(using: &random) ?? "a" }
                .joined(separator: ".") + ".test"
        }
        func address() -> String {
            "10.\(Int.random(in: 0...3, using: &random)).\(Int.random(in: 0...255, using: &random)).1"
        }
        for _ in 0..<200 {
            var patterns: [String] = []
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                switch Int.random(in: 0...3, using: &random) {
                case 0: patterns.append("*." + name())
                case 1: patterns.append("10.\(Int.random(in: 0...3, using: &random)).0.0/16")
                case 2: patterns.append(address())
                default: patterns.append(name())
                }
            }
            let grant = try Fixture.grant("a", patterns) { $0.nameBudget = nil }
            let index = GrantIndex(agent: "bot", grants: [grant])
            for _ in 0..<20 {
                let host = Bool.random(using: &random) ? name() : address()
                let facts = try Fixture.tunnel(host)
                let expected = grant.hosts.contains { $0.matches(facts.destination.host) }
                #expect((index.judge(facts) { _ in GrantUsage() }.effect == .allow) == expected, "\(patterns) \(host)")
            }
        }
    }

    @Test("records the first grant that allows, in configured order")
    func order() throws {
        let grants = [
            try Fixture.grant("other-port", ["a.test"]) { $0.ports = PortSet([8443...8443]) },
            try Fixture.grant("wild", ["*.test.test", "*"]),
            try Fixture.grant("exact", ["a.test"]),
        ]
        #expect(Fixture.judge(grants, try Fixture.tunnel("a.test")).grant?.name == "wild")
        #expect(Fixture.judge(grants.reversed(), try Fixture.tunnel("a.test")).grant?.name == "exact")
        #expect(
            Fixture.judge(grants, try Fixture.tunnel("a.test", 8443)).grant == GrantID(agent: "bot", name: "other-port")
        )
    }

    @Test("gives the reason of the grant that came nearest")
    func nearest() throws {
        let grants = [
            try Fixture.grant("port", ["a.test"]) { $0.ports = PortSet([1...1]) },
            try Fixture.grant("expired", ["*"]) { $0.expires = 5 },
            try Fixture.grant("method", ["a.test"]) { $0.methods = .only(["GET"]) },
        ]
        let verdict = Fixture.judge(grants, try Fixture.tunnel("a.test"))
        #expect(verdict.reason == .grantExpired)
        #expect(verdict.grant?.name == "expired")
        #expect(Fixture.judge([grants[0]], try Fixture.tunnel("a.test")).reason == .portNotGranted)
    }

    @Test("asks for the spending of grants with a budget only")
    func usageIsAskedForBudgets() throws {
        let index = GrantIndex(
            agent: "bot",
            grants: [
                try Fixture.grant("spent", ["a.test"]) { $0.budget = GrantBudget(calls: 1) },
                try Fixture.grant("free", ["a.test"]),
            ])
        var asked: [String] = []
        let verdict = index.judge(try Fixture.tunnel("a.test")) { id in
            asked.append(id.description)
            return GrantUsage(calls: 1)
        }
        #expect(verdict.grant?.name == "free")
        #expect(asked == ["bot/spent"])
        #expect(index.budget(of: "spent") == GrantBudget(calls: 1))
        #expect(index.budget(of: "free") == nil)
    }

    @Test("a launch is covered by no grant")
    func launch() throws {
        var facts = try Fixture.tunnel("a.test")
        facts.operation = Operation(.launch)
        #expect(Fixture.judge([try Fixture.grant("all", ["*"])], facts).effect == .deny)
    }

    @Test("finds names among a hundred thousand patterns")
    func many() throws {
        let hosts = (0..<100_000).map { $0 % 3 == 0 ? "*.w\($0).example.com" : "host-\($0).example.com" }
        let grants = try hosts.enumerated().map { try Fixture.grant("g\($0.offset)", [$0.element]) }
        let index = GrantIndex(agent: "bot", grants: grants)
        #expect(index.patternCount == 100_000)
        for number in stride(from: 0, to: 100_000, by: 997) {
            let host = number % 3 == 0 ? "a.w\(number).example.com" : "host-\(number).example.com"
            let verdict = index.judge(try Fixture.tunnel(host)) { _ in GrantUsage() }
            #expect(verdict.grant?.name == "g\(number)")
        }
        #expect(index.judge(try Fixture.tunnel("host-x.example.com")) { _ in GrantUsage() }.reason == .hostNotGranted)
    }
}

/// A reproducible source of random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
