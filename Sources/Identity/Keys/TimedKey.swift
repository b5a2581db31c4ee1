// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A public key with the time within which it verifies.
public struct TimedKey: Sendable, Hashable {
    /// The key.
    public let key: VerificationKey
    /// From when, in Unix seconds.
    public let from: Int64
    /// Until when, in Unix seconds.
    public let until: Int64

    /// Describes a key.
    public init(key: VerificationKey, from: Int64, until: Int64) {
        self.key = key
        self.from = from
        self.until = until
    }
}
