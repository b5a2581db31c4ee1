// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Rego
import Testing

/// What a task covers, and when it covers nothing.
@Suite struct TaskDecisionTests {
    @Test func `A task has its own grants and never the agent's others`() throws {
        var fixture = try TaskFixture()
        let task = try fixture.start(try fixture.order([TaskGrant("models")]))
        let models = try GrantFixture.tunnel("api.openai.com")
        let web = try GrantFixture.tunnel("www.example.org")
        #expect(fixture.decide(models, in: task).effect == .allow)
        #expect(fixture.decide(web, in: nil).effect == .allow)
        #expect(fixture.decide(web, in: task).reason == .taskNotGranted)
    }

    @Test func `A policy cannot allow what the task does not take in`() throws {
        let policy = try DecisionPolicy(
            compiling: [
                PolicySource(
                    name: "all.rego", bytes: Array("package yett.authz\nverdict := {\"allow\": true}\n".utf8)
                )
            ])
        let plain = try TaskFixture.snapshot(bot: try TaskFixture.standardGrants(), planner: [])
        var fixture = try TaskFixture()
        fixture.authorizer.replace(
            with: Snapshot(
                revision: 2, digest: "", trustDomain: plain.trustDomain, agents: plain.agents, grants: plain.grants,
                addressGuard: plain.addressGuard, policy: policy))
        let task = try fixture.start(try fixture.order([TaskGrant("models")]))
        let elsewhere = try GrantFixture.tunnel("elsewhere.test")
        #expect(fixture.decide(elsewhere, in: nil).effect == .allow)
        #expect(fixture.decide(elsewhere, in: task).reason == .taskNotGranted)
        #expect(fixture.decide(try GrantFixture.tunnel("api.openai.com"), in: task).effect == .allow)
    }

    @Test func `A task that is unknown, over, stopped or another agent's covers nothing, each with its reason`() throws
    {
        var fixture = try TaskFixture()
        var order = try fixture.order([TaskGrant("models")])
        order.seconds = 60
        let task = try fixture.start(order)
        var facts = try GrantFixture.tunnel("api.openai.com")
        facts.time = TaskFixture.start
        #expect(fixture.decide(facts, in: task).effect == .allow)
        facts.task = TaskFacts(id: "t-\(String(repeating: "9", count: 32))", purpose: "", expires: .max)
        #expect(fixture.authorizer.reconsider(facts, at: facts.time).reason == .taskUnknown)
        facts.task = TaskFacts(id: "t-1", purpose: "", expires: .max)
        #expect(fixture.authorizer.reconsider(facts, at: facts.time).reason == .taskUnknown)
        facts.task = task.facts
        #expect(fixture.authorizer.reconsider(facts, at: task.expires - 1).effect == .allow)
        #expect(fixture.authorizer.reconsider(facts, at: task.expires).reason == .taskExpired)
        let other = try fixture.start(try fixture.order([TaskGrant("models")], agent: "planner"))
        #expect(fixture.decide(facts, in: other).reason == .taskOfAnother)
        let generation = fixture.authorizer.generation
        fixture.authorizer.changeTasks { _, book in
            _ = book.stop(task.id, AgentTask.Stop(time: facts.time, why: "done"))
        }
        #expect(fixture.authorizer.generation > generation)
        #expect(fixture.decide(facts, in: task).reason == .taskStopped)
    }

    @Test func `Stopping a task ends the tasks below it`() throws {
        var fixture = try TaskFixture()
        let outer = try fixture.start(try fixture.order([TaskGrant("models")], agent: "planner"))
        let inner = try fixture.start(try fixture.order([TaskGrant("models")], under: outer))
        var facts = try GrantFixture.tunnel("api.openai.com")
        facts.time = TaskFixture.start
        #expect(fixture.decide(facts, in: inner).effect == .allow)
        fixture.authorizer.changeTasks { _, book in _ = book.stop(outer.id, AgentTask.Stop(time: facts.time)) }
        #expect(fixture.decide(facts, in: inner).reason == .taskStopped)
        #expect(fixture.authorizer.snapshot.tasks.descendants(of: outer.id) == [outer.id, inner.id])
    }

    @Test func `A grant that the configuration removed or narrowed is gone from the task, too`() throws {
        var fixture = try TaskFixture()
        let task = try fixture.start(try fixture.order([TaskGrant("models"), TaskGrant("web")]))
        let web = try GrantFixture.tunnel("www.example.org")
        #expect(fixture.decide(web, in: task).effect == .allow)
        let narrower = [try GrantFixture.grant("web", ["docs.example.org"])]
        fixture.authorizer.replace(with: try TaskFixture.snapshot(bot: narrower, planner: []))
        #expect(fixture.decide(web, in: task).effect == .deny)
        #expect(fixture.decide(try GrantFixture.tunnel("docs.example.org"), in: task).effect == .allow)
        #expect(fixture.decide(try GrantFixture.tunnel("api.openai.com"), in: task).reason == .taskNotGranted)
        fixture.authorizer.replace(with: try TaskFixture.snapshot(bot: [], planner: []))
        #expect(fixture.decide(try GrantFixture.tunnel("docs.example.org"), in: task).effect == .deny)
    }

    @Test func `Below another agent's task only that is covered which both agents may do`() throws {
        let narrow = [try GrantFixture.grant("few", ["www.example.org"])]
        var fixture = try TaskFixture(planner: narrow)
        let outer = try fixture.start(try fixture.order([TaskGrant("few")], agent: "planner"))
        let inner = try fixture.start(try fixture.order([TaskGrant("web"), TaskGrant("models")], under: outer))
        #expect(fixture.decide(try GrantFixture.tunnel("www.example.org"), in: inner).grant?.agent == "bot")
        #expect(fixture.decide(try GrantFixture.tunnel("docs.example.org"), in: inner).reason == .taskNotGranted)
        #expect(fixture.decide(try GrantFixture.tunnel("api.openai.com"), in: inner).effect == .deny)
        #expect(
            AgentTask.chain(fixture.authorizer.snapshot.tasks.links(of: inner.id) ?? []).map(\.agentName) == [
                "bot", "planner",
            ])
    }

    @Test func `Quarantine of an agent ends what it delegated`() throws {
        var fixture = try TaskFixture()
        let outer = try fixture.start(try fixture.order([TaskGrant("models")], agent: "planner"))
        let inner = try fixture.start(try fixture.order([TaskGrant("models")], under: outer))
        let facts = try GrantFixture.tunnel("api.openai.com")
        #expect(fixture.decide(facts, in: inner).effect == .allow)
        fixture.authorizer.quarantine(try fixture.agent("planner"), why: "test")
        #expect(fixture.decide(facts, in: inner).reason == .quarantined)
        #expect(fixture.decide(facts, in: nil).effect == .allow)
    }

    @Test func `Calls and bytes are counted for the task, for its grants and for all tasks below it`() throws {
        var fixture = try TaskFixture()
        var order = try fixture.order([.part("models") { $0.calls = 2 }, TaskGrant("web")])
        order.budget = GrantBudget(calls: 3, bytes: 1000)
        let task = try fixture.start(order)
        let models = try GrantFixture.tunnel("api.openai.com")
        let web = try GrantFixture.tunnel("www.example.org")
        #expect(fixture.decide(models, in: task).effect == .allow)
        #expect(fixture.decide(models, in: task).effect == .allow)
        #expect(fixture.decide(models, in: task).reason == .budgetExhausted)
        #expect(fixture.decide(models, in: nil).effect == .allow)
        let inner = try fixture.start(try fixture.order([TaskGrant("web")], under: task))
        #expect(fixture.decide(web, in: inner).effect == .allow)
        #expect(fixture.decide(web, in: inner).reason == .budgetExhausted)
        #expect(fixture.decide(web, in: task).reason == .budgetExhausted)
        let usage = fixture.authorizer.ledger.usage(of: task)
        #expect(usage[""]?.calls == 3)
        #expect(usage["models"]?.calls == 2)
        fixture.authorizer.ledger.forget([task.id])
        #expect(fixture.authorizer.ledger.usage(of: task).isEmpty)
        fixture.authorizer.ledger.restore(usage, of: task)
        #expect(fixture.decide(web, in: task).reason == .budgetExhausted)
    }

    @Test func `A grant that asks for a task is covered within one only`() throws {
        let grants = [try GrantFixture.grant("models", ["api.openai.com"]) { $0.requirement.task = true }]
        var fixture = try TaskFixture(bot: grants)
        let task = try fixture.start(try fixture.order([TaskGrant("models")]))
        let facts = try GrantFixture.tunnel("api.openai.com")
        #expect(fixture.decide(facts, in: nil).reason == .taskRequired)
        #expect(fixture.decide(facts, in: task).effect == .allow)
    }
}
