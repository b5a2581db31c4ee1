// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Testing

@Suite("The gate's own policy") struct DefaultPolicyTests {
    @Test("allows what a grant covers, and names the grant")
    func granted() throws {
        let verdict = try PolicyFixture.decide("", try GrantFixture.tunnel("web.test"))
        var expected = Verdict(
            .allow, .granted, grant: GrantID(agent: "bot", name: "web"), obligations: .requireMatchingServerName)
        expected.isDestinationNamed = true
        #expect(verdict == expected)
    }

    @Test(
        "refuses the rest for the reason that the grants give",
        arguments: [
            ("other.test", 443 as UInt16, ReasonCode.hostNotGranted), ("web.test", 25, .portNotGranted),
        ])
    func refused(host: String, port: UInt16, reason: ReasonCode) throws {
        let facts = try GrantFixture.tunnel(host, port)
        let verdict = try PolicyFixture.decide("", facts)
        let judged = GrantFixture.judge([try GrantFixture.grant("web", ["web.test"])], facts)
        #expect(verdict == judged)
        #expect(verdict.reason == reason)
    }

    @Test("compiles, and stands behind every snapshot that names no other")
    func standard() throws {
        #expect(DecisionPolicy.standard?.usesGrants == true)
        #expect(DecisionPolicy.standard?.dependsOnTime == false)
    }

    @Test("allows nothing to who is not known, whatever the policy says")
    func unknown() throws {
        let snapshot = try PolicyFixture.snapshot(
            try PolicyFixture.policy("package yett.authz\nverdict := {\"allow\": true}"))
        var facts = try GrantFixture.tunnel("web.test")
        facts.identity = nil
        #expect(snapshot.decide(facts) { _ in GrantUsage() } == .deny(.identityMissing))
        facts.identity = try GrantFixture.identity(.none)
        #expect(snapshot.decide(facts) { _ in GrantUsage() } == .deny(.identityMissing))
    }

    @Test("is missed: without a policy nothing is allowed")
    func none() throws {
        let facts = try GrantFixture.tunnel("web.test")
        let verdict = try PolicyFixture.snapshot(nil).decide(facts) { _ in GrantUsage() }
        #expect(verdict.reason == .policyNotReady && verdict.effect == .deny)
    }
}
