// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization
internal import Telemetry

/// What became of what was brought to the collector.
final class TelemetryCounts: Sendable {
    /// The kinds of telemetry.
    enum Signal: String, CaseIterable {
        case traces
        case metrics
        case logs

        /// The last part of the collector's path.
        var path: String { "/v1/\(rawValue)" }
    }

    private struct Counts {
        var sent: UInt64 = 0
        var overflowed: UInt64 = 0
        var rejected: UInt64 = 0
        var failures: UInt64 = 0
        /// Log lines for which there was no room.
        var lost: UInt64 = 0
    }

    private let counts = Mutex<[Signal: Counts]>([:])

    /// Takes over what a queue has counted.
    func update(_ signal: Signal, from queue: ExportQueue) {
        counts.withLock { counts in
            counts[signal, default: Counts()].sent = queue.sent
            counts[signal, default: Counts()].overflowed = queue.overflowed
            counts[signal, default: Counts()].rejected = queue.rejected
            counts[signal, default: Counts()].failures = queue.failures
        }
    }

    /// Counts what was lost before it came to a queue.
    func lose(_ count: Int, of signal: Signal) {
        counts.withLock { $0[signal, default: Counts()].lost &+= UInt64(max(0, count)) }
    }

    /// The counts as metrics.
    ///
    /// - Parameter droppedSpans: Spans for which there was no room on the event loops.
    func families(droppedSpans: UInt64) -> [MetricFamily] {
        var sent = MetricFamily(.telemetrySent)
        var dropped = MetricFamily(.telemetryDropped)
        var failures = MetricFamily(.telemetryFailures)
        let counts = counts.withLock { $0 }
        for signal in Signal.allCases {
            let count = counts[signal] ?? Counts()
            sent.add([signal.rawValue], count.sent)
            failures.add([signal.rawValue], count.failures)
            let lost = count.lost &+ (signal == .traces ? droppedSpans : 0)
            dropped.add([signal.rawValue, "no_room"], lost)
            dropped.add([signal.rawValue, "collector_down"], count.overflowed)
            dropped.add([signal.rawValue, "collector_refused"], count.rejected)
        }
        return [sent, dropped, failures]
    }
}
