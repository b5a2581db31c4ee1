// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Counts what an evaluation uses: units of work one by one, time and memory once in a while.
final class Meter {
    /// What is read and written at each charge, apart from the object so that access costs nothing else.
    private struct Counters {
        /// Units until the next look at the clock and the heap.
        var window: Int
        /// Units left after the window.
        var remaining: Int
    }

    private static let windowSize = 4096

    private let counters: UnsafeMutablePointer<Counters>
    private let heap: Heap
    /// A monotonic clock in nanoseconds; without one, time is not limited.
    var clock: (@Sendable () -> UInt64)?
    private var deadline = UInt64.max

    init(heap: Heap) {
        self.heap = heap
        counters = .allocate(capacity: 1)
        let counters = counters
        counters.initialize(to: Counters(window: 0, remaining: 0))
        // The next charge, however small, looks at the heap.
        heap.onExhaustion = { counters.pointee.window = -1 }
    }

    deinit {
        heap.onExhaustion = nil
        counters.deallocate()
    }

    /// Begins an evaluation.
    func start(_ limits: Limits) {
        let window = min(Meter.windowSize, limits.instructions)
        counters.pointee = Counters(window: window, remaining: limits.instructions &- window)
        // The clock is read when the first window is used up, so that short evaluations never read it.
        deadline = .max
        allowance = limits.nanoseconds
    }

    private var allowance: UInt64 = 0

    /// Takes units; gives the limit that was reached.
    @inline(__always)
    func charge(_ units: Int) -> Limit? {
        counters.pointee.window &-= max(units, 0)
        return counters.pointee.window < 0 ? refill() : nil
    }

    @inline(never)
    private func refill() -> Limit? {
        if heap.isExhausted {
            counters.pointee.window = -1
            return .memory
        }
        let (remaining, overflow) = counters.pointee.remaining.addingReportingOverflow(counters.pointee.window)
        if overflow || remaining < 0 {
            counters.pointee.window = -1
            counters.pointee.remaining = 0
            return .instructions
        }
        if let clock {
            let now = clock()
            if deadline == .max {
                deadline = now &+ allowance
            } else if now >= deadline {
                counters.pointee.window = -1
                return .time
            }
        }
        let window = min(Meter.windowSize, remaining)
        counters.pointee.window = window
        counters.pointee.remaining = remaining &- window
        return nil
    }
}
