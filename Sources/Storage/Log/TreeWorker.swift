// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// The thread of the tree writer: it sleeps while nothing happens, gathers while records come, signs by time and count.
final class TreeWorker: @unchecked Sendable {
    private let journal: Journal
    private let limits: AuditLog.Limits
    private let index: IndexKeeper
    private var thread: WorkerThread?
    private let joinLock = ConditionLock()

    // Guarded by the journal's lock.
    private let done = ConditionLock.Condition()
    private var requests: UInt64 = 0
    private var answered: UInt64 = 0
    private var indexRequests: UInt64 = 0
    private var indexAnswered: UInt64 = 0
    private var lastFault: AuditLogError?
    private var hasEnded = false

    init(_ writer: consuming TreeWriter, journal: Journal) throws(AuditLogError) {
        self.journal = journal
        limits = writer.limits
        index = IndexKeeper(directory: writer.configuration.directory)
        let loop = Loop(writer)
        thread = try WorkerThread { [self] in run(loop) }
    }

    /// State that only the thread touches.
    private final class Loop: @unchecked Sendable {
        var writer: TreeWriter
        var spare: FrameBuffer
        var signDue: UInt64?
        var retryDue: UInt64?
        var indexDue: UInt64?

        init(_ writer: consuming TreeWriter) {
            spare = FrameBuffer(capacity: writer.limits.gatherBytes * 2)
            self.writer = writer
        }
    }

    func join() {
        joinLock.withLock {
            thread?.join()
            thread = nil
        }
    }

    /// Waits until everything recorded before is signed.
    func synchronize() throws(AuditLogError) {
        let fault: AuditLogError? = journal.lock.withLock {
            requests += 1
            let mine = requests
            journal.work.signal()
            while answered < mine, !hasEnded { journal.lock.wait(done) }
            return lastFault
        }
        if let fault { throw fault }
    }

    /// Waits until the query index covers everything recorded before.
    func catchUpIndex() throws(AuditLogError) -> AuditIndex {
        try synchronize()
        journal.lock.withLock {
            indexRequests += 1
            let mine = indexRequests
            journal.work.signal()
            while indexAnswered < mine, !hasEnded { journal.lock.wait(done) }
        }
        return try index.current()
    }

    private func run(_ loop: Loop) {
        while true {
            let turn = nextTurn(loop)
            process(turn, loop)
            journal.lock.withLock {
                answered = max(answered, turn.request)
                indexAnswered = max(indexAnswered, turn.indexRequest)
                if turn.isLast { hasEnded = true }
                done.broadcast()
            }
            if turn.isLast { return }
        }
    }

    private struct Turn {
        let frames: FrameBuffer
        let request: UInt64
        let isRequested: Bool
        let indexRequest: UInt64
        let isIndexRequested: Bool
        let isLast: Bool
    }

    /// Waits for records, a request or a time that is due, and takes what there is.
    private func nextTurn(_ loop: Loop) -> Turn {
        journal.lock.lock()
        defer { journal.lock.unlock() }
        var isUrgent: Bool { requests > answered || indexRequests > indexAnswered || journal.isClosed }
        while journal.pendingBytes == 0, !isUrgent {
            journal.writerState = .idle
            guard let due = [loop.signDue, loop.retryDue, loop.indexDue].compactMap({ $0 }).min() else {
                journal.lock.wait(journal.work)
                continue
            }
            guard SystemCall.monotonicNanoseconds() < due else { break }
            journal.lock.wait(journal.work, until: due)
        }
        if journal.pendingBytes > 0 {
            // Records come in bursts: a short wait makes one turn of many, and no flush has to wake this thread.
            journal.writerState = .gathering
            let deadline = SystemCall.monotonicNanoseconds() + limits.gatherNanoseconds
            while journal.pendingBytes < limits.gatherBytes, !isUrgent, SystemCall.monotonicNanoseconds() < deadline {
                journal.lock.wait(journal.work, until: deadline)
            }
        }
        journal.writerState = .busy
        let frames = journal.takePending(replacement: loop.spare)
        return Turn(
            frames: frames, request: requests, isRequested: requests > answered, indexRequest: indexRequests,
            isIndexRequested: indexRequests > indexAnswered, isLast: journal.isClosed)
    }

    private func process(_ turn: Turn, _ loop: Loop) {
        let hasRecords = turn.frames.records > 0
        turn.frames.forEachRecord { loop.writer.absorb($0) }
        turn.frames.removeAll()
        turn.frames.shrink(to: limits.gatherBytes * 2)
        loop.spare = turn.frames
        let now = SystemCall.monotonicNanoseconds()
        if hasRecords {
            if loop.signDue == nil { loop.signDue = now + limits.checkpointNanoseconds }
            loop.indexDue = nil
        }
        let isDue =
            loop.signDue.map { now >= $0 } ?? false || loop.retryDue.map { now >= $0 } ?? false
            || loop.writer.unsigned >= limits.checkpointRecords
        do throws(AuditLogError) {
            if isDue || turn.isRequested || turn.isLast {
                try loop.writer.sign(journal)
                loop.signDue = nil
                loop.indexDue = SystemCall.monotonicNanoseconds() + limits.indexNanoseconds
            } else if hasRecords {
                try loop.writer.writeFullTiles()
            }
            settle(nil, loop)
        } catch {
            settle(error, loop)
        }
        guard loop.retryDue == nil else { return }
        updateIndex(turn, loop)
    }

    private func settle(_ error: AuditLogError?, _ loop: Loop) {
        let changed = journal.lock.withLock {
            defer { lastFault = error }
            return lastFault != error
        }
        if changed { journal.setWriterFault(error) }
        loop.retryDue = error == nil ? nil : SystemCall.monotonicNanoseconds() + limits.retryNanoseconds
        if error != nil { loop.signDue = nil }
    }

    /// Brings the index up to date when it is asked for, or a slice at a time when nothing else is to be done.
    private func updateIndex(_ turn: Turn, _ loop: Loop) {
        let isDue = loop.indexDue.map { SystemCall.monotonicNanoseconds() >= $0 } ?? false
        guard turn.isIndexRequested || isDue && !turn.isLast else { return }
        let isComplete = index.update(to: loop.writer.head.head, isUnlimited: turn.isIndexRequested)
        loop.indexDue = isComplete ? nil : SystemCall.monotonicNanoseconds()
    }
}
