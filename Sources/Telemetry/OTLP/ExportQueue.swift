// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What waits to be brought to a collector, bounded, and when to try again. No clock and no network of its own.
public struct ExportQueue: Sendable {
    /// What goes into one request.
    public struct Batch: Sendable, Hashable {
        /// The body.
        public let body: [UInt8]
        /// How many spans, points or log records it holds.
        public let items: Int

        /// Describes a batch.
        public init(body: [UInt8], items: Int) {
            self.body = body
            self.items = items
        }
    }

    /// What became of a request.
    public enum Outcome: Sendable, Hashable {
        /// The collector took it, but for some items.
        case accepted(rejected: Int)
        /// It may be sent again, not before so many nanoseconds where the collector says so.
        case retry(after: Int64?)
        /// It is of no use to send it again.
        case refused
    }

    /// Items that the collector took.
    public private(set) var sent: UInt64 = 0
    /// Items that were pushed out by later ones.
    public private(set) var overflowed: UInt64 = 0
    /// Items that the collector did not want.
    public private(set) var rejected: UInt64 = 0
    /// Attempts that came to nothing.
    public private(set) var failures: UInt64 = 0

    private var waiting: [Batch] = []
    private var size = 0
    private var pause: Int64 = 0
    private var notBefore = Int64.min
    private let mostBatches: Int
    private let mostBytes: Int

    /// The pause after the first failure, in nanoseconds; it doubles up to the longest.
    public static let firstPause: Int64 = 1_000_000_000
    /// The longest pause, in nanoseconds.
    public static let longestPause: Int64 = 60_000_000_000
    /// The longest time that a collector may ask for, in nanoseconds.
    public static let longestRetryAfter: Int64 = 300_000_000_000

    /// An empty queue.
    ///
    /// - Parameters:
    ///   - batches: How many wait at most.
    ///   - bytes: How many bytes of bodies wait at most; one batch always may.
    public init(batches: Int, bytes: Int) {
        mostBatches = max(1, batches)
        mostBytes = bytes
    }

    /// How many batches wait.
    public var count: Int { waiting.count }

    /// Takes a batch in; the oldest ones go where there is no room.
    public mutating func offer(_ batch: Batch) {
        guard batch.items > 0 else { return }
        waiting.append(batch)
        size += batch.body.count
        while waiting.count > mostBatches || (size > mostBytes && waiting.count > 1) {
            let oldest = waiting.removeFirst()
            size -= oldest.body.count
            overflowed &+= UInt64(oldest.items)
        }
    }

    /// What is to be sent now; it stays until its outcome is told.
    ///
    /// - Parameter now: Nanoseconds of a clock that never goes back.
    public func next(at now: Int64) -> Batch? { now >= notBefore ? waiting.first : nil }

    /// Learns what became of what ``next(at:)`` gave.
    public mutating func finished(_ outcome: Outcome, at now: Int64) {
        switch outcome {
        case .accepted(let refused):
            guard let batch = removeFirst() else { return }
            let lost = min(max(0, refused), batch.items)
            sent &+= UInt64(batch.items - lost)
            rejected &+= UInt64(lost)
            (pause, notBefore) = (0, .min)
        case .refused:
            guard let batch = removeFirst() else { return }
            failures &+= 1
            rejected &+= UInt64(batch.items)
            (pause, notBefore) = (0, .min)
        case .retry(let wanted):
            failures &+= 1
            pause = pause == 0 ? Self.firstPause : min(pause &* 2, Self.longestPause)
            let wait = wanted.map { min(max(0, $0), Self.longestRetryAfter) } ?? pause
            notBefore = now.addingReportingOverflow(wait).overflow ? .max : now &+ wait
        }
    }

    private mutating func removeFirst() -> Batch? {
        guard !waiting.isEmpty else { return nil }
        let batch = waiting.removeFirst()
        size -= batch.body.count
        return batch
    }
}
