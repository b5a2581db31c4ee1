// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore

/// What was sent of a request, whole so far: enough to send it once more where the first time led nowhere.
struct RepeatableRequest {
    /// The head, to its empty line.
    var head: ByteBuffer
    /// What was sent of the body.
    private(set) var body: ByteBuffer?

    private static let limit = 64 << 10

    init(head: ByteBuffer, body: ByteBuffer?) {
        self.head = head
        self.body = body
    }

    /// Keeps one more piece of the body. The first one costs no copy.
    ///
    /// - Returns: False when that would be too much to keep.
    mutating func keep(_ bytes: ByteBuffer) -> Bool {
        guard (body?.readableBytes ?? 0) &+ bytes.readableBytes <= Self.limit else { return false }
        if body == nil {
            body = bytes
        } else {
            body?.writeImmutableBuffer(bytes)
        }
        return true
    }
}
