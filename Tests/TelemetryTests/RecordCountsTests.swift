// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Telemetry
import Testing

@Suite struct RecordCountsTests {
    private static let vocabulary = RecordVocabulary(
        planes: ["egress", "service"], reasons: ["granted", "host_not_granted"], signals: ["burst"],
        levels: ["elevated", "critical"], drivers: ["namespace"], ends: ["exited", "timeout"])

    private static var agents: ConfiguredNames {
        var names = ConfiguredNames()
        names.admit("spiffe://example.org/agent/a", as: "a")
        return names
    }

    private static func count(_ events: [AuditEvent]) -> [MetricFamily] {
        var counts = RecordCounts(vocabulary)
        for event in events {
            counts.add(RecordNote(event, vocabulary, agents: agents, services: ConfiguredNames()))
        }
        return counts.families(agents: agents.labels, services: ConfiguredNames().labels)
    }

    private static func number(_ families: [MetricFamily], _ name: MetricName, _ labels: String...) -> Int64? {
        let value = families.first { $0.name == name }?.samples.first { $0.labels == labels }?.value
        guard case .number(let number)? = value else { return nil }
        return number
    }

    private static func decision(_ verdict: AuditVerdict, _ reason: String) -> AuditEvent {
        var event = AuditEvent(kind: .decision, time: 1)
        event.plane = "egress"
        event.agent = "spiffe://example.org/agent/a"
        event.verdict = verdict
        event.reasons = [reason, "of_a_policy"]
        event.duration = 40
        return event
    }

    @Test("counts decisions by what they came to")
    func decisions() {
        let families = Self.count([
            Self.decision(.allow, "granted"), Self.decision(.allow, "granted"),
            Self.decision(.deny, "host_not_granted"),
        ])
        #expect(Self.number(families, .decisions, "egress", "allow", "granted") == 2)
        #expect(Self.number(families, .decisions, "egress", "deny", "host_not_granted") == 1)
        #expect(Self.number(families, .agentDecisions, "a", "allow") == 2)
        #expect(Self.number(families, .records, "decision") == 3)
        let duration = families.first { $0.name == .decisionDuration }?.samples.first?.value
        guard case .histogram(let histogram)? = duration else {
            Issue.record("no histogram")
            return
        }
        #expect(histogram.count == 3)
        #expect(histogram.sum == 120_000)
    }

    @Test("counts alarms, quarantines, approvals and runs")
    func others() {
        var alarm = AuditEvent(kind: .alarm, time: 1)
        alarm.operation = "burst"
        alarm.reasons = ["critical", "quarantine"]
        var person = AuditEvent(kind: .adminAction, time: 1)
        person.operation = "quarantine"
        var approval = AuditEvent(kind: .approval, time: 1)
        approval.cause = "refused"
        var run = AuditEvent(kind: .observation, time: 1)
        run.cause = "sandbox_run"
        run.detail = #"{"driver":"namespace","outcome":"timeout"}"#
        var end = AuditEvent(kind: .connectionEnd, time: 1)
        end.plane = "service"
        end.cause = "granted"
        let families = Self.count([alarm, person, approval, run, end])
        #expect(Self.number(families, .alarms, "burst", "critical") == 1)
        #expect(Self.number(families, .quarantines, "watch") == 1)
        #expect(Self.number(families, .quarantines, "person") == 1)
        #expect(Self.number(families, .approvals, "refused") == 1)
        #expect(Self.number(families, .sandboxRuns, "namespace", "timeout") == 1)
        #expect(Self.number(families, .connectionEnds, "service", "granted") == 1)
    }

    @Test("makes no series out of ten thousand hostile values")
    func hostile() {
        var events: [AuditEvent] = []
        for index in 0..<10_000 {
            let text = "x\(index)\"} 1\n{\u{202e}"
            for kind in AuditKind.allCases {
                var event = AuditEvent(kind: kind, time: Int64(index))
                event.plane = text
                event.agent = "spiffe://example.org/agent/\(index)"
                event.service = text
                event.operation = text
                event.tool = text
                event.host = text
                event.verdict = .deny
                event.reasons = [text, text]
                event.cause = index % 2 == 0 ? text : "sandbox_run"
                event.detail = #"{"driver":"\#(index)","outcome":{"a":[]}}"#
                event.duration = index % 3 == 0 ? Int64.max : Int64.min
                events.append(event)
            }
        }
        let families = Self.count(events)
        let series = families.reduce(0) { $0 + $1.samples.count }
        // One for each kind, and one `other` at most for each of the rest.
        #expect(series <= AuditKind.allCases.count + families.count)
        #expect(!MetricText.page(families, .openMetrics).contains("x1"))
        #expect(Self.number(families, .agentDecisions, "other", "deny") == 10_000)
    }

    @Test("gives series to the first hundred names of the configuration, however often it changes")
    func names() {
        var names = ConfiguredNames()
        for index in 0..<10_000 { names.admit("key \(index)", as: "name \(index)") }
        #expect(names.labels.count == ConfiguredNames.most + 2)
        #expect(names.labels[names.position(of: "key 99")] == "name 99")
        #expect(names.labels[names.position(of: "key 100")] == "other")
        #expect(names.labels[names.position(of: nil)] == "none")
    }

    @Test("adds what comes beyond a list under other, once")
    func other() {
        let values = LabelValues(["a", "b", "a", "other"])
        #expect(values.all == ["a", "b", "other"])
        #expect(values.position(of: "b") == 1)
        #expect(values.position(of: "c") == 2)
        #expect(values.position(of: nil) == 2)
    }
}
