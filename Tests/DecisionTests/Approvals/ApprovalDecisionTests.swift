// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Testing

/// Verdicts where a grant, a task or the plane asks for a person.
@Suite struct ApprovalDecisionTests {
    private static func authorizer(_ grants: [Grant]) throws -> TaskFixture {
        try TaskFixture(bot: grants, planner: grants)
    }

    private static func grant(_ name: String, _ change: (inout Grant) throws -> Void = { _ in }) throws -> Grant {
        try GrantFixture.grant(name, ["tickets.test"], change)
    }

    private static func decide(_ fixture: TaskFixture, _ facts: Facts) -> Verdict { fixture.authorizer.foresee(facts) }

    private static func approve(_ facts: Facts) throws -> ApprovalEvidence {
        let approvals = Approvals()
        let call = try #require(ApprovalCall(facts, digest: Array(repeating: 0, count: 32)))
        var generator = SystemRandomNumberGenerator()
        let question = ApprovalQuestion(
            call: call, facts: facts, decision: DecisionID(rawValue: 1), shown: "", why: "")
        guard case .waiting(let approval, _) = approvals.ask(question, waiter: nil, now: 0, using: &generator) else {
            throw Unexpected()
        }
        _ = try approvals.answer(approval.id, agrees: true, by: "uid:7", reason: nil, now: 0)
        return try approvals.use(approval.id, for: call, now: 0).get()
    }

    private struct Unexpected: Error {}

    @Test func `A grant with approval holds what it names, whatever stands beside it and in which order`() throws {
        let wide = try Self.grant("all")
        let narrow = try Self.grant("pay") { grant in
            grant.tools = [ToolGrant(name: "pay")]
            grant.needsApproval = true
        }
        for grants in [[wide, narrow], [narrow, wide]] {
            let fixture = try Self.authorizer(grants)
            #expect(Self.decide(fixture, try GrantFixture.toolCall("read", [:])).effect == .allow)
            let held = Self.decide(fixture, try GrantFixture.toolCall("pay", [:]))
            #expect(held.effect == .hold && held.reason == .approvalRequired)
            var session = try GrantFixture.toolCall("pay", [:])
            session.operation = Operation(.session)
            #expect(Self.decide(fixture, session).effect == .allow)
        }
    }

    @Test func `Neither a spent budget nor a weak identity is a way around it`() throws {
        let fixture = try Self.authorizer([
            try Self.grant("all"),
            try Self.grant("pay") { grant in
                grant.tools = [ToolGrant(name: "pay")]
                grant.budget = GrantBudget(calls: 1)
                grant.requirement.strength = 4
                grant.requirement.person = true
                grant.expires = 1
                grant.needsApproval = true
            },
        ])
        #expect(Self.decide(fixture, try GrantFixture.toolCall("pay", [:])).effect == .hold)
    }

    @Test func `A task that takes the wider grant only is no way around it`() throws {
        var fixture = try Self.authorizer([
            try Self.grant("all"),
            try Self.grant("pay") { grant in
                grant.tools = [ToolGrant(name: "pay")]
                grant.needsApproval = true
            },
        ])
        let task = try fixture.start(try fixture.order([TaskGrant("all")]))
        var facts = try GrantFixture.toolCall("pay", [:])
        facts.task = task.facts
        facts.time = TaskFixture.start
        #expect(Self.decide(fixture, facts).effect == .hold)
    }

    @Test func `A part of a task may ask for a person, and those below it cannot drop that`() throws {
        var fixture = try Self.authorizer([try Self.grant("all")])
        var part = TaskGrant("all")
        part.needsApproval = true
        #expect(TaskGrant(part.json) == part)
        let task = try fixture.start(try fixture.order([part]))
        let below = try fixture.start(try fixture.order([TaskGrant("all")], under: task))
        for task in [task, below] {
            var facts = try GrantFixture.toolCall("pay", [:])
            facts.task = task.facts
            facts.time = TaskFixture.start
            #expect(Self.decide(fixture, facts).reason == .approvalRequired)
        }
        #expect(Self.decide(fixture, try GrantFixture.toolCall("pay", [:])).effect == .allow)
    }

    @Test func `Evidence allows the call that it is about, and no other`() throws {
        let fixture = try Self.authorizer([try Self.grant("all") { $0.needsApproval = true }])
        var facts = try GrantFixture.toolCall("pay", [:])
        facts.approval = try Self.approve(facts)
        let verdict = Self.decide(fixture, facts)
        #expect(verdict.effect == .allow && verdict.reason == .personApproved)
        #expect(verdict.detail?.contains("uid:7") == true)
        #expect(verdict.grant?.name == "all")
        #expect(fixture.authorizer.reconsider(facts, at: facts.time).effect == .allow)
        facts.operation.tool = "steal"
        #expect(Self.decide(fixture, facts).effect == .hold)
        // A person's word is not a grant.
        var elsewhere = try GrantFixture.tunnel("other.test")
        elsewhere.approval = try Self.approve(elsewhere)
        #expect(Self.decide(fixture, elsewhere).effect == .deny)
    }

    @Test func `The plane may ask for a person, and what is denied stays denied`() throws {
        let fixture = try Self.authorizer([try Self.grant("all")])
        var facts = try GrantFixture.toolCall("pay", [:])
        facts.approvalDemand = "the tool says so"
        let held = Self.decide(fixture, facts)
        #expect(held.effect == .hold && held.detail == "the tool says so")
        var denied = try GrantFixture.tunnel("other.test")
        denied.approvalDemand = "x"
        #expect(Self.decide(fixture, denied).effect == .deny)
    }

    @Test func `A held call spends nothing, and one that goes on spends once`() throws {
        let fixture = try Self.authorizer([
            try Self.grant("all") { grant in
                grant.needsApproval = true
                grant.budget = GrantBudget(calls: 1)
            }
        ])
        var facts = try GrantFixture.toolCall("pay", [:])
        for number in 0..<3 {
            let judgement = fixture.authorizer.authorize(facts, decision: DecisionID(rawValue: UInt64(number)))
            #expect(judgement.verdict.effect == .hold)
        }
        facts.approval = try Self.approve(facts)
        let effects = (0..<2).map { number in
            fixture.authorizer.authorize(facts, decision: DecisionID(rawValue: UInt64(number))).verdict.effect
        }
        #expect(effects == [.allow, .deny])
    }
}
