// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc
import Synchronization

/// The append-only file that makes a record recorded, and the queue behind it to the thread that grows the tree.
///
/// All lanes share one lock. Under it a lane's frames get their indices, go to the kernel with one write and are copied
/// to the queue, so that file, queue and tree have one order. While nothing happens no thread wakes up.
final class Journal: @unchecked Sendable {
    /// What the tree writer does, so that a flush wakes it only when needed.
    enum WriterState { case busy, idle, gathering }

    struct Waiter {
        let completion: @Sendable (Bool) -> Void
    }

    let lock = ConditionLock()
    let work = ConditionLock.Condition()
    let space = ConditionLock.Condition()
    let waiting = ConditionLock.Condition()

    private let directory: String
    private let limits: AuditLog.Limits
    private let isAvailableFlag = Atomic<Bool>(true)
    private let refused = Atomic<UInt64>(0)
    private let everRefused = Atomic<UInt64>(0)

    // All that follows is guarded by the lock.
    private(set) var segment: OpenFile
    private var retired: [OpenFile] = []
    private var offset: Int
    private(set) var nextIndex: UInt64
    private var pending: FrameBuffer
    private var marker: FrameBuffer?
    var writerState = WriterState.busy
    var waiters: [Waiter] = []
    private(set) var isClosed = false
    private var writeFault: AuditLogError?
    private var treeFault: AuditLogError?
    private var signingFault: AuditLogError?
    private var deviceFault: AuditLogError?
    private var nextAttempt: UInt64 = 0

    /// Continues the segment at `path`, whose whole frames end at `offset`.
    init(directory: String, limits: AuditLog.Limits, segment: OpenFile, offset: Int, nextIndex: UInt64) {
        self.directory = directory
        self.limits = limits
        self.segment = segment
        self.offset = offset
        self.nextIndex = nextIndex
        pending = FrameBuffer(capacity: limits.gatherBytes * 2)
    }

    var isAvailable: Bool { isAvailableFlag.load(ordering: .relaxed) }

    /// Counts records that were not taken, for the record that tells of it afterwards.
    func countRefused(_ count: Int) {
        refused.add(UInt64(count), ordering: .relaxed)
        everRefused.add(UInt64(count), ordering: .relaxed)
    }

    /// How many records were not taken since the log was opened.
    var refusedRecords: UInt64 { everRefused.load(ordering: .relaxed) }

    /// Whether a write that failed may be tried again now.
    var mayRetry: Bool {
        lock.withLock {
            isFollowed && !isClosed && SystemCall.monotonicNanoseconds() >= nextAttempt
        }
    }

    private var isFollowed: Bool { deviceFault == nil && treeFault == nil && signingFault == nil }

    /// The reason why records are refused; the lock is held.
    var fault: AuditLogError? { deviceFault ?? writeFault ?? treeFault ?? signingFault }

    private func faultChanged() {
        isAvailableFlag.store(fault == nil && !isClosed, ordering: .relaxed)
    }

    /// Records the frames of a lane. The lane's buffer is empty afterwards, whatever happened.
    ///
    /// - Parameter notebook: What the lane noted of them, for who follows the log.
    /// - Returns: whether the frames are in the kernel's hands and in the queue.
    func write(_ frames: FrameBuffer, _ notebook: (any AuditNotebook)?, waiter: Waiter? = nil) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        let isWritten = writeLocked(frames)
        if isWritten {
            notebook?.deliver(from: nextIndex &- UInt64(frames.records))
        } else {
            countRefused(frames.records)
            notebook?.discard()
        }
        frames.removeAll()
        if isWritten, let waiter {
            waiters.append(waiter)
            if waiters.count == 1 { waiting.signal() }
        }
        return isWritten
    }

    private func writeLocked(_ frames: FrameBuffer) -> Bool {
        guard !isClosed, isFollowed else { return false }
        if writeFault != nil, SystemCall.monotonicNanoseconds() < nextAttempt { return false }
        guard makeSpace(for: frames.count) else { return false }
        do {
            if offset >= limits.segmentBytes { try rotate() }
            let written = try put(marker, frames)
            offset += written
        } catch {
            writeFault = error
            nextAttempt = SystemCall.monotonicNanoseconds() + limits.retryNanoseconds
            faultChanged()
            return false
        }
        if let marker {
            pending.append(marker)
            nextIndex &+= UInt64(marker.records)
            self.marker = nil
        }
        pending.append(frames)
        nextIndex &+= UInt64(frames.records)
        if writeFault != nil {
            writeFault = nil
            faultChanged()
        }
        switch writerState {
        case .idle: work.signal()
        case .gathering: if pending.count >= limits.gatherBytes { work.signal() }
        case .busy: break
        }
        return true
    }

    /// Waits for room in the queue, shortly: it blocks an event loop.
    private func makeSpace(for count: Int) -> Bool {
        guard pending.count + count > limits.queueBytes, pending.count > 0 else { return true }
        let deadline = SystemCall.monotonicNanoseconds() + limits.stallNanoseconds
        while pending.count + count > limits.queueBytes, pending.count > 0 {
            guard SystemCall.monotonicNanoseconds() < deadline, !isClosed else { return false }
            work.signal()
            lock.wait(space, until: deadline)
        }
        return true
    }

    /// Writes at the end of the whole frames; what a failed write left there is cut off.
    private func put(_ marker: FrameBuffer?, _ frames: FrameBuffer) throws(AuditLogError) -> Int {
        let total = (marker?.count ?? 0) + frames.count
        var done = 0
        while done < total {
            let markerCount = marker?.count ?? 0
            let source: UnsafeRawBufferPointer
            if let marker, done == 0 {
                let result = withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                    parts[0] = iovec(iov_base: marker.base, iov_len: marker.count)
                    parts[1] = iovec(iov_base: frames.base, iov_len: frames.count)
                    return SystemCall.retrying { pwritev(segment.descriptor, parts.baseAddress, 2, off_t(offset)) }
                }
                if result.result > 0 {
                    done += result.result
                    continue
                }
                throw fail(result.result == 0 ? EIO : result.code)
            } else if let marker, done < markerCount {
                source = UnsafeRawBufferPointer(rebasing: marker.bytes[done...])
            } else {
                source = UnsafeRawBufferPointer(rebasing: frames.bytes[(done - markerCount)...])
            }
            let (count, code) = SystemCall.retrying {
                pwrite(segment.descriptor, source.baseAddress, source.count, off_t(offset + done))
            }
            guard count > 0 else { throw fail(count == 0 ? EIO : code) }
            done += count
        }
        return total
    }

    private func fail(_ code: Int32) -> AuditLogError {
        ftruncate(segment.descriptor, off_t(offset))
        return .file(path: segment.path, operation: "write", code: code)
    }

    private func rotate() throws(AuditLogError) {
        let path = directory + "/" + JournalSegment.name(first: nextIndex)
        let next = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
        if limits.isDurable { try segment.synchronizeData() }
        try Files.synchronizeDirectory(of: path)
        retired.append(segment)
        segment = next
        offset = 0
    }
}

extension Journal {
    /// Exchanges the queue for an empty buffer; the lock is held.
    func takePending(replacement: FrameBuffer) -> FrameBuffer {
        let taken = pending
        pending = replacement
        space.broadcast()
        return taken
    }

    var pendingBytes: Int { pending.count }

    /// Refuses records from now on.
    func close() {
        lock.withLock {
            isClosed = true
            faultChanged()
            work.signal()
            waiting.signal()
            space.broadcast()
        }
    }

    /// The frame that goes before the next record, at the start of a checkpoint interval.
    func setMarker(_ event: AuditEvent) {
        let frame = FrameBuffer(capacity: AuditEvent.largestRecord + FrameBuffer.headerBytes)
        frame.append(event)
        lock.withLock { marker = frame }
    }

    /// A thread behind the journal without which records must not be accepted.
    enum Follower { case tree, signing }

    /// Stops or resumes the acceptance of records on behalf of a thread behind the journal.
    func set(_ error: AuditLogError?, of follower: Follower) {
        lock.withLock {
            switch follower {
            case .tree: treeFault = error
            case .signing: signingFault = error
            }
            faultChanged()
        }
    }

    /// The number of records refused since this was asked last.
    func takeRefused() -> UInt64 {
        refused.exchange(0, ordering: .relaxed)
    }

    /// Waits until a file is on the device. A failure is final until the log is opened again: the kernel reports it
    /// once, forgets the pages, and would answer the next attempt with success.
    func synchronize(_ file: OpenFile) throws(AuditLogError) {
        do {
            try file.synchronizeData()
        } catch {
            lock.withLock {
                deviceFault = error
                faultChanged()
            }
            throw error
        }
    }

    /// Waits until all that was written so far is on the device.
    func synchronize() throws(AuditLogError) {
        lock.lock()
        let files = retired + [segment]
        lock.unlock()
        for file in files { try synchronize(file) }
        lock.lock()
        retired.removeAll { file in files.contains { $0 === file } }
        let isLinked = segment.status.st_nlink > 0
        lock.unlock()
        guard isLinked else { throw .file(path: segment.path, operation: "find", code: ENOENT) }
    }
}
