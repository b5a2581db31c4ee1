// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A key as the database has it: what is known of it, its public half, and its private half under seal while it may
/// still sign.
struct StoredKey: Sendable, Hashable {
    var key: AuthorityKey
    /// The certificate of a root in DER; the uncompressed point of a JWT key (SEC 1 section 2.3.3).
    var publicBytes: [UInt8]
    /// The private half under seal; `nil` once the key signs no more.
    var sealed: [UInt8]?
}
