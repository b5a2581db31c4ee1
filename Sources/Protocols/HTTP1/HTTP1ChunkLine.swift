// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads one chunk-size line, `chunk-size [ chunk-ext ] CRLF` (RFC 9112 section 7.1), going on where it stopped.
///
/// The size is 1 to 16 hexadecimal digits and at most `Int64.max`; an extension begins with `;` directly behind the
/// size and holds no control characters but HTAB.
struct HTTP1ChunkLine: Sendable {
    /// How reading went.
    enum Outcome {
        case needMore
        case line(size: UInt64, byteCount: Int, extensions: Int)
        case refused(HTTP1RefusalReason)
    }

    private var position = 0
    private var digits = 0
    private var size: UInt64 = 0

    mutating func read(_ bytes: UnsafeRawBufferPointer, limits: HTTP1Limits) -> Outcome {
        guard let base = bytes.baseAddress else { return .needMore }
        let end = min(bytes.count, limits.chunkLineBytes)
        while position == digits, position < end, let digit = ByteScan.hexValue(base[position]) {
            guard digits < 16, size &>> 59 == 0 else { return .refused(.chunkTooLarge) }
            size = size &<< 4 | UInt64(digit)
            digits &+= 1
            position &+= 1
        }
        guard size <= UInt64(Int64.max) else { return .refused(.chunkTooLarge) }
        guard position < end else { return outOfBytes(end, limits) }
        guard digits > 0 else { return .refused(.badChunk) }
        if position == digits, base[position] == 0x3b { position &+= 1 }
        if position > digits {
            repeat {
                position = ByteScan.firstControl(base, from: position, to: end)
                guard position < end else { return outOfBytes(end, limits) }
                if base[position] == 0x09 { position &+= 1 } else { break }
            } while true
        }
        guard base[position] == 0x0d else { return .refused(.badChunk) }
        guard position &+ 1 < end else { return outOfBytes(end, limits) }
        guard base[position &+ 1] == 0x0a else { return .refused(.badChunk) }
        return .line(size: size, byteCount: position &+ 2, extensions: position &- digits)
    }

    private func outOfBytes(_ end: Int, _ limits: HTTP1Limits) -> Outcome {
        end == limits.chunkLineBytes ? .refused(.chunkLineTooLong) : .needMore
    }
}
