// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Identity
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Synchronization
internal import Telemetry

extension Gate {
    /// How often a waiting reader looks for new records.
    private static let followInterval = Duration.milliseconds(200)
    /// The most records in one answer to a waiting reader.
    private static let followLimit: UInt64 = 1000

    /// The newest records that match, oldest of them first.
    func records(_ query: RecordQuery) async throws -> [RecordLine] {
        let wanted = try translate(query)
        return try Self.reading { try log.query(wanted) }.reversed().map(RecordLine.init)
    }

    /// Records from an index on; waits until there is one or `seconds` have passed.
    func follow(from index: UInt64, waiting seconds: Int) async throws -> [RecordLine] {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let records = try Self.reading {
                let reader = try log.reader()
                var records: [RecordLine] = []
                guard index < reader.size else { return records }
                let range = index..<min(reader.size, index &+ Self.followLimit)
                try reader.forEachRecord(in: range) { index, bytes in
                    records.append(RecordLine(IndexedRecord(index: index, bytes: bytes)))
                }
                return records
            }
            if !records.isEmpty || ContinuousClock.now >= end || Task.isShuttingDownGracefully { return records }
            try await Task.sleep(for: Self.followInterval)
        }
    }

    /// The proof of one record in the form of C2SP `tlog-proof`.
    func proof(of index: UInt64) async throws -> String {
        try Self.reading { String(decoding: try log.prove(index).bytes, as: UTF8.self) }
    }

    /// Says in the log that requests were denied because their records could not be written. A queue that is full for a
    /// moment only is no fault of the log, and is seen nowhere else.
    func tellRefusedRecords() {
        let refused = log.refusedRecords
        let new = state.withLock { state in
            defer { state.toldRefused = refused }
            return refused - state.toldRefused
        }
        guard new > 0 else { return }
        logger.error(
            "requests were denied because their records could not be written",
            metadata: [
                LogField.refused: .stringConvertible(new),
                LogField.error: .string(
                    log.fault?.description ?? "the disk is slower than the records come, and their queue is full"),
            ])
    }

    private static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as AuditLogError {
            if case .noRecord = error { throw AdminError(.unknown, "\(error)", remedy: "yett audit tail") }
            throw AdminError(.failed, "\(error)", remedy: "yett audit verify --directory DIRECTORY")
        }
    }

    private func translate(_ query: RecordQuery) throws -> AuditQuery {
        var wanted = AuditQuery()
        wanted.agent = try query.agent.map { try identifier(of: $0).description }
        wanted.connection = query.connection
        wanted.decision = query.decision
        wanted.host = query.host
        wanted.kind = try query.kind.map { try Self.parse($0, "kind") }
        wanted.reason = query.reason
        wanted.service = query.service
        wanted.task = query.task
        wanted.verdict = try query.verdict.map { try Self.parse($0, "verdict") }
        wanted.since = query.since.map { $0.multipliedReportingOverflow(by: 1_000_000).partialValue }
        wanted.until = query.until.map { $0.multipliedReportingOverflow(by: 1_000_000).partialValue }
        wanted.before = query.before
        wanted.limit = query.limit
        return wanted
    }

    private static func parse<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ name: String
    ) throws(AdminError) -> Value {
        if let value = Value(rawValue: text) { return value }
        let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw AdminError(.malformed, "\(name) is “\(text)”; allowed are \(allowed)")
    }
}

extension RecordLine {
    /// A record of the log as it travels.
    init(_ record: IndexedRecord) {
        self.init(index: record.index, json: String(decoding: record.bytes, as: UTF8.self))
    }
}
