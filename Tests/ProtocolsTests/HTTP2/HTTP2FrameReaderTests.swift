// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite("Frames of HTTP/2") struct HTTP2FrameReaderTests {
    /// A frame as it is sent.
    private static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let length = [UInt8(payload.count >> 16), UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
        let id = (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
        return length + [type, flags] + id + payload
    }

    private static func setting(_ number: UInt8, _ value: UInt32) -> [UInt8] {
        [0, number] + (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let start = preface + frame(4)
    /// `:method: GET`, `:path: /`.
    private static let block: [UInt8] = [0x82, 0x84]

    private static func reader() -> HTTP2FrameReader { HTTP2FrameReader(listBytes: 1024, fieldCount: 16) }

    /// The events of bytes that come in pieces of one size; the events of the beginning are left out.
    private static func events(_ frames: [UInt8], after start: [UInt8] = start, piece: Int = .max) -> [HTTP2Event] {
        var reader = reader()
        var (events, kept) = ([HTTP2Event](), [UInt8]())
        let all = start + frames
        var position = 0
        while position < all.count {
            let size = min(piece, all.count - position)
            kept += all[position..<position + size]
            position += size
            while true {
                let event = kept.withUnsafeBytes { reader.next($0) }
                if event == .needMore { break }
                events.append(event)
                if case .failure = event { return Array(events.dropFirst(start.isEmpty ? 0 : 2)) }
                kept.removeFirst(reader.consumed)
            }
        }
        return Array(events.dropFirst(start.isEmpty ? 0 : 2))
    }

    @Test("are read one by one, however they are cut into pieces", arguments: [1, 2, 7, 9, 10, 100])
    func pieces(_ piece: Int) {
        let frames =
            Self.frame(1, flags: 4, stream: 1, Self.block) + Self.frame(0, stream: 1, [7, 8])
            + Self.frame(0, flags: 1, stream: 1) + Self.frame(6, [1, 2, 3, 4, 5, 6, 7, 8])
            + Self.frame(8, stream: 1, [0, 0, 1, 0]) + Self.frame(3, stream: 1, [0, 0, 0, 8])
            + Self.frame(7, [0, 0, 0, 0, 0, 0, 0, 0, 65])
        let expected: [HTTP2Event] = [
            .head(stream: 1, endStream: false, isTooLarge: false),
            .data(stream: 1, payload: ByteRange(start: 9, count: 2), size: 2, endStream: false),
            .data(stream: 1, payload: ByteRange(start: 9, count: 0), size: 0, endStream: true),
            .ping(0x0102_0304_0506_0708), .windowUpdate(stream: 1, increment: 256), .reset(stream: 1), .goAway,
        ]
        #expect(Self.events(frames, piece: piece) == expected)
    }

    @Test("begin with the preface and settings, and with nothing else")
    func beginning() {
        #expect(Self.events(Self.start, after: []) == [.nothing, .settings(HTTP2PeerSettings())])
        #expect(Self.events(Array("GET / HTTP/1.1".utf8), after: []) == [.failure(.protocolError)])
        #expect(Self.events(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\rx".utf8), after: []) == [.failure(.protocolError)])
        for other in [Self.frame(6, [UInt8](repeating: 0, count: 8)), Self.frame(4, flags: 1), Self.frame(0x50)] {
            #expect(Self.events(Self.preface + other, after: []) == [.nothing, .failure(.protocolError)])
        }
    }

    @Test("of one section are put together, and nothing comes between them")
    func continuation() {
        let begun = Self.frame(1, flags: 1, stream: 3, [0x82])
        let whole = begun + Self.frame(9, stream: 3) + Self.frame(9, flags: 4, stream: 3, [0x84])
        #expect(
            Self.events(whole) == [.nothing, .nothing, .head(stream: 3, endStream: true, isTooLarge: false)])
        let between = [
            Self.frame(0, stream: 3), Self.frame(9, flags: 4, stream: 5, [0x84]),
            Self.frame(6, [UInt8](repeating: 0, count: 8)),
            Self.frame(1, flags: 4, stream: 3, [0x84]), Self.frame(0x50, stream: 3), Self.frame(4),
        ]
        for other in between { #expect(Self.events(begun + other) == [.nothing, .failure(.protocolError)]) }
        #expect(Self.events(Self.frame(9, flags: 4, stream: 1, [0x84])) == [.failure(.protocolError)])
    }

    @Test("of a section without end are not kept")
    func endless() {
        let begun = Self.frame(1, stream: 1, [UInt8](repeating: 0x82, count: 512))
        let part = Self.frame(9, stream: 1, [UInt8](repeating: 0x82, count: 500))
        #expect(Self.events(begun + part + part).last == .failure(.enhanceYourCalm))
        let empty = (0..<9).flatMap { _ in Self.frame(9, stream: 1) }
        #expect(Self.events(begun + empty).last == .failure(.enhanceYourCalm))
        #expect(
            Self.events(Self.frame(1, stream: 1, [UInt8](repeating: 0x82, count: 1025))) == [.failure(.enhanceYourCalm)]
        )
    }

    @Test("with more in a head than there may be do not end the connection")
    func tooLarge() {
        let many = Self.frame(1, flags: 5, stream: 1, [UInt8](repeating: 0x82, count: 40))
        let next = Self.frame(1, flags: 5, stream: 3, Self.block)
        #expect(
            Self.events(many + next) == [
                .head(stream: 1, endStream: true, isTooLarge: true),
                .head(stream: 3, endStream: true, isTooLarge: false),
            ])
    }

    @Test("may be padded, by less than there is")
    func padding() {
        #expect(
            Self.events(Self.frame(0, flags: 9, stream: 1, [2, 5, 0, 0])) == [
                .data(stream: 1, payload: ByteRange(start: 10, count: 1), size: 4, endStream: true)
            ])
        let head: [UInt8] = [1, 0, 0, 0, 0, 16] + Self.block + [0]
        #expect(
            Self.events(Self.frame(1, flags: 0x2C, stream: 1, head)) == [
                .head(stream: 1, endStream: false, isTooLarge: false)
            ])
        let bad = [
            Self.frame(0, flags: 8, stream: 1), Self.frame(0, flags: 8, stream: 1, [1]),
            Self.frame(0, flags: 8, stream: 1, [4, 0, 0, 0]), Self.frame(1, flags: 0xC, stream: 1, [3, 0x82, 0x84]),
            Self.frame(1, flags: 0x24, stream: 1, [0, 0, 0, 0]),
            Self.frame(1, flags: 0x2C, stream: 1, [1, 0, 0, 0, 0, 16]),
        ]
        for frame in bad { #expect(Self.events(frame) == [.failure(.protocolError)], "\(frame)") }
    }

    @Test("tell what the client wants to be sent")
    func settings() {
        var told = HTTP2PeerSettings()
        (told.initialWindow, told.tableBytes) = (100, 0)
        let values = [(1, 4096), (1, 0), (2, 0), (3, 7), (4, 100), (5, 20_000), (99, 1)] as [(UInt8, UInt32)]
        #expect(Self.events(Self.frame(4, values.flatMap { Self.setting($0.0, $0.1) })) == [.settings(told)])
        #expect(Self.events(Self.frame(4, flags: 1)) == [.idle])
        #expect(Self.events(Self.frame(4, Self.setting(4, 0x8000_0000))) == [.failure(.flowControlError)])
        for (number, value) in [(2, 2), (5, 16_383), (5, 16_777_216)] as [(UInt8, UInt32)] {
            #expect(Self.events(Self.frame(4, Self.setting(number, value))) == [.failure(.protocolError)])
        }
        #expect(Self.events(Self.frame(4, [0, 1, 0])) == [.failure(.frameSizeError)])
        #expect(Self.events(Self.frame(4, flags: 1, [0, 1, 0, 0, 0, 0])) == [.failure(.frameSizeError)])
    }

    @Test(
        "of lengths, streams and kinds that cannot be end the connection",
        arguments: [
            (frame(0), .protocolError), (frame(1, flags: 4, block), .protocolError),
            (frame(1, flags: 4, stream: 2, block), .protocolError), (frame(3, stream: 1, [0]), .frameSizeError),
            (frame(3, [0, 0, 0, 0]), .protocolError), (frame(4, stream: 1), .protocolError),
            (frame(5, flags: 4, stream: 1, [0, 0, 0, 2]), .protocolError), (frame(6, [0]), .frameSizeError),
            (frame(6, stream: 1, [UInt8](repeating: 0, count: 8)), .protocolError), (frame(7, [0]), .frameSizeError),
            (frame(7, stream: 1, [UInt8](repeating: 0, count: 8)), .protocolError), (frame(8, [1]), .frameSizeError),
            (frame(8, [0, 0, 0, 0]), .protocolError), (frame(2, stream: 1, [0]), .frameSizeError),
            (frame(2, [0, 0, 0, 0, 0]), .protocolError),
            (frame(1, flags: 4, stream: 1, [0xFF, 0xFF]), .compressionError),
            ([0, 0x40, 1, 0, 0, 0, 0, 0, 1], .frameSizeError),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 1], .frameSizeError),
        ] as [([UInt8], HTTP2Code)])
    func malformed(_ frame: [UInt8], _ code: HTTP2Code) {
        #expect(Self.events(frame) == [.failure(code)])
    }

    @Test("that say nothing are told as such, and a window that does not open is the stream's fault")
    func others() {
        let zeros = [UInt8](repeating: 0, count: 8)
        let frames =
            Self.frame(2, stream: 1, [0, 0, 0, 0, 0]) + Self.frame(6, flags: 1, zeros)
            + Self.frame(0xAB, stream: 9, [1])
        #expect(Self.events(frames) == [.idle, .idle, .idle])
        #expect(Self.events(Self.frame(8, stream: 1, [0x80, 0, 0, 0])) == [.streamFailure(stream: 1, .protocolError)])
        // The reserved bit of a stream's number says nothing.
        #expect(
            Self.events(Self.frame(8, stream: 0x8000_0001, [0, 0, 0, 1])) == [.windowUpdate(stream: 1, increment: 1)])
    }

    @Test("are not read any more behind one that ended the connection")
    func over() {
        var reader = Self.reader()
        #expect([UInt8](repeating: 0xFF, count: 24).withUnsafeBytes { reader.next($0) } == .failure(.protocolError))
        #expect(Self.start.withUnsafeBytes { reader.next($0) } == .needMore)
    }
}
