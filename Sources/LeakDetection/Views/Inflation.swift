// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CZlib

/// The gzip format (RFC 1952), as far as it can be read, up to a bound.
enum Inflation {
    /// The content of the members that stand one after the other; what comes after damage, or after the bound, is left
    /// out.
    ///
    /// - Returns: The bytes, and whether the bound cut them off.
    static func inflate(_ bytes: [UInt8], limit: Int) -> (output: [UInt8], isCut: Bool) {
        var output = [UInt8](repeating: 0, count: max(limit, 0) &+ 1)
        var made = 0
        var position = 0
        while position < bytes.count, made <= limit {
            let (taken, given, isEnd) = member(bytes, from: position, into: &output, at: made)
            made &+= given
            position &+= taken
            guard isEnd, taken > 0 else { break }
        }
        let isCut = made > limit
        output.removeLast(output.count &- min(made, max(limit, 0)))
        return (output, isCut)
    }

    private static func member(
        _ bytes: [UInt8], from start: Int, into output: inout [UInt8], at made: Int
    ) -> (taken: Int, given: Int, isEnd: Bool) {
        var stream = z_stream()
        guard zlib_begin_inflating_gzip(&stream) == Z_OK else { return (0, 0, false) }
        defer { inflateEnd(&stream) }
        let offered = min(bytes.count &- start, Int(Int32.max))
        let room = min(output.count &- made, Int(Int32.max))
        let status = bytes.withUnsafeBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                // zlib declares its input as mutable and does not change it.
                stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + start) }
                stream.avail_in = UInt32(truncatingIfNeeded: offered)
                stream.next_out = target.baseAddress.map { $0 + made }
                stream.avail_out = UInt32(truncatingIfNeeded: room)
                return CZlib.inflate(&stream, Z_SYNC_FLUSH)
            }
        }
        return (offered &- Int(stream.avail_in), room &- Int(stream.avail_out), status == Z_STREAM_END)
    }
}
