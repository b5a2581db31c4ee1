// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Testing

/// Tasks follow what a provider says of their person.
@Suite struct TaskPersonTests {
    private func person(_ groups: [String], subject: String = "alice") -> Person {
        Person(issuer: "https://idp.test", subject: subject, groups: groups, authenticationTime: 1)
    }

    @Test("F-23: new groups reach the task and those below it, and nobody else's")
    func renewal() throws {
        var fixture = try TaskFixture()
        var order = try fixture.order([.part("web")])
        order.person = person(["staff"])
        let outer = try fixture.start(order)
        let inner = try fixture.start(try fixture.order([.part("web")], under: outer))
        let other = try fixture.start(order)
        var stranger = try fixture.order([.part("web")])
        stranger.person = person(["staff"], subject: "bob")
        let bob = try fixture.start(stranger)
        let changed = fixture.authorizer.changeTasks { _, book in
            book.renew(person([]), of: [outer.id, bob.id])
        }
        #expect(Set(changed.map(\.id)) == [outer.id, inner.id])
        let tasks = fixture.authorizer.snapshot.tasks
        #expect(tasks[outer.id]?.person?.groups == [] && tasks[inner.id]?.person?.groups == [])
        #expect(tasks[other.id]?.person?.groups == ["staff"] && tasks[bob.id]?.person?.groups == ["staff"])
        #expect(tasks.task(handleDigest: outer.handleDigest)?.id == outer.id)
        #expect(fixture.authorizer.changeTasks { _, book in book.renew(person([]), of: [outer.id]) }.isEmpty)
    }

    @Test("F-23: what is open is judged by the groups of now")
    func open() throws {
        let policy = try PolicyFixture.policy(
            """
            package yett.authz
            default verdict := {"allow": false}
            verdict := {"allow": true} if "staff" in input.person.groups
            """)
        let plain = try TaskFixture.snapshot(bot: try TaskFixture.standardGrants(), planner: [])
        var fixture = try TaskFixture()
        fixture.authorizer.replace(
            with: Snapshot(
                revision: 2, digest: "", trustDomain: plain.trustDomain, agents: plain.agents, grants: plain.grants,
                addressGuard: plain.addressGuard, policy: policy))
        var order = try fixture.order([.part("models")])
        order.person = person(["staff"])
        let task = try fixture.start(order)
        var facts = try GrantFixture.tunnel("api.openai.com")
        facts.time = TaskFixture.start
        facts.task = task.facts
        facts.person = task.person
        #expect(fixture.authorizer.reconsider(facts, at: TaskFixture.start).effect == .allow)
        _ = fixture.authorizer.changeTasks { _, book in book.renew(person(["visitors"]), of: [task.id]) }
        #expect(fixture.authorizer.reconsider(facts, at: TaskFixture.start).effect == .deny)
        // What was gathered before counts for a new decision as little.
        #expect(fixture.authorizer.authorize(facts, decision: DecisionID(rawValue: 2)).verdict.effect == .deny)
    }
}
