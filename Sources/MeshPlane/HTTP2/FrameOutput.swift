// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols
import Transport

/// What is sent on an Envoy's HTTP/2 connection: frames that wait for the end of the turn, and the windows that they fit into.
struct FrameOutput {
    /// What is sent next.
    private(set) var bytes = ByteBuffer()
    /// Bytes of bodies that Envoy takes ahead on a new stream.
    var initialWindow = 65_535
    /// Bytes of bodies that Envoy takes ahead on the connection.
    private var window = 65_535
    private var owesTableSize = false

    /// Above which the storage is given back, in bytes.
    private static let kept = 1 << 16
    private static let largestWindow = 0x7fff_ffff
    /// What Envoy's decoder keeps when nothing else is said (RFC 9113 section 6.5.2).
    private static let tableBytes = 4096

    /// Forgets what was sent.
    mutating func clear() {
        if bytes.capacity > Self.kept { bytes = ByteBuffer() } else { bytes.clear() }
    }

    // MARK: Frames of the connection

    private enum FrameType: UInt8 {
        case data = 0
        case headers = 1
        case reset = 3
        case settings = 4
        case ping = 6
        case goAway = 7
        case windowUpdate = 8
        case continuation = 9
    }

    private enum Flag {
        static let acknowledgement: UInt8 = 1
        static let endStream: UInt8 = 1
        static let endHeaders: UInt8 = 4
    }

    /// What the gate tells of itself.
    enum Setting: UInt16 {
        case concurrentStreams = 3
        case initialWindow = 4
        case listBytes = 6
    }

    private mutating func begin(_ type: FrameType, _ flags: UInt8, _ stream: UInt32, _ length: Int) {
        let lengthAndType = UInt32(truncatingIfNeeded: length) &<< 8 | UInt32(type.rawValue)
        bytes.writeMultipleIntegers(lengthAndType, flags, stream)
    }

    mutating func writeSettings(_ settings: [(Setting, Int)]) {
        begin(.settings, 0, 0, settings.count &* 6)
        for (setting, value) in settings {
            bytes.writeInteger(setting.rawValue)
            bytes.writeInteger(UInt32(clamping: value))
        }
    }

    mutating func writeSettingsAnswer() { begin(.settings, Flag.acknowledgement, 0, 0) }

    mutating func writePingAnswer(_ told: UInt64) {
        begin(.ping, Flag.acknowledgement, 0, 8)
        bytes.writeInteger(told)
    }

    mutating func writeGoAway(_ lastStream: UInt32, _ code: HTTP2Code) {
        begin(.goAway, 0, 0, 8)
        bytes.writeInteger(lastStream)
        bytes.writeInteger(code.rawValue)
    }

    mutating func writeWindowUpdate(_ stream: UInt32, _ increment: Int) {
        begin(.windowUpdate, 0, stream, 4)
        bytes.writeInteger(UInt32(clamping: increment))
    }

    mutating func writeReset(_ stream: UInt32, _ code: HTTP2Code) {
        begin(.reset, 0, stream, 4)
        bytes.writeInteger(code.rawValue)
    }

    // MARK: Windows

    /// Whether the connection's window can be that much wider (RFC 9113 section 6.9.1).
    mutating func widen(by increment: Int) -> Bool { Self.widen(&window, by: increment) }

    /// Makes a window wider, or narrower where the increment is negative.
    ///
    /// - Returns: Whether it can be that wide.
    static func widen(_ window: inout Int, by increment: Int) -> Bool {
        guard window &+ increment <= largestWindow else { return false }
        window &+= increment
        return true
    }

    /// Takes note of how large a table of header compression Envoy keeps. The gate uses none, and has to say so where it is
    /// smaller than what both begin with (RFC 7541 section 4.2).
    mutating func noteTable(_ size: Int) {
        if size < Self.tableBytes { owesTableSize = true }
    }

    // MARK: Streams

    /// Writes a header section.
    mutating func write(head block: [UInt8], on stream: UInt32, endStream: Bool) {
        var block = block[...]
        if owesTableSize {
            owesTableSize = false
            // A table of no bytes.
            block = [0x20] + block
        }
        var type = FrameType.headers
        var flags = endStream ? Flag.endStream : 0
        while block.count > HTTP2FrameReader.frameBytes {
            let piece = block.prefix(HTTP2FrameReader.frameBytes)
            begin(type, flags, stream, piece.count)
            bytes.writeBytes(piece)
            block = block.dropFirst(piece.count)
            (type, flags) = (.continuation, 0)
        }
        begin(type, flags | Flag.endHeaders, stream, block.count)
        bytes.writeBytes(block)
    }

    /// Writes a message of gRPC, where nothing is before it and it fits into the windows and one frame.
    ///
    /// - Returns: Whether it was written.
    mutating func write(message: [UInt8], on stream: EnvoyStream) -> Bool {
        let size = message.count &+ MessageReader.prefixBytes
        guard size <= HTTP2FrameReader.frameBytes, size <= window, size <= stream.sendWindow else { return false }
        begin(.data, 0, stream.id, size)
        MessageReader.writePrefix(length: message.count, to: &bytes)
        bytes.writeBytes(message)
        window &-= size
        stream.sendWindow &-= size
        return true
    }

    /// Writes what a stream has to say, as much of it as the windows allow.
    ///
    /// - Returns: Whether it was everything.
    mutating func write(_ stream: EnvoyStream) -> Bool {
        while stream.outgoing.readableBytes > 0 {
            let left = stream.outgoing.readableBytes
            let size = min(left, HTTP2FrameReader.frameBytes, window, stream.sendWindow)
            guard size > 0, var piece = stream.outgoing.readSlice(length: size) else { return false }
            begin(.data, 0, stream.id, size)
            bytes.writeBuffer(&piece)
            window &-= size
            stream.sendWindow &-= size
        }
        return true
    }

    /// Writes the end of a stream that has said everything, with trailers or without.
    mutating func writeEnd(of stream: UInt32, trailers block: [UInt8]?) {
        if let block { return write(head: block, on: stream, endStream: true) }
        begin(.data, Flag.endStream, stream, 0)
    }
}
