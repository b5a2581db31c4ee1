// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The two versions of HTTP/1.
public enum HTTP1Version: UInt8, Sendable, Hashable {
    /// HTTP/1.0: no chunked coding, no persistent connection through a proxy, no informational responses.
    case http10
    /// HTTP/1.1.
    case http11
}
