// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport

/// The bytes of HTTP/2 requests without TLS (RFC 9113), as small as they can be.
enum PlainHTTP2 {
    /// The preface and empty settings.
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])

    /// The acknowledgement of settings.
    static let acknowledgement = frame(4, 1, 0, [])

    /// A request without a body.
    static func request(stream: UInt32, _ fields: [(String, String)]) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields {
            // Literal field without indexing, new name (RFC 7541 section 6.2.2).
            block.append(0)
            for text in [name, value] {
                block.append(UInt8(truncatingIfNeeded: text.utf8.count))
                block += text.utf8
            }
        }
        return frame(1, 5, stream, block)
    }

    static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        let head = [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), kind, flags]
        return head + (0..<4).map { UInt8(truncatingIfNeeded: stream >> UInt32(24 - 8 * $0)) } + payload
    }

    /// Takes the whole frames off the front of what was received.
    static func frames(_ bytes: inout [UInt8]) -> [(kind: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])] {
        var frames: [(kind: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])] = []
        var start = 0
        while bytes.count - start >= 9 {
            let length = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
            guard bytes.count - start >= 9 + length else { break }
            let stream = bytes[(start + 5)..<(start + 9)].reduce(0 as UInt32) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
            frames.append(
                (bytes[start + 3], bytes[start + 4], stream, Array(bytes[(start + 9)..<(start + 9 + length)])))
            start += 9 + length
        }
        bytes.removeFirst(start)
        return frames
    }
}
