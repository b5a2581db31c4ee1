// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// Runs blocking code on a thread of its own, so that it does not hold up the asynchronous code under test: a machine
/// with two processors has two threads for all of that.
package func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let executor = OwnThread()
    defer { withExtendedLifetime(executor) {} }
    return try await withTaskExecutorPreference(executor) { try body() }
}

/// Runs each job on a new thread; the task keeps its locals, so that failures are attributed to their test.
private final class OwnThread: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// Looks at a condition again and again until it holds or the time is over; for code on a thread of its own.
///
/// - Returns: Whether it came to hold.
package func comesTrue(within seconds: Double = RawSocket.patience, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = Deadline(seconds)
    while true {
        if try condition() { return true }
        guard deadline.secondsLeft > 0 else { return false }
        usleep(2000)
    }
}
