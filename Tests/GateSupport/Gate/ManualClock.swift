// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization
package import Transport

/// The machine's clocks plus whatever a test adds: time passes by itself, and by leaps on demand.
package final class ManualClock: Sendable {
    private let offset = Atomic<Int64>(0)

    /// Starts at the present.
    package init() {}

    /// Leaps forward.
    package func advance(seconds: Int64) {
        offset.add(seconds * 1_000_000_000, ordering: .sequentiallyConsistent)
    }

    /// The clock for the gate.
    package var clock: Clock {
        Clock(
            monotonic: { [self] in Clock.system.monotonic() + offset.load(ordering: .sequentiallyConsistent) },
            wall: { [self] in Clock.system.wall() + offset.load(ordering: .sequentiallyConsistent) / 1000 })
    }
}
