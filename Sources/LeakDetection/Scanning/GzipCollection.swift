// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What has come of a text since a gzip header.
struct GzipCollection: Sendable {
    /// Where it began.
    let start: Int
    private(set) var bytes: [UInt8] = []
    /// Whether more came than may be kept.
    private(set) var isFull = false
    private var next = 1024

    init(start: Int) { self.start = start }

    /// Takes more; false when nothing could be taken.
    mutating func append(_ more: UnsafeBufferPointer<UInt8>, limit: Int) -> Bool {
        let room = limit &- bytes.count
        if more.count > room { isFull = true }
        bytes.append(contentsOf: more.prefix(max(room, 0)))
        return room > 0
    }

    /// Whether so much has come that it is worth to look at it before the end.
    var isDue: Bool { bytes.count >= next }

    /// Waits until twice as much is there.
    mutating func setNext() { next = bytes.count &* 2 }
}
