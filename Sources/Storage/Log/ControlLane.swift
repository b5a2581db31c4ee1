// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// A lane behind a lock, for records that come from no event loop.
final class ControlLane: @unchecked Sendable {
    private let lane: AuditLane
    private let lock = ConditionLock()

    init(_ lane: sending AuditLane) {
        self.lane = lane
    }

    /// Records an event and waits until it is recorded.
    func record(_ event: AuditEvent) -> Bool {
        let outcome = Outcome()
        lock.withLock {
            if lane.append(event) {
                lane.flush { outcome.set($0) }
            } else {
                outcome.set(false)
            }
        }
        return outcome.wait()
    }

    private final class Outcome: @unchecked Sendable {
        private let lock = ConditionLock()
        private let changed = ConditionLock.Condition()
        private var value: Bool?

        func set(_ value: Bool) {
            lock.withLock {
                self.value = value
                changed.signal()
            }
        }

        func wait() -> Bool {
            lock.withLock {
                while value == nil { lock.wait(changed) }
                return value ?? false
            }
        }
    }
}
