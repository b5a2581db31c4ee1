// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a launched program may use up. Zero leaves the limit that the caller has.
public struct LaunchLimits: Sendable {
    /// Processes and threads (`RLIMIT_NPROC`, counted inside the sandbox alone).
    public var processes: UInt64 = 4096
    /// Open descriptors of one process (`RLIMIT_NOFILE`).
    public var openFiles: UInt64 = 4096
    /// Size of one file in bytes (`RLIMIT_FSIZE`).
    public var fileBytes: UInt64 = 16 << 30
    /// Address space of one process in bytes (`RLIMIT_AS`); off, since language runtimes reserve far more than they
    /// use.
    public var memoryBytes: UInt64 = 0
    /// Size in bytes of each private in-memory directory: `/tmp`, `/var/tmp`, the home directory.
    public var temporaryBytes: UInt64 = 1 << 30
    /// Size in bytes of `/dev/shm`.
    public var sharedMemoryBytes: UInt64 = 256 << 20

    /// The defaults.
    public init() {}
}
