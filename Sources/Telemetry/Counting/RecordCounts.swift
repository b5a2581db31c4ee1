// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree

/// Counters of everything that is recorded, in tables whose sizes are known before the first record.
public struct RecordCounts: Sendable {
    private let vocabulary: RecordVocabulary
    private var decisions: CountTable
    private var agentDecisions: CountTable
    private var serviceDecisions: CountTable
    private var ends: CountTable
    private var alarms: CountTable
    private var approvals: CountTable
    private var runs: CountTable
    private var kinds: CountTable
    private var quarantinesByPeople: UInt64 = 0
    private var quarantinesByWatch: UInt64 = 0
    private var durations: [DurationHistogram]

    private static let names = ConfiguredNames.most + 2
    private static let allKinds = AuditKind.allCases

    /// Begins at zero.
    public init(_ vocabulary: RecordVocabulary) {
        self.vocabulary = vocabulary
        let planes = vocabulary.planes.count
        let verdicts = RecordNote.verdicts.count
        decisions = CountTable(planes, verdicts, vocabulary.reasons.count)
        agentDecisions = CountTable(Self.names, verdicts)
        serviceDecisions = CountTable(Self.names, verdicts)
        ends = CountTable(planes, vocabulary.reasons.count)
        alarms = CountTable(vocabulary.signals.count, vocabulary.levels.count)
        approvals = CountTable(vocabulary.approvals.count)
        runs = CountTable(vocabulary.drivers.count, vocabulary.ends.count)
        kinds = CountTable(Self.allKinds.count)
        durations = Array(repeating: DurationHistogram(), count: planes)
    }

    /// Counts a record.
    public mutating func add(_ note: RecordNote) {
        if let kind = Self.allKinds.firstIndex(of: note.kind) { kinds.add(kind) }
        switch note.content {
        case .nothing: break
        case .decision(let verdict, let reason, let agent, let service, let nanoseconds):
            decisions.add(note.plane, verdict, reason)
            agentDecisions.add(agent, verdict)
            if service > 0 { serviceDecisions.add(service, verdict) }
            if let nanoseconds, durations.indices.contains(note.plane) { durations[note.plane].record(nanoseconds) }
        case .end(let cause): ends.add(note.plane, cause)
        case .alarm(let signal, let level, let isQuarantine):
            alarms.add(signal, level)
            if isQuarantine { quarantinesByWatch &+= 1 }
        case .quarantine: quarantinesByPeople &+= 1
        case .approval(let cause): approvals.add(cause)
        case .run(let driver, let end): runs.add(driver, end)
        }
    }

    /// Everything that was counted.
    ///
    /// - Parameters:
    ///   - agents: The labels of agents, by their places.
    ///   - services: The labels of services, by their places.
    public func families(agents: [String], services: [String]) -> [MetricFamily] {
        let planes = vocabulary.planes.all
        var duration = MetricFamily(.decisionDuration)
        for (plane, histogram) in zip(planes, durations) { duration.add([plane], histogram) }
        var quarantines = MetricFamily(.quarantines)
        quarantines.add(["person"], quarantinesByPeople)
        quarantines.add(["watch"], quarantinesByWatch)
        return [
            decisions.family(.decisions, planes, RecordNote.verdicts, vocabulary.reasons.all),
            agentDecisions.family(.agentDecisions, agents, RecordNote.verdicts),
            serviceDecisions.family(.serviceDecisions, services, RecordNote.verdicts),
            duration,
            ends.family(.connectionEnds, planes, vocabulary.reasons.all),
            alarms.family(.alarms, vocabulary.signals.all, vocabulary.levels.all),
            quarantines,
            approvals.family(.approvals, vocabulary.approvals.all),
            runs.family(.sandboxRuns, vocabulary.drivers.all, vocabulary.ends.all),
            kinds.family(.records, Self.allKinds.map(\.rawValue)),
        ]
    }
}

/// Counters in up to three dimensions.
struct CountTable: Sendable {
    private let second: Int
    private let third: Int
    private var counts: [UInt64]

    init(_ first: Int, _ second: Int = 1, _ third: Int = 1) {
        self.second = second
        self.third = third
        counts = Array(repeating: 0, count: first * second * third)
    }

    /// Counts one up. A place outside of the table is none.
    mutating func add(_ first: Int, _ second: Int = 0, _ third: Int = 0) {
        guard second < self.second, third < self.third else { return }
        let index = (first &* self.second &+ second) &* self.third &+ third
        guard counts.indices.contains(index) else { return }
        counts[index] &+= 1
    }

    /// The counters that are not zero, with the labels of their places.
    func family(_ name: MetricName, _ labels: [String]...) -> MetricFamily {
        var family = MetricFamily(name)
        for (index, count) in counts.enumerated() where count > 0 {
            let places = [index / (second * third), index / third % second, index % third]
            let values = zip(labels, places).compactMap { $0.indices.contains($1) ? $0[$1] : nil }
            guard values.count == labels.count else { continue }
            family.add(values, count)
        }
        return family
    }
}
