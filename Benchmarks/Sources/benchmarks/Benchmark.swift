// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CAllocations
import Glibc

/// One measured operation.
struct Benchmark: Sendable {
    /// The name, by which it can be chosen on the command line.
    let name: String
    /// The most processor time one operation may take on a quiet machine, in nanoseconds.
    let goal: Double
    /// The most blocks of the heap that one operation may ask for; nil where it does not matter.
    var allocations: Double?
    /// Makes what the operation needs, and gives back the operation: it runs so many times.
    let prepare: @Sendable () throws -> (Int) -> Void

    /// What was measured, in nanoseconds of the thread's processor time for each operation.
    struct Result {
        let minimum: Double
        let median: Double
        let maximum: Double
        /// Blocks of the heap that one operation asked for.
        let allocations: Double
    }

    /// Runs rounds of about 50 ms each.
    ///
    /// The median over rounds of the thread's own processor time: what neighbours do on a shared machine disturbs it least.
    func measure(rounds: Int = 15) throws -> Result {
        let run = try prepare()
        run(1)
        var count = 1
        var elapsed = time(run, count)
        while elapsed < 5_000_000, count < 1 << 28 {
            count *= 2
            elapsed = time(run, count)
        }
        let times = (0..<rounds).map { _ in Double(time(run, count)) / Double(count) }.sorted()
        let before = yett_allocations()
        run(count)
        let allocations = Double(yett_allocations() - before) / Double(count)
        return Result(
            minimum: times[0], median: times[rounds / 2], maximum: times[rounds - 1], allocations: allocations)
    }

    private func time(_ run: (Int) -> Void, _ count: Int) -> Int {
        let start = Self.processorTime()
        run(count)
        return Self.processorTime() - start
    }

    private static func processorTime() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }
}

/// Keeps the compiler from throwing an unused result away.
@inline(never)
func blackHole<Value: ~Copyable>(_ value: borrowing Value) {
    withExtendedLifetime(value) {}
}
