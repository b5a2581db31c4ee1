// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Behavior
internal import Decision
internal import Identity
internal import SandboxPlane
internal import Storage
internal import Synchronization
internal import Telemetry
internal import YettConfiguration

/// Counts what is recorded, for metrics. Requests pay for a few places in tables; nothing of a record is kept.
final class RecordCounter: AuditFollower {
    private struct Names {
        var agents = ConfiguredNames()
        var services = ConfiguredNames()
    }

    private let vocabulary: RecordVocabulary
    private let counts: Mutex<RecordCounts>
    private let names = Mutex(Names())
    /// Grows with every change of the names.
    private let generation = Atomic<Int>(0)

    /// Nothing was recorded yet.
    init() {
        vocabulary = RecordVocabulary(
            planes: Plane.allCases.map(\.rawValue), reasons: ReasonCode.allCases.map(\.rawValue),
            signals: Signal.allCases.map(\.rawValue), levels: RiskLevel.allCases.map(\.rawValue),
            drivers: SandboxDrivers.names,
            ends: ["exited", "signalled", "timeout", "oom", "output_limit", "cut", "crashed", "protocol_error"])
        counts = Mutex(RecordCounts(vocabulary))
    }

    /// Gives the names of a configuration series of their own, as long as there is room.
    func admit(_ configuration: GateConfiguration) {
        names.withLock { names in
            for agent in configuration.agents {
                let id = "spiffe://\(configuration.trustDomain.name)/agent/\(agent.name)"
                names.agents.admit(id, as: agent.name)
            }
            for service in configuration.services { names.services.admit(service.name, as: service.name) }
        }
        generation.add(1, ordering: .releasing)
    }

    /// Everything that was counted.
    func families() -> [MetricFamily] {
        let (agents, services) = names.withLock { ($0.agents.labels, $0.services.labels) }
        return counts.withLock { $0 }.families(agents: agents, services: services)
    }

    func makeNotebook() -> any AuditNotebook { Notebook(self) }

    /// What one lane noted.
    private final class Notebook: AuditNotebook {
        private let counter: RecordCounter
        private var notes: [RecordNote] = []
        private var names = Names()
        private var generation = 0

        init(_ counter: RecordCounter) { self.counter = counter }

        func note(_ event: borrowing AuditEvent) {
            let present = counter.generation.load(ordering: .acquiring)
            if present != generation {
                names = counter.names.withLock { $0 }
                generation = present
            }
            notes.append(RecordNote(event, counter.vocabulary, agents: names.agents, services: names.services))
        }

        func deliver(from index: UInt64) {
            guard !notes.isEmpty else { return }
            counter.counts.withLock { counts in
                for note in notes { counts.add(note) }
            }
            notes.removeAll(keepingCapacity: true)
        }

        func discard() { notes.removeAll(keepingCapacity: true) }
    }
}

/// Several followers of the audit tree as one.
struct AuditFollowers: AuditFollower {
    private let all: [any AuditFollower]

    /// - Parameter all: Told in this order.
    init(_ all: [any AuditFollower]) { self.all = all }

    func makeNotebook() -> any AuditNotebook { Notebooks(all.map { $0.makeNotebook() }) }

    private final class Notebooks: AuditNotebook {
        private let all: [any AuditNotebook]

        init(_ all: [any AuditNotebook]) { self.all = all }

        func note(_ event: borrowing AuditEvent) {
            for notebook in all { notebook.note(event) }
        }

        func deliver(from index: UInt64) {
            for notebook in all { notebook.deliver(from: index) }
        }

        func discard() {
            for notebook in all { notebook.discard() }
        }
    }
}
