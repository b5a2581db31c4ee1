// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Behavior
import Testing

/// Scores and what is usual, from the records of a tree alone.
@Suite struct RiskReplayTests {
    private static let start: Int64 = 1_790_000_000_000_000
    private static let day: Int64 = 86_400_000_000

    private static func record(_ event: AuditEvent) throws -> AuditRecord {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        return try #require(AuditRecord(bytes))
    }

    private static func call(_ tool: String, agent: String, role: String?, at time: Int64) -> AuditEvent {
        var event = AuditEvent(kind: .decision, time: time)
        event.agent = "spiffe://example.test/agent/\(agent)"
        event.role = role
        event.plane = "service"
        event.service = "desk"
        event.operation = "tools/call"
        event.tool = tool
        event.effect = "read"
        event.verdict = .allow
        event.reasons = ["granted"]
        return event
    }

    private static func begin(at time: Int64, _ evidence: [String] = []) -> AuditEvent {
        var event = AuditEvent(kind: .startup, time: time)
        event.evidence = evidence
        return event
    }

    @Test("what is usual is learnt over restarts, for all agents of a role together")
    func learning() throws {
        var replay = RiskReplay(isLearning: true)
        var index: UInt64 = 0
        func take(_ event: AuditEvent) throws {
            replay.take(try Self.record(event), at: index)
            index += 1
        }
        for day in 0..<12 {
            let begin = Self.start + Int64(day) * Self.day
            try take(Self.begin(at: begin))
            for session in 0..<4 {
                let time = begin + Int64(session) * 7_200_000_000
                for (offset, tool) in ["search", "read"].enumerated() {
                    try take(
                        Self.call(
                            tool, agent: "bot-\(session % 2)", role: "support", at: time + Int64(offset) * 5_000_000))
                }
            }
        }
        let learnt = replay.proposal(at: Self.start + 13 * Self.day)
        let proposal = try #require(learnt)
        let profile = try #require(proposal.baseline["support"])
        #expect(profile.sessions == 48 && profile.days == 12)
        #expect(profile.tools.map(\.tool) == ["read", "search"])
        #expect(proposal.baseline.roles.count == 1)
    }

    @Test("an agent without a role is a role of its own")
    func alone() throws {
        var replay = RiskReplay(isLearning: true)
        for day in 0..<3 {
            let time = Self.start + Int64(day) * Self.day
            replay.take(try Self.record(Self.call("search", agent: "bot", role: nil, at: time)), at: UInt64(day))
        }
        let learnt = replay.proposal(at: Self.start + 4 * Self.day)
        let proposal = try #require(learnt)
        #expect(proposal.baseline.roles.map(\.role) == ["spiffe://example.test/agent/bot"])
    }

    @Test("a baseline that nobody can find is a difference, at the record that names it")
    func missing() throws {
        var replay = RiskReplay()
        replay.take(
            try Self.record(Self.begin(at: Self.start, [BehaviorRecord.evidence(ofBaseline: "ab")])), at: 7)
        #expect(replay.differences.map(\.index) == [7])
    }

    @Test("bits to hosts that nobody named add up, and named hosts do not count", arguments: [true, false])
    func entropy(_ isNamed: Bool) throws {
        var replay = RiskReplay()
        for number in 0..<10 {
            var event = AuditEvent(kind: .decision, time: Self.start + Int64(number) * 1_000_000)
            event.agent = "spiffe://example.test/agent/bot"
            event.plane = "egress"
            event.operation = "request"
            event.method = "GET"
            event.host = "files\(number).test"
            event.verdict = .allow
            event.reasons = ["granted"]
            event.outboundBits = 900
            event.labels = isNamed ? ["named_destination"] : ["untrusted_read"]
            replay.take(try Self.record(event), at: UInt64(number))
        }
        let risk = replay.monitor.risk(of: "spiffe://example.test/agent/bot", at: Self.start + 11_000_000)
        #expect(risk.signals == (isNamed ? [] : [.outboundEntropy]))
    }
}
