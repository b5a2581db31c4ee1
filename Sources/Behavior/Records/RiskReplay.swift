// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// Computes the scores once more from the records of a tree, and compares the alarms with those that were recorded.
///
/// Records are taken in the tree's order from its first one on. Scores begin anew where a gate started.
public struct RiskReplay: Sendable {
    /// An alarm that is not recorded as it should be, or that is recorded and did not come again.
    public struct Difference: Sendable, Hashable {
        /// The record at which it was noticed.
        public let index: UInt64
        /// What differs.
        public let text: String
    }

    /// How many alarms came again.
    public private(set) var alarms = 0
    /// What differs; empty when the tree holds what its records lead to.
    public private(set) var differences: [Difference] = []
    /// The monitor after the records so far.
    public private(set) var monitor: BehaviorMonitor

    private let settings: BehaviorSettings
    /// Alarms that came and whose record has not been seen yet; a gate that ended may not have recorded the last of them.
    private var expected: [Alarm] = []

    /// Begins before the first record.
    ///
    /// - Parameter settings: Those with which the gate ran.
    public init(settings: BehaviorSettings = BehaviorSettings()) {
        self.settings = settings
        monitor = BehaviorMonitor(settings: settings)
    }

    /// Takes the next record.
    public mutating func take(_ record: AuditRecord, at index: UInt64) {
        if record.text("kind") == AuditKind.alarm.rawValue { return compare(record, at: index) }
        guard let matter = BehaviorRecord(record) else { return }
        guard let input = matter.input(at: index) else {
            monitor = BehaviorMonitor(settings: settings)
            expected = []
            return
        }
        expected += monitor.apply(input)
    }

    private mutating func compare(_ record: AuditRecord, at index: UInt64) {
        guard !expected.isEmpty else {
            differences.append(
                Difference(index: index, text: "an alarm is recorded that does not follow from the records"))
            return
        }
        let alarm = expected.removeFirst()
        alarms += 1
        let parts: [(String, String, String?)] = [
            ("agent", alarm.agent, record.text("agent")),
            ("operation", alarm.signal.rawValue, record.text("operation")),
            ("detail", alarm.sentence, record.text("detail")),
            ("risk_permille", String(alarm.score), record.number("risk_permille").map { String($0) }),
            (
                "reasons", [alarm.level.rawValue, alarm.action.rawValue].joined(separator: " "),
                record.list("reasons").joined(separator: " ")
            ),
            (
                "evidence", alarm.events.map { String($0) }.joined(separator: " "),
                record.list("evidence").joined(separator: " ")
            ),
        ]
        for (name, value, recorded) in parts where !value.utf8.elementsEqual((recorded ?? "").utf8) {
            differences.append(
                Difference(index: index, text: "\(name) is recorded as \(recorded ?? "nothing"), not \(value)"))
        }
    }
}
