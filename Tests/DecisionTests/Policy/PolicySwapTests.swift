// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Dispatch
import Synchronization
import Testing

@Suite("A policy swap under load") struct PolicySwapTests {
    /// A policy that says its number in the code and in the message, by way of the data.
    private static func snapshot(_ version: Int) throws -> Snapshot {
        let text = """
            package yett.authz
            deny contains {"code": concat("", ["v", code]), "message": data.version} if {
                code := data.version
                input.time > 0
            }
            """
        return try PolicyFixture.snapshot(
            try PolicyFixture.policy(text, data: try PolicyFixture.data("{\"version\": \"\(version)\"}")))
    }

    @Test("loses no decision and mixes no versions, on as many threads as there are")
    func swap() throws {
        let snapshots = try (0..<50).map { try Self.snapshot($0) }
        let authorizer = Authorizer(snapshot: snapshots[0])
        let facts = try GrantFixture.tunnel("web.test")
        let known = Set((0..<50).map { "v\($0): \($0)" })
        let wrong = Mutex<[String]>([])
        let made = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 5) { thread in
            if thread == 0 {
                for snapshot in snapshots { authorizer.replace(with: snapshot) }
                return
            }
            var ids = DecisionIDSequence(prefix: UInt32(thread))
            for _ in 0..<2_000 {
                let judgement = authorizer.authorize(facts, decision: ids.next())
                made.add(1, ordering: .relaxed)
                let verdict = judgement.verdict
                if verdict.reason != .policyDenied || !known.contains(verdict.detail ?? "") {
                    wrong.withLock { $0.append("\(verdict)") }
                }
            }
        }
        #expect(wrong.withLock { $0 }.isEmpty)
        #expect(made.load(ordering: .relaxed) == 8_000)
        #expect(authorizer.snapshot.decide(facts) { _ in GrantUsage() }.detail == "v49: 49")
    }
}
