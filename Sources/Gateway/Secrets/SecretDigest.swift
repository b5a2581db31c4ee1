// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Crypto

/// What is kept of a bearer token: enough to recognise it, not enough to use it.
enum SecretDigest {
    /// SHA-256 of a token's bytes.
    static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// SHA-256 in hexadecimal digits.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        Hexadecimal.encode(sha256(bytes))
    }
}
