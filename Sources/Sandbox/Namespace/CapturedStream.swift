// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// One of the two streams, as far as it is kept.
struct CapturedStream {
    let name: SandboxStream
    var pipe: SandboxDescriptor?
    private(set) var bytes: [UInt8] = []
    private(set) var isTruncated = false

    init(_ name: SandboxStream) {
        self.name = name
    }

    /// The descriptor to wait for; -1 after the end.
    var source: Int32 { pipe?.number ?? -1 }

    /// Reads once; returns what was kept. After the first byte too many the rest is thrown away.
    mutating func read(room: Int, chunk: Int) -> [UInt8] {
        guard let piece = next(chunk), !isTruncated else { return [] }
        return keep(piece, room: room)
    }

    /// Keeps what fits of a piece; returns that.
    mutating func keep(_ piece: ArraySlice<UInt8>, room: Int) -> [UInt8] {
        let kept = Array(piece.prefix(max(room, 0)))
        isTruncated = kept.count < piece.count
        bytes += kept
        return kept
    }

    /// The next bytes; `nil` when there are none now, or at the end.
    mutating func next(_ chunk: Int) -> ArraySlice<UInt8>? {
        guard let pipe else { return nil }
        var piece = [UInt8](repeating: 0, count: chunk)
        let count = Glibc.read(pipe.number, &piece, piece.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        guard count > 0 else {
            self.pipe = nil
            return nil
        }
        return piece[..<count]
    }

    /// Forgets what was kept.
    mutating func forget() {
        bytes = []
    }
}
