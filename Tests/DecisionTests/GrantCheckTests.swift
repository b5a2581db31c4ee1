// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Testing

@Suite struct GrantCheckTests {
    typealias Fixture = GrantFixture

    @Test("covers only its ports, 443 unless told otherwise")
    func ports() throws {
        let plain = try Fixture.grant("a", ["a.test"])
        #expect(Fixture.judge([plain], try Fixture.tunnel("a.test", 443)).effect == .allow)
        #expect(Fixture.judge([plain], try Fixture.tunnel("a.test", 80)).reason == .portNotGranted)
        let range = try Fixture.grant("a", ["a.test"]) { $0.ports = PortSet([8000...8010, 22...22, 8011...8011]) }
        #expect(range.ports.description == "22, 8000-8011")
        for (port, allowed) in [(UInt16(22), true), (23, false), (8000, true), (8011, true), (8012, false)] {
            #expect((Fixture.judge([range], try Fixture.tunnel("a.test", port)).effect == .allow) == allowed)
        }
    }

    @Test("covers only its schemes")
    func schemes() throws {
        let grant = try Fixture.grant("a", ["a.test"]) { $0.schemes = [.https] }
        #expect(Fixture.judge([grant], try Fixture.request("GET", "a.test", 443)).reason == .portNotGranted)
    }

    @Test("covers only its methods, in their exact case")
    func methods() throws {
        let grant = try Fixture.grant("a", ["a.test"]) {
            $0.ports = .all
            $0.methods = .only(["GET", "POST"])
        }
        #expect(Fixture.judge([grant], try Fixture.request("GET", "a.test")).effect == .allow)
        #expect(Fixture.judge([grant], try Fixture.request("get", "a.test")).reason == .methodNotGranted)
        #expect(Fixture.judge([grant], try Fixture.request("DELETE", "a.test")).reason == .methodNotGranted)
        var blind = try Fixture.request("GET", "a.test")
        blind.http = nil
        #expect(Fixture.judge([grant], blind).reason == .methodNotGranted)
    }

    @Test("does not let a tunnel pass a limit on methods, paths or tools")
    func tunnels() throws {
        let facts = try Fixture.tunnel("a.test")
        let methods = try Fixture.grant("a", ["a.test"]) { $0.methods = .only(["GET"]) }
        let paths = try Fixture.grant("a", ["a.test"]) { $0.paths = [try PathPrefix(parsing: "/")] }
        let tools = try Fixture.grant("a", ["a.test"]) { $0.tools = [ToolGrant(name: "t")] }
        let connect = try Fixture.grant("a", ["a.test"]) { $0.methods = .only(["GET", "CONNECT"]) }
        for grant in [methods, paths, tools] { #expect(Fixture.judge([grant], facts).reason == .tunnelNotGranted) }
        #expect(Fixture.judge([connect], facts).effect == .allow)
    }

    @Test("obliges a tunnel to show its server name unless the grant says otherwise")
    func obligations() throws {
        let plain = try Fixture.grant("a", ["a.test"])
        #expect(Fixture.judge([plain], try Fixture.tunnel("a.test")).obligations == [.requireMatchingServerName])
        let any = try Fixture.grant("a", ["a.test"]) { $0.tls = .any }
        #expect(Fixture.judge([any], try Fixture.tunnel("a.test")).obligations == [])
        let hidden = try Fixture.grant("a", ["a.test"]) { $0.allowsEncryptedClientHello = true }
        #expect(
            Fixture.judge([hidden], try Fixture.tunnel("a.test")).obligations
                == [.requireMatchingServerName, .allowEncryptedClientHello])
        #expect(Fixture.judge([plain], try Fixture.request("GET", "a.test", 443)).obligations == [])
    }

    @Test(
        "covers paths by segments",
        arguments: [
            ("/v1", "/v1", true), ("/v1", "/v1/x", true), ("/v1", "/v1/", true), ("/v1", "/v1x", false),
            ("/v1", "/", false), ("/v1/*", "/v1", false), ("/v1/*", "/v1/x", true), ("/v1/", "/v1/", true),
            ("/v1/", "/v1x", false), ("/", "/anything", true), ("/a%2Fb", "/a%2Fb/c", true), ("/a%2Fb", "/a/b", false),
        ])
    func paths(prefix: String, path: String, expected: Bool) throws {
        let grant = try Fixture.grant("a", ["a.test"]) {
            $0.ports = .all
            $0.paths = [try PathPrefix(parsing: "/other"), try PathPrefix(parsing: prefix)]
        }
        let verdict = Fixture.judge([grant], try Fixture.request("GET", "a.test", 80, path))
        #expect(verdict.reason == (expected ? .granted : .pathNotGranted))
    }

    @Test(
        "refuses path prefixes that no canonical path has",
        arguments: [
            ("v1", PathPrefixError.noLeadingSlash), ("", .noLeadingSlash), ("/a//b", .emptySegment),
            ("/a/../b", .dotSegment),
            ("/./a", .dotSegment), ("/a*", .star), ("/*/a", .star), ("/a%2fb", .escape), ("/a%41", .escape),
            ("/a%", .escape),
            ("/a?b", .character), ("/a#b", .character), ("/a b", .character), ("/é", .character), ("/a\\b", .character),
        ])
    func pathErrors(prefix: String, error: PathPrefixError) {
        #expect(throws: error) { try PathPrefix(parsing: prefix) }
    }

    @Test("ends at the second of its expiry")
    func expiry() throws {
        let grant = try Fixture.grant("a", ["a.test"]) { $0.expires = 100 }
        #expect(Fixture.judge([grant], try Fixture.tunnel("a.test", time: 99)).effect == .allow)
        #expect(Fixture.judge([grant], try Fixture.tunnel("a.test", time: 100)).reason == .grantExpired)
    }

    @Test(
        "applies in its hours only",
        arguments: windowCases)
    func window(_ sample: WindowCase) throws {
        let grant = try Fixture.grant("a", ["a.test"]) {
            $0.window = TimeWindow(
                days: [.fri], from: sample.from * 60, to: sample.to * 60, offsetMinutes: sample.offset)
        }
        #expect(grant.window != nil)
        let verdict = Fixture.judge([grant], try Fixture.tunnel("a.test", time: sample.time))
        #expect(verdict.reason == (sample.isOpen ? .granted : .outsideTimeWindow))
    }

    @Test("is exhausted at its budget of calls or bytes")
    func budget() throws {
        let grant = try Fixture.grant("a", ["a.test"]) { $0.budget = GrantBudget(calls: 3, bytes: 100, per: .day) }
        let facts = try Fixture.tunnel("a.test")
        #expect(Fixture.judge([grant], facts, usage: GrantUsage(calls: 2, bytes: 99)).effect == .allow)
        #expect(Fixture.judge([grant], facts, usage: GrantUsage(calls: 3, bytes: 0)).reason == .budgetExhausted)
        #expect(Fixture.judge([grant], facts, usage: GrantUsage(calls: 0, bytes: 100)).reason == .budgetExhausted)
    }

    @Test("counts budgets in whole hours and days of UTC, before 1970 as well")
    func periods() {
        #expect(GrantBudget.Period.total.index(of: 5) == GrantBudget.Period.total.index(of: .max))
        #expect(GrantBudget.Period.hour.index(of: 3_599) == 0)
        #expect(GrantBudget.Period.hour.index(of: 3_600) == 1)
        #expect(GrantBudget.Period.day.index(of: -1) == -1)
        #expect(GrantBudget.Period.day.index(of: -86_400) == -1)
        #expect(GrantBudget.Period.day.index(of: -86_401) == -2)
        #expect(GrantBudget.Period.day.index(of: .min) < 0)
    }

    @Test("asks for the strength, the person and the task it requires")
    func requirements() throws {
        let grant = try Fixture.grant("a", ["a.test"]) {
            $0.requirement.strength = 3
            $0.requirement.person = true
            $0.requirement.task = true
        }
        #expect(Fixture.judge([grant], try Fixture.tunnel("a.test", proof: .token)).reason == .strengthTooLow)
        var facts = try Fixture.tunnel("a.test", proof: .launched)
        #expect(Fixture.judge([grant], facts).reason == .personRequired)
        facts.person = Person(issuer: "https://id", subject: "8812", authenticationTime: 0)
        #expect(Fixture.judge([grant], facts).reason == .taskRequired)
        facts.task = TaskFacts(id: "t-1", purpose: "p", expires: 0)
        #expect(Fixture.judge([grant], facts).effect == .allow)
    }

    @Test("refuses data in the labels under a wildcard, unless the name is granted as such")
    func nameBudget() throws {
        let name = "0123456789abcdef0123456789abcdef0123456789abcdef.wild.test"
        let wild = try Fixture.grant("wild", ["*.wild.test"])
        #expect(Fixture.judge([wild], try Fixture.tunnel(name)).reason == .nameCarriesData)
        #expect(Fixture.judge([wild], try Fixture.tunnel("images.wild.test")).effect == .allow)
        let exact = try Fixture.grant("exact", ["*.wild.test", name])
        #expect(Fixture.judge([exact], try Fixture.tunnel(name)).effect == .allow)
        let unlimited = try Fixture.grant("off", ["*.wild.test"]) { $0.nameBudget = nil }
        #expect(Fixture.judge([unlimited], try Fixture.tunnel(name)).effect == .allow)
    }

    @Test("covers tool calls only when it names tools, and never without knowing the arguments")
    func tools() throws {
        let constraint = try ArgumentConstraint(parsing: ["required": ["query"]])
        let grant = try Fixture.grant("a", ["tickets.test"]) {
            $0.tools = [ToolGrant(name: "search", arguments: constraint), ToolGrant(name: "list")]
        }
        let query = ["query": "refund"] as JSONValue
        #expect(Fixture.judge([grant], try Fixture.toolCall("search", query)).effect == .allow)
        #expect(Fixture.judge([grant], try Fixture.toolCall("list", nil)).effect == .allow)
        #expect(Fixture.judge([grant], try Fixture.toolCall("delete", query)).reason == .toolNotGranted)
        #expect(Fixture.judge([grant], try Fixture.toolCall("search", nil)).reason == .argumentRefused)
        var inquiry = try Fixture.toolCall("search", nil)
        inquiry.operation.isInquiry = true
        #expect(Fixture.judge([grant], inquiry).effect == .allow)
        inquiry.operation.arguments = [:]
        #expect(Fixture.judge([grant], inquiry).reason == .argumentRefused)
        inquiry.operation.tool = "delete"
        #expect(Fixture.judge([grant], inquiry).reason == .toolNotGranted)
        #expect(Fixture.judge([grant], try Fixture.toolCall("search", [:])).reason == .argumentRefused)
        #expect(Fixture.judge([grant], try Fixture.request("POST", "tickets.test", 443)).reason == .toolNotGranted)
    }

    @Test("covers of an MCP server's tools, resources and prompts only what it lists")
    func lists() throws {
        let grant = try Fixture.grant("a", ["tickets.test"]) {
            $0.resources = ["ticket://7", "file:///docs/*"].compactMap { ResourcePattern($0) }
            $0.prompts = ["greet"]
        }
        func verdict(_ kind: Operation.Name, _ name: String) throws -> Verdict {
            var facts = try Fixture.toolCall(name, [:])
            facts.operation.name = kind
            return Fixture.judge([grant], facts)
        }
        #expect(try verdict(.resourceRead, "ticket://7").effect == .allow)
        #expect(try verdict(.resourceRead, "ticket://77").reason == .toolNotGranted)
        #expect(try verdict(.resourceRead, "file:///docs/a/b").effect == .allow)
        #expect(try verdict(.promptGet, "greet").effect == .allow)
        #expect(try verdict(.promptGet, "file:///docs/a").reason == .toolNotGranted)
        #expect(try verdict(.resourceRead, "greet").reason == .toolNotGranted)
        #expect(try verdict(.toolCall, "greet").reason == .toolNotGranted)
        let tools = try Fixture.grant("a", ["tickets.test"]) { $0.tools = [ToolGrant(name: "greet")] }
        var prompt = try Fixture.toolCall("greet", [:])
        prompt.operation.name = .promptGet
        #expect(Fixture.judge([tools], prompt).reason == .toolNotGranted)
        #expect(GrantIndex.missingGrant(for: prompt).contains("prompts: ["))
    }

    @Test(
        "covers no resource that could be another one",
        arguments: [
            ("file:///docs/*", "file:///docs/a..b/c.", true), ("file:///docs/*", "file:///docs/", true),
            ("file:///docs/*", "file:///docs/../etc/passwd", false), ("file:///docs/*", "file:///docs/a/..", false),
            ("file:///docs/*", "file:///docs/%2e%2e/etc", false), ("file:///docs/*", "file:///docs/%2E./etc", false),
            ("file:///docs/*", "file:///docs/..%2fetc", false), ("file:///docs/*", "file:///docs/%252e%252e/", false),
            ("file:///docs/*", "file:///docs/..\\etc", false), ("file:///docs/*", "file:///docs/%5c..", false),
            ("file:///docs/*", "file:///docs/./a", false), ("file:///docs/.*", "file:///docs/../a", false),
            ("file:///docs/*", "file:///docs/%", false), ("file:///docs/*", "FILE:///docs/a", false),
            ("*", "anything:../x", true), ("ticket://\u{65}*", "ticket://\u{65}\u{301}", true),
        ])
    func resources(_ pattern: String, _ uri: String, _ isCovered: Bool) throws {
        let pattern = try #require(ResourcePattern(pattern))
        #expect(pattern.covers(uri) == isCovered)
    }

    @Test("takes no pattern with a star before its end", arguments: ["", "a*b", "**", "a b", "\u{e9}", "a\n"])
    func patterns(_ text: String) { #expect(ResourcePattern(text) == nil) }

    struct WindowCase: Sendable {
        var from: Int
        var to: Int
        var offset: Int
        var time: Int64
        var isOpen: Bool

        /// A window on Fridays, and a time counted from Friday, 2026-11-20 00:00 UTC.
        init(_ from: Int, _ to: Int, _ offset: Int, hours: Int64, seconds: Int64 = 0, _ isOpen: Bool) {
            (self.from, self.to, self.offset, self.isOpen) = (from, to, offset, isOpen)
            time = 1_795_132_800 + hours * 3_600 + seconds
        }
    }

    static let windowCases = [
        WindowCase(9, 17, 0, hours: 9, true), WindowCase(9, 17, 0, hours: 17, false),
        WindowCase(9, 17, 0, hours: 9, seconds: -1, false), WindowCase(9, 17, 120, hours: 7, true),
        WindowCase(9, 17, 0, hours: 34, false), WindowCase(22, 6, 0, hours: 23, true),
        WindowCase(22, 6, 0, hours: 29, true), WindowCase(22, 6, 0, hours: 5, false),
        WindowCase(9, 24, 0, hours: 24, seconds: -1, true), WindowCase(9, 17, 0, hours: -1_000_000_000, false),
    ]

    @Test("is closed at times that no clock shows")
    func windowExtremes() throws {
        let window = try #require(TimeWindow(days: Set(TimeWindow.Day.allCases), from: 0, to: 1440, offsetMinutes: 60))
        #expect(!window.contains(.max))
        #expect(window.contains(.min))
    }
}
