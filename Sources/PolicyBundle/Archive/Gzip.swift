// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CZlib

/// The gzip format (RFC 1952).
public enum Gzip {
    private static let chunk = 64 << 10
    private static let room = [UInt8](repeating: 0, count: chunk)
    /// Below this size the ratio is not looked at: small archives of small files compress well.
    private static let ratioFloor = 1 << 20

    /// The content of one or more members.
    ///
    /// - Parameter limit: How many bytes the content may have at most.
    public static func inflate(_ bytes: [UInt8], limit: Int) throws(BundleFailure) -> [UInt8] {
        var limits = BundleLimits()
        limits.archiveBytes = limit
        limits.unpackedBytes = limit
        limits.entries = 0
        return try inflate(bytes, limits: limits)
    }

    /// The content of one or more members.
    static func inflate(_ bytes: [UInt8], limits: BundleLimits) throws(BundleFailure) -> [UInt8] {
        if bytes.count > limits.archiveBytes { throw .limit("more than \(limits.archiveBytes) bytes as downloaded") }
        var output: [UInt8] = []
        var position = 0
        repeat {
            position = try inflateMember(bytes, from: position, into: &output, limits: limits)
        } while position < bytes.count
        return output
    }

    private static func inflateMember(
        _ bytes: [UInt8], from start: Int, into output: inout [UInt8], limits: BundleLimits
    ) throws(BundleFailure) -> Int {
        var stream = z_stream()
        guard zlib_begin_inflating_gzip(&stream) == Z_OK else { throw .archive("zlib is not available") }
        defer { inflateEnd(&stream) }
        // The archive itself has headers and padding for each file.
        let allowed = limits.unpackedBytes &+ limits.entries &* 2048
        var position = start
        while true {
            let (status, taken, made) = step(&stream, bytes, from: position, into: &output)
            position &+= taken
            if output.count > allowed { throw .limit("more than \(limits.unpackedBytes) bytes unpacked") }
            if output.count > ratioFloor, output.count / max(position, 1) > limits.ratio {
                throw .limit("it unpacks to more than \(limits.ratio) times its size")
            }
            if status == Z_STREAM_END { return position }
            guard status == Z_OK || status == Z_BUF_ERROR else { throw .archive("gzip data is damaged") }
            if made == 0, taken == 0 { throw .archive("gzip data ends too early") }
        }
    }

    private static func step(
        _ stream: inout z_stream, _ bytes: [UInt8], from position: Int, into output: inout [UInt8]
    ) -> (status: Int32, taken: Int, made: Int) {
        let filled = output.count
        output.append(contentsOf: room)
        let offered = min(bytes.count &- position, Int(UInt32.max >> 1))
        let status = bytes.withUnsafeBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                // zlib declares its input as mutable and does not change it.
                stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
                stream.avail_in = UInt32(truncatingIfNeeded: offered)
                stream.next_out = target.baseAddress.map { $0 + filled }
                stream.avail_out = UInt32(chunk)
                return CZlib.inflate(&stream, Z_NO_FLUSH)
            }
        }
        let made = chunk &- Int(stream.avail_out)
        output.removeLast(chunk &- made)
        return (status, offered &- Int(stream.avail_in), made)
    }

    /// One member of some bytes; the same bytes give the same member.
    public static func deflate(_ bytes: [UInt8]) throws(BundleFailure) -> [UInt8] {
        var stream = z_stream()
        guard zlib_begin_deflating_gzip(&stream) == Z_OK else { throw .archive("zlib is not available") }
        defer { deflateEnd(&stream) }
        guard bytes.count < Int(UInt32.max >> 1) else { throw .limit("more than 2 GiB") }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let capacity = output.count
        let status = bytes.withUnsafeBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0) }
                stream.avail_in = UInt32(truncatingIfNeeded: bytes.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(truncatingIfNeeded: capacity)
                return CZlib.deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw .archive("zlib could not compress") }
        output.removeLast(Int(stream.avail_out))
        return output
    }
}
