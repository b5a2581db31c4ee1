// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Logging
internal import Synchronization
internal import Telemetry

/// Tells open pages that something changed: one reader of the audit tree for all of them.
final class ChangeHub: Sendable {
    private struct State {
        var readers: [UInt64: AsyncStream<Set<Page.Place>>.Continuation] = [:]
        var nextID: UInt64 = 0
    }

    private let gate: any GateControl
    private let most: Int
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter most: The most open pages.
    init(gate: any GateControl, most: Int, logger: Logger) {
        self.gate = gate
        self.most = most
        self.logger = logger
    }

    /// What changes from now on; `nil` when too many follow. Whoever reads slowly misses what came in between.
    func changes() -> AsyncStream<Set<Page.Place>>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Set<Page.Place>.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state -> UInt64? in
            guard state.readers.count < most else { return nil }
            state.nextID &+= 1
            state.readers[state.nextID] = continuation
            return state.nextID
        }
        guard let id else { return nil }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.readers[id] = nil } }
        return stream
    }

    /// How many follow.
    var count: Int { state.withLock { $0.readers.count } }

    /// Follows the tree for as long as anybody follows this.
    func run() async {
        var next: UInt64?
        var elsewhere: Set<String> = []
        while !Task.isCancelled {
            do {
                guard count > 0 else {
                    next = nil
                    try await Task.sleep(for: .milliseconds(250))
                    continue
                }
                let start: UInt64
                if let next { start = next } else { start = try await gate.status().audit.records }
                let records = try await gate.follow(from: start, waiting: 2)
                next = records.last.map { $0.index + 1 } ?? start
                // Bytes and ages change without a record.
                var places: Set<Page.Place> = [.map]
                for record in records { places.formUnion(Self.places(of: record)) }
                // Calls that wait at other gates are in their records.
                let questions = Set(try await gate.approvals().filter { $0.gate != nil }.map(\.id))
                if questions != elsewhere { places.insert(.approvals) }
                elsewhere = questions
                tell(places)
                try await Task.sleep(for: .milliseconds(400))
            } catch is CancellationError {
                return
            } catch {
                logger.warning("open pages are not told of changes", metadata: [LogField.error: .string("\(error)")])
                next = nil
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// Ends every stream.
    func finish() {
        let readers = state.withLock { state in
            defer { state.readers = [:] }
            return Array(state.readers.values)
        }
        for reader in readers { reader.finish() }
    }

    private func tell(_ places: Set<Page.Place>) {
        for reader in state.withLock({ Array($0.readers.values) }) { reader.yield(places) }
    }

    /// The pages that a record changes.
    private static func places(of line: RecordLine) -> Set<Page.Place> {
        guard let record = ShownRecord(line), let kind = record.text("kind").flatMap(AuditKind.init) else {
            return [.audit]
        }
        var places: Set<Page.Place> = [.map, .audit]
        switch kind {
        case .decision: places.formUnion([.decisions, .agents])
        case .alarm, .cut, .connectionEnd, .launch, .launchEnd, .revocation: places.insert(.agents)
        case .reload, .grantChange: places.formUnion([.policy, .agents, .tasks, .tools])
        case .taskStart, .taskStop: places.insert(.tasks)
        case .approval: places.insert(.approvals)
        case .adminAction: places.formUnion([.agents, .tools])
        case .observation: places.insert(.tools)
        default: break
        }
        if record.text("service") == "sandbox" { places.insert(.sandbox) }
        if record.text("verdict") == "hold" { places.insert(.approvals) }
        return places
    }
}
