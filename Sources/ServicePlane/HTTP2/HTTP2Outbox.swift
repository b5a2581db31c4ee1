// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK

/// What one stream has to send: a head and a piece of the body are kept back until the next call, so that the end of a
/// message that is complete when it is flushed costs no frame of its own. And how much of it has not left yet.
struct HTTP2Outbox {
    /// The head, until it is written.
    var head: HPACKHeaders?
    private var body: ByteBuffer?
    /// Bytes that were handed over and have not left the connection's buffers.
    private(set) var unsent = 0
    /// Whether whoever sends was told to wait.
    private(set) var isBlocked = false

    /// Whether something is kept back.
    var isHolding: Bool { head != nil || body != nil }

    /// Keeps a piece of the body back. What was kept before was taken.
    mutating func hold(_ body: ByteBuffer) { self.body = body }

    /// Counts bytes, and blocks at a limit.
    mutating func count(_ count: Int, limit: Int) {
        unsent &+= count
        if unsent >= limit { isBlocked = true }
    }

    /// Hands over what was kept back.
    mutating func take() -> (head: HPACKHeaders?, body: ByteBuffer?) {
        defer { drop() }
        return (head, body)
    }

    /// Forgets what was kept back.
    mutating func drop() {
        head = nil
        body = nil
    }

    /// Bytes have left.
    mutating func left(_ count: Int) { unsent &-= count }

    /// Ends the waiting when there is room again.
    ///
    /// - Returns: Whether it was ended.
    mutating func unblock(below limit: Int) -> Bool {
        guard isBlocked, unsent <= limit / 2 else { return false }
        isBlocked = false
        return true
    }

    /// Counts nothing any more.
    mutating func close() {
        unsent = 0
        drop()
    }
}
