// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How the end of a message body is known (RFC 9112 section 6.3).
public enum HTTP1Framing: Sendable, Hashable {
    /// There is no body.
    case none
    /// Exactly so many bytes.
    case contentLength(UInt64)
    /// Chunked transfer coding.
    case chunked
    /// Everything up to the end of the connection. Only responses.
    case untilClose
}
