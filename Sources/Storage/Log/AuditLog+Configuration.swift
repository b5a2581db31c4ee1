// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

extension AuditLog {
    /// What "recorded" means.
    public enum Durability: String, Sendable {
        /// In the kernel's hands: survives the death of the process, not a loss of power. The default.
        case process
        /// On the device, many records with one wait: survives a loss of power.
        case disk
    }

    /// Where and how a log is kept.
    public struct Configuration: Sendable {
        /// The directory; made with mode 0700 when missing, refused when others may enter it.
        public var directory: String
        /// The name of the log and of its key, by convention a schemaless URL.
        public var origin: NoteName
        /// The signing key; made when the log is new. Nil is `key` in the directory.
        public var keyPath: String?
        /// What "recorded" means.
        public var durability = Durability.process
        /// The longest time between a record and the checkpoint that covers it, in milliseconds.
        public var checkpointMilliseconds = 1000
        /// The most records between checkpoints.
        public var checkpointRecords = 10_000
        /// The size in bytes at which a new journal file is begun.
        public var segmentBytes = 64 << 20
        /// The most bytes that wait for the tree; beyond, a flush waits and then fails.
        public var queueBytes = 32 << 20
        /// How long a flush may wait for room in the queue, in milliseconds; it blocks its event loop.
        public var stallMilliseconds = 50
        /// How long after a failure the next attempt is made, in milliseconds.
        public var retryMilliseconds = 1000
        /// How long after the last record the query index is brought up to date, in milliseconds.
        public var indexDelayMilliseconds = 250
        /// Microseconds since 1970, for the records that the log itself writes.
        public var now: @Sendable () -> Int64 = { SystemCall.wallMicroseconds() }
        /// Who learns of each record, but those that the log itself writes.
        public var follower: (any AuditFollower)?

        /// A configuration with defaults.
        public init(directory: String, origin: NoteName) {
            self.directory = directory
            self.origin = origin
        }
    }

    /// The configuration in the units of the system calls.
    struct Limits: Sendable {
        let segmentBytes: Int
        let queueBytes: Int
        let gatherBytes: Int
        let gatherNanoseconds: UInt64
        let stallNanoseconds: UInt64
        let retryNanoseconds: UInt64
        let checkpointNanoseconds: UInt64
        let checkpointRecords: UInt64
        let indexNanoseconds: UInt64
        let isDurable: Bool

        init(_ configuration: Configuration) {
            func nanoseconds(_ milliseconds: Int) -> UInt64 {
                UInt64(min(max(milliseconds, 1), 86_400_000)) * 1_000_000
            }
            segmentBytes = max(configuration.segmentBytes, 4096)
            queueBytes = max(configuration.queueBytes, 1 << 17)
            gatherBytes = min(1 << 20, queueBytes / 2)
            gatherNanoseconds = 20_000_000
            stallNanoseconds = nanoseconds(configuration.stallMilliseconds)
            retryNanoseconds = nanoseconds(configuration.retryMilliseconds)
            checkpointNanoseconds = nanoseconds(configuration.checkpointMilliseconds)
            checkpointRecords = UInt64(max(configuration.checkpointRecords, 1))
            indexNanoseconds = nanoseconds(configuration.indexDelayMilliseconds)
            isDurable = configuration.durability == .disk
        }
    }
}
