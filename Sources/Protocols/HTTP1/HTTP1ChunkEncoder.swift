// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The framing around payload in chunked transfer coding (RFC 9112 section 7.1): head, payload, ``chunkEnd``, and
/// ``last`` after the last chunk.
public enum HTTP1ChunkEncoder {
    /// The most bytes that ``writeHead(of:into:)`` writes.
    public static let headByteCount = 18

    /// What follows the payload of a chunk: CRLF.
    public static let chunkEnd: StaticString = "\r\n"

    /// The last chunk with an empty trailer section.
    public static let last: StaticString = "0\r\n\r\n"

    /// Writes the size line of a chunk and returns how many bytes it took: 0 when `count` is 0 (an empty chunk would
    /// end the body) or `buffer` is shorter than ``headByteCount``.
    public static func writeHead(of count: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard count > 0, buffer.count >= headByteCount else { return 0 }
        let digits = (Int.bitWidth &- count.leadingZeroBitCount &+ 3) / 4
        var rest = count
        for index in stride(from: digits &- 1, through: 0, by: -1) {
            let digit = UInt8(rest & 0xf)
            buffer[index] = digit < 10 ? 0x30 &+ digit : 0x57 &+ digit
            rest >>= 4
        }
        buffer[digits] = 0x0d
        buffer[digits &+ 1] = 0x0a
        return digits &+ 2
    }
}
