// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization

/// A number that one thread counts and another watches.
package final class Counter: Sendable {
    private let number = Atomic<Int>(0)
    private let isDone = Atomic<Bool>(false)

    /// Starts at 0.
    package init() {}

    /// The number so far.
    package var value: Int { number.load(ordering: .sequentiallyConsistent) }

    /// Whether counting is over.
    package var isFinished: Bool { isDone.load(ordering: .sequentiallyConsistent) }

    /// Adds to the number.
    package func add(_ count: Int) { number.add(count, ordering: .sequentiallyConsistent) }

    /// Says that counting is over.
    package func finish() { isDone.store(true, ordering: .sequentiallyConsistent) }
}
