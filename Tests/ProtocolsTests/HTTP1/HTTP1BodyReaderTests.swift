// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct HTTP1BodyReaderTests {
    @Test("finds the payload of a chunked body in pieces of any size", arguments: 1...40)
    func chunked(_ pieces: Int) {
        let body = bytes("5\r\nhello\r\n00a;x=\"y\tz\"\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\nGET /")
        let reading = BodyReading(body, framing: .chunked, pieces: pieces)
        #expect(reading.payload == bytes("hello0123456789"))
        #expect(reading.isDone)
        #expect(reading.rest == 5)
    }

    @Test(
        "refuses a malformed chunk in pieces of any size",
        arguments: [
            ("5 \r\nhello\r\n", HTTP1RefusalReason.badChunk), (" 5\r\nhello\r\n", .badChunk), ("+5\r\n", .badChunk),
            ("0x5\r\n", .badChunk), ("5\nhello\r\n", .badChunk), ("5\r\rhello\r\n", .badChunk), ("\r\n", .badChunk),
            (";a\r\n", .badChunk), ("5;a\nb\r\n", .badChunk), ("5;a\u{0}\r\n", .badChunk), ("5\r\nhelloXX", .badChunk),
            ("5\r\nhello\n0\r\n\r\n", .badChunk), ("5\r\nhello\r0\r\n\r\n", .badChunk),
            ("8000000000000000\r\n", .chunkTooLarge), ("00000000000000005\r\n", .chunkTooLarge),
            ("ffffffffffffffffff\r\n", .chunkTooLarge), ("5\r\nhel", .truncated), ("0\r\n", .truncated),
            ("", .truncated),
            ("0\r\nX\r\n\r\n", .badFieldName), ("0\r\nX: y\n\r\n", .bareLineFeed),
            ("0\r\n X: y\r\n\r\n", .whitespaceBeforeFirstField),
            ("0\r\nContent-Length: 1\r\n\r\n", .forbiddenTrailer), ("0\r\nHost: a\r\n\r\n", .forbiddenTrailer),
            ("0\r\nTransfer-Encoding: a\r\n\r\n", .forbiddenTrailer), ("0\r\n\n", .bareLineFeed),
        ])
    func refusals(_ body: String, _ reason: HTTP1RefusalReason) {
        for pieces in 1...24 {
            #expect(BodyReading(bytes(body), framing: .chunked, pieces: pieces).refusal == reason)
        }
    }

    @Test("bounds size lines, extensions and trailers")
    func limits() {
        let limits = HTTP1Limits(chunkLineBytes: 16, chunkExtensionBytes: 10, trailerBytes: 32)
        func refusal(_ body: String) -> HTTP1RefusalReason? {
            BodyReading(bytes(body), framing: .chunked, pieces: 5, limits: limits).refusal
        }
        #expect(refusal("1;aaaaaaaaaaaa\r\nx\r\n0\r\n\r\n") == .chunkExtensionsTooLarge)
        #expect(refusal("1;aaaaaaaaaaaaa\r\nx\r\n0\r\n\r\n") == .chunkLineTooLong)
        #expect(refusal("1;aaaa\r\nx\r\n1;aaaa\r\nx\r\n0\r\n\r\n") == nil)
        #expect(refusal("1;aaaa\r\nx\r\n1;aaaaa\r\nx\r\n0\r\n\r\n") == .chunkExtensionsTooLarge)
        #expect(refusal("0\r\nA: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\r\n") == .trailerTooLarge)
    }

    @Test("counts a body with a length, and tells a short one from a whole one")
    func counted() {
        let reading = BodyReading(bytes("hellorest"), framing: .contentLength(5), pieces: 3)
        #expect(reading.payload == bytes("hello") && reading.isDone && reading.rest == 4)
        #expect(BodyReading(bytes("hel"), framing: .contentLength(5), pieces: 3).refusal == .truncated)
        #expect(BodyReading(bytes("hello"), framing: .untilClose, pieces: 2).isDone)
        #expect(BodyReading([], framing: .none, pieces: 2).isDone)
        #expect(BodyReading(bytes("x"), framing: .contentLength(.max), pieces: 1).refusal == .truncated)
    }

    @Test("encodes chunks that it reads again")
    func encoder() {
        for count in [1, 9, 15, 16, 255, 4096, 65_537] {
            var head = [UInt8](repeating: 0, count: HTTP1ChunkEncoder.headByteCount)
            let written = head.withUnsafeMutableBytes { HTTP1ChunkEncoder.writeHead(of: count, into: $0) }
            #expect(String(decoding: head[..<written], as: UTF8.self) == String(count, radix: 16) + "\r\n")
        }
        var head = [UInt8](repeating: 0, count: 18)
        #expect(head.withUnsafeMutableBytes { HTTP1ChunkEncoder.writeHead(of: 0, into: $0) } == 0)
        #expect(head.withUnsafeMutableBytes { HTTP1ChunkEncoder.writeHead(of: .max, into: $0) } == 18)
    }
}
