// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOHTTP2

/// Tells what broke the rules of one stream from what ends a connection.
struct HTTP2Faults {
    private var hasFailed = false
    private var hasResetStream = false

    /// Nothing has happened yet.
    init() {}

    /// A frame has left: the handler below answers faults by itself.
    mutating func wrote(_ payload: HTTP2Frame.FramePayload) {
        switch payload {
        case .rstStream: hasResetStream = true
        case .goAway(_, let code, _) where code != .noError: hasFailed = true
        default: break
        }
    }

    /// The gate itself has just reset a stream, which is no fault.
    mutating func resetByChoice() { hasResetStream = false }

    /// Whether the error that was caught has ended one stream already, and nothing else.
    mutating func isOfOneStream() -> Bool {
        guard hasResetStream, !hasFailed else { return false }
        hasResetStream = false
        return true
    }
}
