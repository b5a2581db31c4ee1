// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// The thread that signs heads and fills the query index. It waits for the device, so that nothing else has to.
final class SigningWorker: @unchecked Sendable {
    private let journal: Journal
    private let limits: AuditLog.Limits
    private let index: IndexKeeper
    private var thread: WorkerThread?
    private let joinLock = ConditionLock()

    private let lock = ConditionLock()
    private let work = ConditionLock.Condition()
    private let done = ConditionLock.Condition()

    // Guarded by the lock.
    private var snapshot: TreeSnapshot?
    private var hasNewSnapshot = false
    private var lastActivity: UInt64 = 0
    private var seenAppended: UInt64 = 0
    private var lastSlice: UInt64 = 0
    /// How often the index grows while records keep coming: filling it costs more than writing them.
    private static let slicePeriod: UInt64 = 2_000_000_000
    private var posted = Requests()
    private var answered = Requests()
    private var fault: AuditLogError?
    private var isClosing = false
    private var hasEnded = false

    /// How many waits there have been for a signature and for the index; each wait is for its own number.
    struct Requests: Sendable, Equatable {
        var signatures: UInt64 = 0
        var index: UInt64 = 0
    }

    init(_ signer: HeadSigner, journal: Journal) throws(AuditLogError) {
        self.journal = journal
        limits = AuditLog.Limits(signer.configuration)
        index = IndexKeeper(directory: signer.configuration.directory)
        thread = try WorkerThread { [self] in run(signer) }
    }

    /// Whether a head can be taken at once; while one is being signed, the tree grows on.
    var isIdle: Bool { lock.withLock { !hasNewSnapshot } }

    /// Hands a head over. A head that was not yet begun is replaced.
    func post(_ snapshot: TreeSnapshot, _ requests: Requests) {
        lock.withLock {
            self.snapshot = snapshot
            hasNewSnapshot = true
            lastActivity = SystemCall.monotonicNanoseconds()
            posted.signatures = max(posted.signatures, requests.signatures)
            posted.index = max(posted.index, requests.index)
            work.signal()
        }
    }

    /// Answers requests with an error, because the tree that they ask for cannot be written.
    func fail(_ error: AuditLogError, _ requests: Requests) {
        lock.withLock {
            fault = error
            answered.signatures = max(answered.signatures, requests.signatures)
            answered.index = max(answered.index, requests.index)
            done.broadcast()
        }
    }

    /// Waits until the numbered request has been answered.
    func wait(signature number: UInt64) throws(AuditLogError) {
        let error: AuditLogError? = lock.withLock {
            while answered.signatures < number, !hasEnded { lock.wait(done) }
            return fault
        }
        if let error { throw error }
    }

    func wait(index number: UInt64) throws(AuditLogError) -> AuditIndex {
        lock.withLock {
            while answered.index < number, !hasEnded { lock.wait(done) }
        }
        return try index.current()
    }

    /// Signs what was posted and ends the thread.
    func join() {
        lock.withLock {
            isClosing = true
            work.signal()
        }
        joinLock.withLock {
            thread?.join()
            thread = nil
        }
    }

    private func run(_ first: HeadSigner) {
        var signer = first
        var isIndexComplete = false
        while true {
            let turn = nextTurn(isIndexComplete: isIndexComplete)
            if let snapshot = turn.snapshot {
                let error: AuditLogError?
                do throws(AuditLogError) {
                    try signer.sign(snapshot, journal)
                    error = nil
                } catch let failure {
                    error = failure
                }
                journal.set(error, of: .signing)
                isIndexComplete = false
                lock.withLock {
                    fault = error
                    answered.signatures = max(answered.signatures, turn.requests.signatures)
                    done.broadcast()
                }
            }
            let isRequested = turn.requests.index > turn.answered.index
            if isRequested || turn.isIndexDue {
                isIndexComplete = index.update(to: signer.head.head, isUnlimited: isRequested)
                lock.withLock { lastSlice = SystemCall.monotonicNanoseconds() }
            }
            lock.withLock {
                answered.index = max(answered.index, turn.requests.index)
                if turn.isLast { hasEnded = true }
                done.broadcast()
            }
            if turn.isLast { return }
        }
    }

    private struct Turn {
        let snapshot: TreeSnapshot?
        let requests: Requests
        let answered: Requests
        let isIndexDue: Bool
        let isLast: Bool
    }

    /// When the index may grow by a slice: once no record came for a while, and a slice in each period while they come.
    private func indexDue() -> UInt64 {
        let appended = journal.lock.withLock { journal.nextIndex }
        let now = SystemCall.monotonicNanoseconds()
        if appended != seenAppended {
            seenAppended = appended
            lastActivity = now
        }
        return min(lastActivity + limits.indexNanoseconds, lastSlice + Self.slicePeriod)
    }

    private func nextTurn(isIndexComplete: Bool) -> Turn {
        lock.lock()
        defer { lock.unlock() }
        var isIndexDue = false
        var isRetryDue = false
        let retry = fault.map { _ in SystemCall.monotonicNanoseconds() + limits.retryNanoseconds }
        while !hasNewSnapshot, !isClosing, !isIndexDue, !isRetryDue {
            let indexing = isIndexComplete || retry != nil ? nil : indexDue()
            guard let due = [retry, indexing].compactMap({ $0 }).min() else {
                lock.wait(work)
                continue
            }
            if SystemCall.monotonicNanoseconds() < due { lock.wait(work, until: due) }
            let now = SystemCall.monotonicNanoseconds()
            isIndexDue = indexing.map { now >= $0 } ?? false
            isRetryDue = retry.map { now >= $0 } ?? false
        }
        let isNew = hasNewSnapshot || isRetryDue
        hasNewSnapshot = false
        return Turn(
            snapshot: isNew ? snapshot : nil, requests: posted, answered: answered, isIndexDue: isIndexDue && !isNew,
            isLast: isClosing)
    }
}
