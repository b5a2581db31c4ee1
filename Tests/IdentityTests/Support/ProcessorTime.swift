// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// The processor time of this thread: what other work on the machine does not lengthen.
enum ProcessorTime {
    static func measure(_ work: () throws -> Void) rethrows -> Duration {
        let start = now()
        try work()
        return now() - start
    }

    /// A timespec as the two words that it is: which module its members belong to differs from one build to another.
    private static func now() -> Duration {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { words in
            words.initialize(repeating: 0)
            words.withMemoryRebound(to: timespec.self) { times in
                if let time = times.baseAddress { clock_gettime(CLOCK_THREAD_CPUTIME_ID, time) }
            }
            return .seconds(words[0]) + .nanoseconds(words[1])
        }
    }
}
