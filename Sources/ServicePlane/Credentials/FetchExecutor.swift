// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Dispatch

/// Where tokens are fetched: on threads of their own, because that may wait for a disk, and because requests wait for it.
final class FetchExecutor: TaskExecutor {
    static let shared = FetchExecutor()

    private let queue = DispatchQueue(label: "yett.tokens", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
