// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Group commit: one wait for the device answers all flushes that came before it.
final class DiskSyncer: Sendable {
    private let thread: WorkerThread

    init(_ journal: Journal) throws(AuditLogError) {
        thread = try WorkerThread { Self.run(journal) }
    }

    func join() {
        thread.join()
    }

    private static func run(_ journal: Journal) {
        while true {
            journal.lock.lock()
            while journal.waiters.isEmpty, !journal.isClosed { journal.lock.wait(journal.waiting) }
            let waiters = journal.waiters
            journal.waiters = []
            let segment = journal.segment
            journal.lock.unlock()
            if waiters.isEmpty { return }
            // A segment that was left before these flushes was synchronised when it was left.
            let isDurable = (try? journal.synchronize(segment)) != nil
            for waiter in waiters { waiter.completion(isDurable) }
        }
    }
}
