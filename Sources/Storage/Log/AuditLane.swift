// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// The way into the log for one event loop. Not thread-safe: it belongs to its loop.
///
/// `append` encodes into the lane's own memory; `flush` hands everything over with one system call. Lanes share nothing
/// but the lock that a flush takes for that call.
public final class AuditLane {
    /// The bytes at which `append` flushes by itself, so that a lane that nobody flushes stays small.
    private static let largest = 1 << 20

    private let journal: Journal
    private let isDurable: Bool
    private let buffer = FrameBuffer(capacity: 1 << 17)
    private let notebook: (any AuditNotebook)?

    init(journal: Journal, isDurable: Bool, notebook: (any AuditNotebook)?) {
        self.journal = journal
        self.isDurable = isDurable
        self.notebook = notebook
    }

    /// The number of records that wait for a flush.
    public var count: Int { buffer.records }

    /// Encodes a record into the lane.
    ///
    /// - Returns: false, with the record dropped, when the log does not accept records: deny `audit_unavailable`.
    public func append(_ event: borrowing AuditEvent) -> Bool {
        let isTaken =
            (journal.isAvailable || journal.mayRetry)
            && (buffer.count < Self.largest || journal.write(buffer, notebook))
        guard isTaken else {
            journal.countRefused(1)
            return false
        }
        buffer.append(event)
        notebook?.note(event)
        return true
    }

    /// Records what the lane holds.
    ///
    /// - Parameter completion: called once with whether the records are recorded. With durability `process` it runs
    ///   before this returns; with `disk` it runs on the log's own thread after the device has them.
    public func flush(completion: @escaping @Sendable (Bool) -> Void) {
        guard isDurable else { return completion(flushNow()) }
        guard buffer.records > 0 else { return completion(journal.isAvailable) }
        if !journal.write(buffer, notebook, waiter: Journal.Waiter(completion: completion)) { completion(false) }
    }

    /// Hands what the lane holds to the kernel without waiting for the device.
    ///
    /// - Returns: whether it is there, which is what "recorded" means with durability `process` only.
    @discardableResult
    public func flushNow() -> Bool {
        buffer.records == 0 ? journal.isAvailable : journal.write(buffer, notebook)
    }
}
