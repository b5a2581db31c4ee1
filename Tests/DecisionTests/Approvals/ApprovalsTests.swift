// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Synchronization
import Testing

/// Questions to people, without a gate.
@Suite struct ApprovalsTests {
    private static let second: Int64 = 1_000_000_000

    private final class Waiter: ApprovalWaiter {
        let told = Mutex<[ApprovalID]>([])
        func approvalSettled(_ id: ApprovalID) { told.withLock { $0.append(id) } }
    }

    private static func facts(_ agent: String = "bot", tool: String = "pay", task: String? = nil) throws -> Facts {
        let domain = try TrustDomain(parsing: "techresolve.local")
        var facts = try GrantFixture.toolCall(tool, ["amount": 5])
        facts.identity = VerifiedIdentity(proved: try SPIFFEID(agent: agent, in: domain), by: .token)
        facts.service = "bank"
        if let task { facts.task = TaskFacts(id: task, purpose: "p", expires: .max) }
        return facts
    }

    private static func question(_ facts: Facts, digest: UInt8 = 1) throws -> ApprovalQuestion {
        let call = try #require(ApprovalCall(facts, digest: Array(repeating: digest, count: 32)))
        return ApprovalQuestion(
            call: call, facts: facts, decision: DecisionID(rawValue: 1), shown: "{}", why: "because")
    }

    private static func ask(
        _ approvals: Approvals, _ question: ApprovalQuestion, waiter: Waiter? = nil, now: Int64 = 0
    ) -> Approvals.Asked {
        var generator = SystemRandomNumberGenerator()
        return approvals.ask(question, waiter: waiter, now: now, using: &generator)
    }

    private static func waiting(_ asked: Approvals.Asked) throws -> Approval {
        guard case .waiting(let approval, _) = asked else {
            throw Unexpected()
        }
        return approval
    }

    private struct Unexpected: Error {}

    private static func name(_ result: Result<ApprovalEvidence, Approvals.Refusal>) -> String {
        switch result {
        case .success: "success"
        case .failure(.unknown): "unknown"
        case .failure(.mismatch): "mismatch"
        case .failure(.waiting): "waiting"
        case .failure(.refused): "refused"
        case .failure(.expired): "expired"
        case .failure(.used): "used"
        }
    }

    @Test func `is good for one use, however many try at once`() async throws {
        let approvals = Approvals()
        let question = try Self.question(try Self.facts())
        let id = try Self.waiting(Self.ask(approvals, question)).id
        #expect(Self.name(approvals.use(id, for: question.call, now: 1)) == "waiting")
        _ = try approvals.answer(id, agrees: true, by: "uid:0", reason: nil, now: 1)
        let wins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    if case .success = approvals.use(id, for: question.call, now: 2) { true } else { false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(Self.name(approvals.use(id, for: question.call, now: 3)) == "used")
    }

    @Test func `covers no other call`() throws {
        let approvals = Approvals()
        let facts = try Self.facts(task: "t-1")
        let question = try Self.question(facts)
        let id = try Self.waiting(Self.ask(approvals, question)).id
        _ = try approvals.answer(id, agrees: true, by: "uid:0", reason: nil, now: 1)
        var path = facts
        path.http?.path = "/other"
        var query = facts
        query.http?.query = ""
        var person = facts
        person.person = Person(issuer: "i", subject: "s", authenticationTime: 0)
        var service = facts
        service.service = "bank2"
        var operation = facts
        operation.operation = Operation(.request, tool: "pay")
        for other in [
            path, query, person, service, operation, try Self.facts(), try Self.facts(tool: "pay "),
            try Self.facts(task: "t-2"),
        ] {
            #expect(Self.name(approvals.use(id, for: try Self.question(other).call, now: 2)) == "mismatch")
        }
        #expect(Self.name(approvals.use(id, for: try Self.question(facts, digest: 2).call, now: 2)) == "mismatch")
        let other = try Self.question(try Self.facts("other", task: "t-1"))
        #expect(Self.name(approvals.use(id, for: other.call, now: 2)) == "unknown")
        #expect(Self.name(approvals.use(id, for: question.call, now: 2)) == "success")
    }

    @Test func `compares names byte by byte, and no two lists of parts are one`() throws {
        let composed = try Self.question(try Self.facts(tool: "caf\u{E9}")).call
        let decomposed = try Self.question(try Self.facts(tool: "cafe\u{301}")).call
        #expect(composed != decomposed)
        var left = try Self.facts()
        left.http = HTTPFacts(method: "POST", path: "/a", query: "b")
        var right = try Self.facts()
        right.http = HTTPFacts(method: "POST", path: "/ab", query: "")
        #expect(try Self.question(left).call != Self.question(right).call)
    }

    @Test func `lapses while it waits and when it is not used, by the clock that is handed in`() throws {
        let approvals = Approvals()
        let question = try Self.question(try Self.facts())
        let waiter = Waiter()
        let id = try Self.waiting(Self.ask(approvals, question, waiter: waiter)).id
        #expect(approvals.lapse(now: 299 * Self.second).isEmpty)
        _ = try approvals.answer(id, agrees: true, by: "uid:0", reason: nil, now: 299 * Self.second)
        #expect(waiter.told.withLock { $0 } == [id])
        #expect(approvals.lapse(now: 598 * Self.second).isEmpty)
        #expect(Self.name(approvals.use(id, for: question.call, now: 599 * Self.second)) == "expired")
        #expect(approvals.lapse(now: 599 * Self.second).map(\.id) == [id])
        #expect(approvals[id]?.state == .expired && approvals[id]?.shown == nil && approvals[id]?.facts == nil)
        // An answer that comes too late counts for nothing even before anybody has looked.
        let late = try Self.waiting(Self.ask(approvals, try Self.question(try Self.facts(tool: "x")), now: 0)).id
        #expect(throws: Approvals.AnswerError.settled(.expired)) {
            try approvals.answer(late, agrees: true, by: "uid:0", reason: nil, now: 300 * Self.second)
        }
        approvals.leave(id, waiter: waiter, comesBack: false, now: 0)
        _ = approvals.lapse(now: 10_000 * Self.second)
        _ = approvals.lapse(now: 20_000 * Self.second)
        #expect(approvals.all.isEmpty)
    }

    @Test func `is one question for identical calls, and one refusal`() throws {
        let count = Mutex(0)
        let approvals = Approvals { _ in count.withLock { $0 += 1 } }
        let question = try Self.question(try Self.facts())
        let first = try Self.waiting(Self.ask(approvals, question))
        #expect(try Self.waiting(Self.ask(approvals, question)).id == first.id)
        _ = try approvals.answer(first.id, agrees: false, by: "uid:0", reason: "no", now: 1)
        guard case .refused(let refused) = Self.ask(approvals, question, now: 2) else { throw Unexpected() }
        #expect(refused.reason == "no")
        #expect(count.withLock { $0 } == 1)
        // Once it is forgotten, it may be asked again.
        let again = try Self.waiting(Self.ask(approvals, question, now: 301 * Self.second))
        #expect(again.id != first.id)
    }

    @Test func `is withdrawn with its last waiter, unless somebody comes back`() throws {
        let approvals = Approvals()
        let question = try Self.question(try Self.facts())
        let (one, two) = (Waiter(), Waiter())
        let id = try Self.waiting(Self.ask(approvals, question, waiter: one)).id
        _ = Self.ask(approvals, question, waiter: two)
        #expect(approvals.leave(id, waiter: one, comesBack: false, now: 1) == nil)
        #expect(approvals.leave(id, waiter: two, comesBack: false, now: 1)?.state == .withdrawn)
        #expect(throws: Approvals.AnswerError.settled(.withdrawn)) {
            try approvals.answer(id, agrees: true, by: "uid:0", reason: nil, now: 2)
        }
        #expect(try Self.waiting(Self.ask(approvals, question, waiter: one, now: 3)).id == id)
        #expect(approvals.leave(id, waiter: one, comesBack: true, now: 4) == nil)
        #expect(approvals[id]?.state == .waiting)
    }

    @Test func `bounds what one agent asks and what all ask`() throws {
        var limits = ApprovalLimits()
        limits.perAgent = 2
        limits.total = 3
        let approvals = Approvals(limits: limits)
        for tool in ["a", "b"] {
            let id = try Self.waiting(Self.ask(approvals, try Self.question(try Self.facts(tool: tool)))).id
            _ = try approvals.answer(id, agrees: false, by: "uid:0", reason: "no", now: 1)
        }
        guard case .full("per_agent") = Self.ask(approvals, try Self.question(try Self.facts(tool: "c")), now: 2) else {
            throw Unexpected()
        }
        for agent in ["x", "y", "z"] { _ = Self.ask(approvals, try Self.question(try Self.facts(agent))) }
        guard case .full("total") = Self.ask(approvals, try Self.question(try Self.facts("w"))) else {
            throw Unexpected()
        }
        // What is over is kept no more than what may be open.
        for number in 0..<50 {
            let asked = Self.ask(approvals, try Self.question(try Self.facts("n\(number)")), now: Int64(number))
            guard case .waiting(let approval, _) = asked else { continue }
            _ = try approvals.answer(approval.id, agrees: false, by: "uid:0", reason: "no", now: Int64(number))
        }
        #expect(approvals.all.count <= 6)
    }

    @Test func `names nothing that can be guessed`() throws {
        var generator = SystemRandomNumberGenerator()
        let ids = Set((0..<1000).map { _ in ApprovalID.random(using: &generator) })
        #expect(ids.count == 1000)
        for text in ["", "a-", "t-" + String(repeating: "0", count: 32), "a-" + String(repeating: "A", count: 32)] {
            #expect(ApprovalID(text) == nil)
        }
        for id in ids.prefix(8) { #expect(ApprovalID(id.description) == id) }
    }
}
