// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization

/// How an endpoint fares, over all event loops and over reloads that leave it in place.
final class EndpointState: Sendable {
    /// Requests under way, for each loop. An entry is touched on its loop only.
    private let tallies: [Tally]
    private let until = Atomic<Int64>(0)
    private let row = Atomic<Int>(0)
    private let unwell = Atomic<Bool>(false)
    private let past = Mutex(Past())

    /// Unchecked: used on one event loop only.
    private final class Tally: @unchecked Sendable {
        var active = 0
    }

    private struct Past {
        /// Ejections that were not forgiven yet.
        var times: Int64 = 0
        /// All ejections.
        var ejections = 0
        var problem: String?
        /// Answers to the gate's own questions that were alike, one after the other.
        var answers = 0
    }

    init(loops: Int) { tallies = (0..<max(1, loops)).map { _ in Tally() } }

    // MARK: Requests under way

    /// Requests of one loop that are under way there. On that loop.
    func active(on loop: Int) -> Int { tallies[loop].active }

    /// One more. On the loop.
    func enter(on loop: Int) { tallies[loop].active &+= 1 }

    /// One less. On the loop.
    func leave(on loop: Int) { tallies[loop].active &-= 1 }

    // MARK: Failures

    /// Whether it may get requests.
    func isAvailable(at now: Int64) -> Bool {
        until.load(ordering: .relaxed) <= now && !unwell.load(ordering: .relaxed)
    }

    /// Whether it is ejected.
    func isEjected(at now: Int64) -> Bool { until.load(ordering: .relaxed) > now }

    /// An answer came: what failed before counts no more.
    func succeeded() {
        if row.load(ordering: .relaxed) != 0 { row.store(0, ordering: .relaxed) }
    }

    /// Something failed.
    ///
    /// - Returns: How often that has been so, one after the other.
    func failed() -> Int { row.add(1, ordering: .relaxed).newValue }

    /// Takes it out for a while. Whoever calls this sees to it that nobody else does so at the same time.
    ///
    /// - Returns: Nanoseconds.
    func eject(by rules: EjectionRules, because problem: String, at now: Int64) -> Int64 {
        let duration = past.withLock { past in
            // Each stretch of good time as long as the first ejection makes up for one.
            let good = max(0, now &- until.load(ordering: .relaxed)) / max(1, rules.time)
            past.times = max(0, past.times &- good) &+ 1
            past.ejections &+= 1
            past.problem = problem
            return rules.duration(of: past.times)
        }
        until.store(now &+ duration, ordering: .relaxed)
        // Who fails again at once when it comes back is out again at once.
        row.store(max(0, rules.failures &- 1), ordering: .relaxed)
        return duration
    }

    // MARK: The gate's own questions

    /// Takes an answer to a question of the gate's own.
    ///
    /// - Parameter problem: What was wrong with it; `nil` for a good one.
    /// - Returns: Whether it is well from now on; `nil` when nothing changes.
    func answered(_ problem: String?, by rules: HealthRules) -> Bool? {
        past.withLock { past in
            let isUnwell = unwell.load(ordering: .relaxed)
            guard (problem == nil) == isUnwell else {
                past.answers = 0
                return nil
            }
            past.answers &+= 1
            if let problem { past.problem = problem }
            guard past.answers >= (isUnwell ? rules.healthy : rules.unhealthy) else { return nil }
            past.answers = 0
            unwell.store(!isUnwell, ordering: .relaxed)
            return isUnwell
        }
    }

    /// Nobody asks any more whether it is well.
    func forgetAnswers() {
        past.withLock { past in
            past.answers = 0
            unwell.store(false, ordering: .relaxed)
        }
    }

    // MARK: What a person sees

    /// How it fares at a moment.
    func report(of endpoint: String, at now: Int64) -> EndpointReport {
        past.withLock { past in
            EndpointReport(
                endpoint: endpoint, isUnhealthy: unwell.load(ordering: .relaxed),
                ejectedFor: max(0, until.load(ordering: .relaxed) &- now), ejections: past.ejections,
                failures: row.load(ordering: .relaxed), problem: past.problem)
        }
    }
}
