// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How large a bundle may be.
public struct BundleLimits: Sendable, Hashable {
    /// Bytes as downloaded.
    public var archiveBytes = 64 << 20
    /// Bytes once unpacked, all files together.
    public var unpackedBytes = 64 << 20
    /// Entries, directories included.
    public var entries = 10_000
    /// How many bytes one compressed byte may become, beyond the first megabyte.
    public var ratio = 250
    /// Bytes of a file's path.
    public var pathBytes = 1024
    /// Bytes of an archive's own records, such as long names.
    public var recordBytes = 64 << 10
    /// Bytes of one module.
    public var moduleBytes = 1 << 20
    /// How deep data may be nested.
    public var dataDepth = 128
    /// Values of all data.
    public var dataValues = 5_000_000

    /// The defaults.
    public init() {}
}
