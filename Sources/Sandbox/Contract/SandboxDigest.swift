// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Crypto
internal import Protocols

/// The SHA-256 digest of some bytes, and how many there are.
public struct SandboxDigest: Sendable, Hashable {
    /// `sha256:` and 64 hexadecimal digits.
    public let text: String
    /// How many bytes were hashed.
    public let count: Int

    /// Hashes.
    public init(_ bytes: [UInt8]) {
        text = Self.text(SHA256.hash(data: bytes))
        count = bytes.count
    }

    static func text(_ digest: some Sequence<UInt8>) -> String { "sha256:" + Hexadecimal.encode(Array(digest)) }

    var json: JSONValue { ["bytes": .integer(count), "digest": .string(text)] }
}
