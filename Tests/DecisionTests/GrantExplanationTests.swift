// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Testing

@Suite struct GrantExplanationTests {
    typealias Fixture = GrantFixture

    @Test("shows each check up to the one that failed")
    func steps() throws {
        let index = GrantIndex(
            agent: "bot", grants: [try Fixture.grant("models", ["*.openai.com"]) { $0.ports = PortSet([8443...8443]) }])
        let explanation = index.explain(try Fixture.tunnel("api.openai.com")) { _ in GrantUsage() }
        #expect(explanation.verdict.reason == .portNotGranted)
        #expect(
            explanation.lines == [
                "ok  models: host: the grant has *.openai.com, the request names api.openai.com",
                "no  models: port: the grant has port 8443, the request port 443",
            ])
        #expect(
            explanation.missingGrant
                == "- name: allow-api-openai-com\n  hosts: [\"api.openai.com\"]\n  ports: [443]\n  methods: [CONNECT]\n"
        )
    }

    @Test("has the same verdict as the judgement, and ends with the grant that allowed")
    func allowed() throws {
        let index = GrantIndex(
            agent: "bot", grants: [try Fixture.grant("a", ["b.test"]), try Fixture.grant("b", ["a.test"])])
        let facts = try Fixture.tunnel("a.test")
        let explanation = index.explain(facts) { _ in GrantUsage() }
        #expect(explanation.verdict == index.judge(facts) { _ in GrantUsage() })
        #expect(explanation.missingGrant == nil)
        #expect(explanation.steps.allSatisfy { $0.grant == "b" && $0.passed })
    }

    @Test("points at a wildcard that does not cover its own suffix, and at a name that does not cover what is below")
    func nearMisses() throws {
        let index = GrantIndex(agent: "bot", grants: [try Fixture.grant("a", ["*.wild.test", "exact.test"])])
        let apex = index.explain(try Fixture.tunnel("wild.test")) { _ in GrantUsage() }
        #expect(apex.lines[0].contains("covers the names below and not wild.test itself"))
        let below = index.explain(try Fixture.tunnel("www.exact.test")) { _ in GrantUsage() }
        #expect(below.lines[0].contains("a has exact.test, which does not cover the names below"))
    }

    @Test("goes through a limited number of grants")
    func limited() throws {
        let grants = try (0..<200).map { number in
            try Fixture.grant("g\(number)", ["a.test"]) { $0.ports = PortSet([1...1]) }
        }
        let explanation = GrantIndex(agent: "bot", grants: grants).explain(try Fixture.tunnel("a.test")) { _ in
            GrantUsage()
        }
        #expect(explanation.omittedGrants == 150)
        #expect(Set(explanation.steps.compactMap(\.grant)).count == GrantIndex.maximumExplainedGrants)
    }

    @Test("describes every check of a grant without trouble")
    func everyTerm() throws {
        let grant = try Fixture.grant("full", ["a.test"]) {
            $0.schemes = [.https]
            $0.methods = .only(["CONNECT"])
            $0.expires = 1_800_000_000
            $0.budget = GrantBudget(calls: 5, per: .hour)
            $0.window = TimeWindow(days: Set(TimeWindow.Day.allCases), from: 0, to: 1440)
        }
        let explanation = GrantIndex(agent: "bot", grants: [grant]).explain(try Fixture.tunnel("a.test")) { _ in
            GrantUsage()
        }
        #expect(explanation.verdict.effect == .allow)
        #expect(explanation.lines.contains { $0.contains("mon tue wed thu fri sat sun 00:00-24:00 +00:00") })
        #expect(explanation.lines.contains { $0.contains("a budget of 5 calls per hour") })
    }

    @Test("writes a grant for a request that names method and path, quoted for YAML")
    func missingRequest() throws {
        let text = GrantIndex.missingGrant(for: try Fixture.request("PO\"ST", "[2001:db8::1]", 8080, "/v1/it's%20*"))
        #expect(
            text == "- name: allow-2001-db8-1\n  hosts: [\"2001:db8::1\"]\n  ports: [8080]\n"
                + "  methods: [\"PO\\\"ST\"]\n  paths: [\"/v1/\"]\n")
    }

    @Test(
        "proposes a grant that allows what was denied",
        arguments: ["/", "/v1/chat/completions", "/a%2Fb", "/x/*", "/x/%41*/", "/a//b", "", "*"])
    func proposalAllows(path: String) throws {
        let facts = try Fixture.request("GET", "a.test", 8080, path)
        let lines = GrantIndex.missingGrant(for: facts).split(separator: "\n")
        let quoted = try #require(lines.last?.split(separator: "\"").dropFirst().first)
        #expect(try PathPrefix(parsing: String(quoted)).covers(path.isEmpty || path == "*" ? "/" : path))
    }
}
