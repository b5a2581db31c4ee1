// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// The thread that grows the tree: it sleeps while nothing happens and gathers while records come.
final class TreeWorker: @unchecked Sendable {
    private let journal: Journal
    private let limits: AuditLog.Limits
    private let signing: SigningWorker
    private var thread: WorkerThread?
    private let joinLock = ConditionLock()

    // Guarded by the journal's lock.
    private var requested = SigningWorker.Requests()
    private var passed = SigningWorker.Requests()

    init(
        _ grower: consuming TreeGrower, signed: UInt64, journal: Journal, limits: AuditLog.Limits,
        signing: SigningWorker
    ) throws(AuditLogError) {
        self.journal = journal
        self.limits = limits
        self.signing = signing
        let loop = Loop(grower, signed: signed, limits: limits)
        thread = try WorkerThread { [self] in run(loop) }
    }

    /// State that only the thread touches.
    private final class Loop: @unchecked Sendable {
        var grower: TreeGrower
        var spare: FrameBuffer
        var posted: UInt64
        var signDue: UInt64?
        var retryDue: UInt64?

        init(_ grower: consuming TreeGrower, signed: UInt64, limits: AuditLog.Limits) {
            spare = FrameBuffer(capacity: limits.gatherBytes * 2)
            self.grower = grower
            posted = signed
        }
    }

    /// Ends the thread after it has taken everything, and then that of the signatures. The journal must be closed.
    func join() {
        joinLock.withLock {
            thread?.join()
            thread = nil
        }
        signing.join()
    }

    /// Waits until everything recorded before is signed.
    func synchronize() throws(AuditLogError) {
        let number = journal.lock.withLock {
            requested.signatures += 1
            journal.work.signal()
            return requested.signatures
        }
        try signing.wait(signature: number)
    }

    /// Waits until the query index covers everything recorded before.
    func catchUpIndex() throws(AuditLogError) -> AuditIndex {
        try synchronize()
        let number = journal.lock.withLock {
            requested.index += 1
            journal.work.signal()
            return requested.index
        }
        return try signing.wait(index: number)
    }

    private func run(_ loop: Loop) {
        while true {
            let turn = nextTurn(loop)
            loop.grower.absorb(turn.frames)
            turn.frames.removeAll()
            turn.frames.shrink(to: limits.gatherBytes * 2)
            loop.spare = turn.frames
            finish(turn, loop)
            if turn.isLast { return }
        }
    }

    private struct Turn {
        let frames: FrameBuffer
        let requests: SigningWorker.Requests
        let isRequested: Bool
        let isLast: Bool
    }

    /// Waits for records, a request or a time that is due, and takes what there is.
    private func nextTurn(_ loop: Loop) -> Turn {
        journal.lock.lock()
        defer { journal.lock.unlock() }
        while journal.pendingBytes == 0, requested == passed, !journal.isClosed {
            journal.writerState = .idle
            guard let due = [loop.signDue, loop.retryDue].compactMap({ $0 }).min() else {
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
            while journal.pendingBytes < limits.gatherBytes, requested == passed, !journal.isClosed,
                SystemCall.monotonicNanoseconds() < deadline
            {
                journal.lock.wait(journal.work, until: deadline)
            }
        }
        journal.writerState = .busy
        let isRequested = requested != passed
        passed = requested
        return Turn(
            frames: journal.takePending(replacement: loop.spare), requests: requested, isRequested: isRequested,
            isLast: journal.isClosed)
    }

    /// Writes full tiles and hands the head over when time, count or a request ask for a signature.
    private func finish(_ turn: Turn, _ loop: Loop) {
        do throws(AuditLogError) {
            try loop.grower.writeFullTiles()
            if loop.retryDue != nil { journal.set(nil, of: .tree) }
            loop.retryDue = nil
        } catch {
            journal.set(error, of: .tree)
            loop.retryDue = SystemCall.monotonicNanoseconds() + limits.retryNanoseconds
            loop.signDue = nil
            if turn.isRequested { signing.fail(error, turn.requests) }
            return
        }
        let now = SystemCall.monotonicNanoseconds()
        let unsigned = loop.grower.size - loop.posted
        if unsigned > 0, loop.signDue == nil { loop.signDue = now + limits.checkpointNanoseconds }
        let isDue = loop.signDue.map { now >= $0 } ?? false || unsigned >= limits.checkpointRecords && signing.isIdle
        guard isDue || turn.isRequested || turn.isLast else { return }
        signing.post(loop.grower.snapshot(), turn.requests)
        loop.posted = loop.grower.size
        loop.signDue = nil
    }
}
