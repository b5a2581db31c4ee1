// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Frames of HTTP/2 byte for byte, right or wrong.
enum RawFrames {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static let endStream: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4

    /// A frame of any kind.
    static func frame(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff), UInt8(count & 0xff), kind, flags]
            + bigEndian(stream) + payload
    }

    static func data(_ stream: UInt32, _ bytes: [UInt8], end: Bool = false) -> [UInt8] {
        frame(0, flags: end ? endStream : 0, stream: stream, bytes)
    }

    static func data(_ stream: UInt32, _ text: String, end: Bool = false) -> [UInt8] {
        data(stream, Array(text.utf8), end: end)
    }

    static func headers(_ stream: UInt32, _ list: [(String, String)], end: Bool = true) -> [UInt8] {
        frame(1, flags: endHeaders | (end ? endStream : 0), stream: stream, block(list))
    }

    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> [UInt8] { frame(3, stream: stream, bigEndian(code)) }

    static func settings(_ values: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(4, values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xff)] + bigEndian($0.1) })
    }

    static let settingsAck = frame(4, flags: 1)

    static func goAway(_ last: UInt32, _ code: UInt32) -> [UInt8] { frame(7, bigEndian(last) + bigEndian(code)) }

    static func window(_ stream: UInt32, _ increment: UInt32) -> [UInt8] {
        frame(8, stream: stream, bigEndian(increment))
    }

    /// A header block of literals that are not indexed.
    static func block(_ list: [(String, String)]) -> [UInt8] {
        list.flatMap { name, value in [0] + string(name) + string(value) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            length.append(UInt8(rest & 0x7f | 0x80))
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xff), UInt8(value >> 8 & 0xff), UInt8(value & 0xff)]
    }

    /// What a request's head says unless a test says otherwise.
    static func request(
        _ method: String = "GET", _ path: String = "/", _ fields: [(String, String)] = []
    ) -> [(String, String)] {
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "app.test")] + fields
    }
}
