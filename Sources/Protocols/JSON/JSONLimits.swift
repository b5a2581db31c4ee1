// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on a JSON text, each checked before the value it bounds is made.
public struct JSONLimits: Sendable, Hashable {
    /// Bytes of the text.
    public let bytes: Int

    /// Arrays and objects inside one another.
    public let depth: Int

    /// Values in all: members, elements and containers.
    public let values: Int

    /// Bytes of one string as written, quotes left out.
    public let stringBytes: Int

    /// Bytes of one number as written.
    public let numberBytes: Int

    /// Limits with the given values. The depth is clamped to 512, which a thread's stack bears.
    public init(
        bytes: Int = 1 << 20, depth: Int = 64, values: Int = 100_000, stringBytes: Int = 1 << 20, numberBytes: Int = 128
    ) {
        self.bytes = max(bytes, 0)
        self.depth = min(max(depth, 0), 512)
        self.values = max(values, 1)
        self.stringBytes = max(stringBytes, 0)
        self.numberBytes = min(max(numberBytes, 1), 4096)
    }

    /// The default limits.
    public static let standard = JSONLimits()
}
