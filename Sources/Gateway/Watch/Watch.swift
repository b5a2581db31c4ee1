// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Behavior
internal import Decision
internal import Identity
internal import Storage
internal import Synchronization
internal import YettConfiguration

/// Follows the audit tree, knows from it how agents behave, and tells decisions.
///
/// Everything comes from records, in the tree's order: whoever has the tree can compute the same scores. What an alarm means
/// for an agent holds before the request is answered whose record raised it.
final class Watch: AuditFollower, RiskSource {
    /// What is done at once, under a lock: it must neither wait nor record.
    typealias Quarantine = @Sendable (_ agent: SPIFFEID, _ why: String) -> Void

    /// The alarms in their order, for whoever records them and cuts what is open.
    let alarms: AsyncStream<Alarm>

    private let monitor: Mutex<BehaviorMonitor>
    private let isEnforced: Atomic<Bool>
    /// Whether any alarm was ever raised; before, nothing has to be asked.
    private let hasAlarms = Atomic<Bool>(false)
    private let quarantine = Mutex<Quarantine?>(nil)
    /// Baselines by their digests, before a record says that one is in force.
    private let baselines = Mutex<[String: RatifiedBaseline]>([:])
    private let continuation: AsyncStream<Alarm>.Continuation

    /// Alarms that wait to be recorded; more are dropped, the oldest stay.
    private static let waitingAlarms = 4096

    /// Begins to watch.
    ///
    /// - Parameter baseline: What is in force from the start, as the record of the start says.
    init(
        _ mode: WatchConfiguration.Mode, baseline: RatifiedBaseline? = nil,
        settings: BehaviorSettings = BehaviorSettings()
    ) {
        var monitor = BehaviorMonitor(settings: settings)
        monitor.enforce(baseline)
        self.monitor = Mutex(monitor)
        isEnforced = Atomic(mode == .enforce)
        (alarms, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingAlarms))
    }

    /// Says how an agent is put in quarantine, once somebody can.
    func attach(_ quarantine: @escaping Quarantine) {
        self.quarantine.withLock { $0 = quarantine }
    }

    /// Takes another mode from now on; switching the watch on or off takes a restart.
    func change(to mode: WatchConfiguration.Mode) {
        isEnforced.store(mode == .enforce, ordering: .relaxed)
    }

    /// Makes a baseline known, before the record that puts it in force.
    func learn(_ baseline: RatifiedBaseline, digest: String) { baselines.withLock { $0[digest] = baseline } }

    func makeNotebook() -> any AuditNotebook { Notebook(self) }

    func risk(of agent: SPIFFEID, task: String?, at time: Int64) -> Risk {
        guard hasAlarms.load(ordering: .relaxed) else { return .none }
        let assessed = monitor.withLock { $0.risk(of: agent.description, task: task, at: time &* 1_000_000) }
        guard assessed != .none else { return .none }
        var risk = Risk(permille: assessed.permille, signals: assessed.signals.map(\.rawValue))
        guard isEnforced.load(ordering: .relaxed) else { return risk }
        risk.isThrottled = assessed.isThrottled
        switch assessed.response {
        case .none: risk.response = .none
        case .stepUp: risk.response = .stepUp
        case .readsOnly: risk.response = .readsOnly
        case .quarantine: risk.response = .quarantine
        }
        return risk
    }

    /// What is known of an agent; nil for one that was not seen.
    func report(on agent: SPIFFEID, at time: Int64) -> AgentReport? {
        monitor.withLock { $0.report(on: agent.description, at: time) }
    }

    private func take(_ notes: [BehaviorRecord?], from index: UInt64) {
        let raised = monitor.withLock { monitor in
            var raised: [Alarm] = []
            for (offset, note) in notes.enumerated() {
                switch note?.step(at: index &+ UInt64(offset)) {
                case .input(let input): raised += monitor.apply(input)
                case .enforce(let digest):
                    monitor.enforce(digest.flatMap { digest in baselines.withLock { $0[digest] } })
                case .start, nil: continue
                }
            }
            return raised
        }
        guard !raised.isEmpty else { return }
        hasAlarms.store(true, ordering: .relaxed)
        for alarm in raised {
            if isEnforced.load(ordering: .relaxed), alarm.level == .critical, alarm.signal != .person,
                let agent = try? SPIFFEID(parsing: alarm.agent)
            {
                quarantine.withLock { $0 }?(agent, alarm.sentence)
            }
            continuation.yield(alarm)
        }
    }

    /// What one lane noted.
    private final class Notebook: AuditNotebook {
        private let watch: Watch
        private var notes: [BehaviorRecord?] = []

        init(_ watch: Watch) { self.watch = watch }

        func note(_ event: borrowing AuditEvent) { notes.append(BehaviorRecord(event)) }

        func deliver(from index: UInt64) {
            guard !notes.isEmpty else { return }
            watch.take(notes, from: index)
            notes.removeAll(keepingCapacity: true)
        }

        func discard() { notes.removeAll(keepingCapacity: true) }
    }
}
