// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Testing

/// What grants say about what is found in a call.
@Suite struct GrantLeakTests {
    private static func terms(
        _ requests: [LeakTerms.Kind: LeakTerms.Action], answers: [LeakTerms.Kind: LeakTerms.Action] = [:]
    ) -> LeakTerms {
        var terms = LeakTerms()
        terms.requests = requests
        terms.answers = answers
        return terms
    }

    private static func rules(_ grants: [Grant], _ facts: Facts) throws -> LeakRules {
        let identity = try #require(facts.identity)
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: identity.id.trustDomain, agents: AgentDirectory(agents: []),
            grants: [identity.id: GrantIndex(agent: "bot", grants: grants)], addressGuard: AddressGuard())
        return Authorizer(snapshot: snapshot).leakRules(for: facts)
    }

    private static func grant(_ name: String, _ terms: LeakTerms?, _ change: (inout Grant) -> Void = { _ in }) throws
        -> Grant
    {
        try GrantFixture.grant(name, ["pay.test"]) { grant in
            grant.ports = .all
            grant.leaks = terms
            change(&grant)
        }
    }

    @Test("what a grant does not name is what is usual")
    func usual() throws {
        let facts = try GrantFixture.request("POST", "pay.test")
        let rules = try Self.rules([Self.grant("a", Self.terms([.numbers: .allow]))], facts)
        #expect(rules.action(for: .numbers, usual: .hold) == .allow)
        #expect(rules.action(for: .patterns, usual: .deny) == .deny)
        #expect(rules.answer(for: .numbers, usual: .allow) == .allow)
    }

    @Test("of several grants that cover a call the strictest counts, among those that say something")
    func strictest() throws {
        let facts = try GrantFixture.request("POST", "pay.test")
        let grants = [
            try Self.grant("silent", nil), try Self.grant("mild", Self.terms([.numbers: .allow, .patterns: .redact])),
            try Self.grant("strict", Self.terms([.numbers: .redact], answers: [.secrets: .deny])),
        ]
        let rules = try Self.rules(grants, facts)
        #expect(rules.action(for: .numbers, usual: .hold) == .redact)
        #expect(rules.action(for: .patterns, usual: .deny) == .redact)
        #expect(rules.answer(for: .secrets, usual: .redact) == .deny)
    }

    @Test("a grant that names the call and does not cover it makes nothing milder, and everything stricter")
    func naming() throws {
        let facts = try GrantFixture.request("POST", "pay.test")
        let over = try Self.grant("over", Self.terms([.patterns: .allow, .numbers: .deny])) { $0.expires = 1 }
        let rules = try Self.rules([over, try Self.grant("other", nil)], facts)
        #expect(rules.action(for: .patterns, usual: .deny) == .deny)
        #expect(rules.action(for: .numbers, usual: .hold) == .deny)
    }

    @Test("a grant for another place or another operation says nothing")
    func elsewhere() throws {
        let other = try Self.grant("other", Self.terms([.patterns: .allow])) { $0.methods = .only(["GET"]) }
        let rules = try Self.rules([other], try GrantFixture.request("POST", "pay.test"))
        #expect(rules == LeakRules())
        let far = try Self.rules(
            [try Self.grant("a", Self.terms([.patterns: .allow]))], try GrantFixture.request("GET", "far.test"))
        #expect(far == LeakRules())
    }
}
