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

    private let baselines: @Sendable (_ digest: String) -> RatifiedBaseline?
    /// Alarms that came and whose record has not been seen yet; a gate that ended may not have recorded the last of them.
    private var expected: [Alarm] = []

    /// Begins before the first record.
    ///
    /// - Parameters:
    ///   - settings: Those with which the gate ran.
    ///   - isLearning: Whether what is usual is learnt on the way.
    ///   - baselines: Finds a baseline by its digest.
    public init(
        settings: BehaviorSettings = BehaviorSettings(), isLearning: Bool = false,
        baselines: @escaping @Sendable (_ digest: String) -> RatifiedBaseline? = { _ in nil }
    ) {
        self.baselines = baselines
        monitor = BehaviorMonitor(settings: settings)
        monitor.learn(isLearning)
    }

    /// Takes the next record.
    public mutating func take(_ record: AuditRecord, at index: UInt64) {
        if record.text("kind") == AuditKind.alarm.rawValue { return compare(record, at: index) }
        guard let matter = BehaviorRecord(record) else { return }
        switch matter.step(at: index) {
        case .input(let input): expected += monitor.apply(input)
        case .start(let digest):
            monitor.restart()
            expected = []
            enforce(digest, at: index)
        case .enforce(let digest): enforce(digest, at: index)
        }
    }

    /// What is usual by the records so far; `nil` unless it was learnt.
    public mutating func proposal(at time: Int64) -> BaselineProposal? { monitor.proposal(at: time) }

    private mutating func enforce(_ digest: String?, at index: UInt64) {
        let baseline = digest.flatMap(baselines)
        if let digest, baseline == nil {
            differences.append(Difference(index: index, text: "the baseline \(digest) is not there to compare with"))
        }
        monitor.enforce(baseline)
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
