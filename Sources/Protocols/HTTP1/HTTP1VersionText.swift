// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `HTTP-version` (RFC 9112 section 2.3), read as far as it has arrived.
enum HTTP1VersionText {
    /// `HTTP/1.1` is eight bytes.
    static let byteCount = 8

    /// What the bytes so far say.
    enum Reading {
        /// A good beginning.
        case prefix
        /// A version that is spoken here.
        case version(HTTP1Version)
        /// A version that is not.
        case unsupported
        /// No version.
        case malformed
    }

    static func read(_ bytes: UnsafeRawBufferPointer) -> Reading {
        let literal: StaticString = "HTTP/"
        for index in 0..<min(bytes.count, 5) where bytes[index] != literal.utf8Start[index] { return .malformed }
        if bytes.count > 5, bytes[5] &- 0x30 > 9 { return .malformed }
        if bytes.count > 6, bytes[6] != 0x2e { return .malformed }
        guard bytes.count >= byteCount else { return .prefix }
        guard bytes[7] &- 0x30 <= 9 else { return .malformed }
        guard bytes[5] == 0x31, bytes[7] <= 0x31 else { return .unsupported }
        return .version(bytes[7] == 0x31 ? .http11 : .http10)
    }
}
