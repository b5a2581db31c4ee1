// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK

/// A frame that the gate has sent, in short.
enum ReceivedFrame: Equatable {
    case headers(UInt32, [String], end: Bool)
    case data(UInt32, String, end: Bool)
    case reset(UInt32, UInt32)
    case settings
    case settingsAck
    case ping(ack: Bool)
    case goAway(last: UInt32, code: UInt32)
    case window(UInt32, Int)
    case other(UInt8)

    /// The stream it belongs to.
    var stream: UInt32 {
        switch self {
        case .headers(let stream, _, _), .data(let stream, _, _), .reset(let stream, _), .window(let stream, _): stream
        default: 0
        }
    }

    var isWindow: Bool {
        if case .window = self { return true }
        return false
    }
}

/// Reads what the gate has sent, with the state that header blocks have among them.
struct FrameReader {
    private var bytes: [UInt8] = []
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())

    mutating func read(_ more: [UInt8]) throws -> [ReceivedFrame] {
        bytes += more
        var frames: [ReceivedFrame] = []
        while bytes.count >= 9 {
            let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
            guard bytes.count >= 9 + length else { break }
            let payload = Array(bytes[9..<(9 + length)])
            frames.append(try frame(bytes[3], bytes[4], Self.number(bytes[5..<9]), payload))
            bytes.removeFirst(9 + length)
        }
        return frames
    }

    private mutating func frame(
        _ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]
    ) throws -> ReceivedFrame {
        let isEnd = flags & 1 != 0
        switch kind {
        case 0: return .data(stream, String(decoding: payload, as: UTF8.self), end: isEnd)
        case 1:
            var block = ByteBuffer(bytes: payload)
            let headers = try decoder.decodeHeaders(from: &block)
            return .headers(stream, headers.map { "\($0.name): \($0.value)" }, end: isEnd)
        case 3: return .reset(stream, Self.number(payload[...]))
        case 4: return isEnd ? .settingsAck : .settings
        case 6: return .ping(ack: isEnd)
        case 7: return .goAway(last: Self.number(payload[0..<4]), code: Self.number(payload[4..<8]))
        case 8: return .window(stream, Int(Self.number(payload[...])))
        default: return .other(kind)
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}
