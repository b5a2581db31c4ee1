// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Says once that everything that serves somebody serves.
final class Readiness: Sendable {
    private let missing: Mutex<Int>
    private let then: @Sendable () -> Void

    /// Waits for parts.
    ///
    /// - Parameter count: How many there are.
    init(of count: Int, then: @escaping @Sendable () -> Void) {
        missing = Mutex(count)
        self.then = then
    }

    /// One part serves.
    func arrive() {
        let isComplete = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isComplete { then() }
    }
}
