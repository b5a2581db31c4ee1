// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import Protocols
import Testing

/// The decoder and the encoder of the library for HTTP/2, as peers of ours.
///
/// Where they differ on purpose: theirs takes numbers of more than five bytes, refuses a literal name of no bytes, and
/// refuses or repairs what is not UTF-8.
@Suite("HPACK among peers") struct HPACKPeerTests {
    private typealias Decoder = Protocols.HPACKDecoder
    private typealias Peer = NIOHPACK.HPACKDecoder

    private static let names = [
        ":method", ":path", ":status", "accept-encoding", "content-type", "cookie", "grpc-timeout", "te",
        "x-forwarded-for", "x-request-id", "via",
    ]
    private static let values = [
        "", "GET", "/", "200", "gzip, deflate", "trailers", "application/grpc", "200m", "true",
    ]

    private static func fields(_ generator: inout SeededGenerator) -> HPACKHeaders {
        var headers = HPACKHeaders()
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            var name = names[Int.random(in: 0..<names.count, using: &generator)]
            if generator.next() % 8 == 0 { name += "-\(generator.next() % 50)" }
            var value = values[Int.random(in: 0..<values.count, using: &generator)]
            if generator.next() % 3 == 0 {
                let longest = generator.next() % 32 == 0 ? 3000 : 40
                let last: UInt32 = generator.next() % 4 == 0 ? 0x2FF : 0x7E
                for _ in 0..<Int.random(in: 0...longest, using: &generator) {
                    let scalar = UInt32.random(in: (last == 0x7E ? 0x20 : 0)...last, using: &generator)
                    value.unicodeScalars.append(Unicode.Scalar(scalar) ?? "?")
                }
            }
            let indexing: [HPACKIndexing] = [.indexable, .indexable, .indexable, .nonIndexable, .neverIndexed]
            headers.add(name: name, value: value, indexing: indexing[Int(generator.next() % 5)])
        }
        return headers
    }

    private static func bytes(_ list: HTTP2HeaderList) -> [[UInt8]] {
        var bytes: [[UInt8]] = []
        list.forEachField { bytes += [Array($0), Array($1)] }
        return bytes
    }

    private static func bytes(_ headers: HPACKHeaders) -> [[UInt8]] {
        headers.flatMap { [Array($0.name.utf8), Array($0.value.utf8)] }
    }

    /// Hands a block to both. Returns whether both took it.
    private static func compare(_ block: [UInt8], _ decoder: inout Decoder, _ peer: inout Peer) -> Bool {
        var list = HTTP2HeaderList()
        let ours = Result { () throws(HPACKFailure) in try decoder.decode(block, &list) }
        var buffer = ByteBuffer(bytes: block)
        let theirs = Result { try peer.decodeHeaders(from: &buffer) }
        let found = bytes(list)
        switch (ours, theirs) {
        case (.success(let outcome), .success(let headers)):
            #expect(outcome == .complete)
            let isText = found.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
            #expect(!isText || found == bytes(headers), "\(block)")
            return isText
        case (.failure(let failure), .success):
            #expect(failure == .overlongNumber, "\(block)")
        case (.success, .failure(let failure)):
            let isText = found.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
            let hasNames = list.fields.allSatisfy { !$0.name.isEmpty }
            #expect(!isText || !hasNames, "\(failure): \(block)")
        case (.failure, .failure): break
        }
        return false
    }

    /// A block with up to three faults.
    private static func mutated(_ block: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var block = block
        for _ in 0...Int(generator.next() % 3) where !block.isEmpty {
            let place = Int.random(in: 0..<block.count, using: &generator)
            switch generator.next() % 4 {
            case 0: block[place] = UInt8(truncatingIfNeeded: generator.next())
            case 1: block[place] ^= 1 << UInt8(generator.next() % 8)
            case 2: block.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
            default: block.removeLast(Int.random(in: 0..<block.count, using: &generator))
            }
        }
        return block
    }

    @Test("decodes what a peer encodes, and judges what became of it on the way as a peer does", arguments: 0..<8)
    func decoding(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        for _ in 0..<250 {
            let isCompressing = generator.next() % 4 != 0
            var encoder = NIOHPACK.HPACKEncoder(allocator: ByteBufferAllocator(), useHuffmanEncoding: isCompressing)
            var decoder = Decoder()
            var peer = Peer(allocator: ByteBufferAllocator(), maxDynamicTableSize: 4096, maxHeaderListSize: 1 << 20)
            for _ in 0..<10 {
                if generator.next() % 16 == 0 {
                    try encoder.setDynamicTableSize(Int.random(in: 0...4096, using: &generator))
                }
                let headers = Self.fields(&generator)
                var buffer = ByteBuffer()
                try encoder.encode(headers: headers, to: &buffer)
                let block = Array(buffer.readableBytesView)
                let mutated = Self.mutated(block, &generator)
                var (one, other) = (decoder, peer)
                // What both took leaves both with the same table.
                if Self.compare(mutated, &one, &other) { _ = Self.compare(block, &one, &other) }
                #expect(Self.compare(block, &decoder, &peer))
            }
        }
    }

    @Test("encodes what a peer decodes")
    func encoding() throws {
        var generator = SeededGenerator(state: 5)
        var peer = Peer(allocator: ByteBufferAllocator(), maxDynamicTableSize: 0, maxHeaderListSize: 1 << 20)
        for _ in 0..<2000 {
            let headers = Self.fields(&generator)
            var block: [UInt8] = []
            for (name, value, _) in headers { Protocols.HPACKEncoder.append(name: name, value: value, to: &block) }
            var buffer = ByteBuffer(bytes: block)
            #expect(try Self.bytes(peer.decodeHeaders(from: &buffer)) == Self.bytes(headers))
        }
    }

    @Test("decodes each byte of UTF-8 as a peer compresses it")
    func symbols() throws {
        let scalars = (0...0x7F).map { $0 } + (0x80...0x7FF).map { $0 } + [0x800, 0x1000, 0x2000, 0x3000, 0x4000]
        let more = (5...0xF).map { $0 << 12 } + [0x1_0000, 0x4_0000, 0x8_0000, 0xC_0000, 0x10_0000]
        var encoder = NIOHPACK.HPACKEncoder(allocator: ByteBufferAllocator())
        var decoder = Decoder()
        for scalar in (scalars + more).compactMap({ Unicode.Scalar(UInt32($0)) }) {
            let text = "\(scalar)a\(scalar)"
            var buffer = ByteBuffer()
            try encoder.encode(headers: ["x": text], to: &buffer)
            #expect(try decoder.fields(Array(buffer.readableBytesView)) == [HPACKField("x", text)])
        }
    }

    @Test(
        "decodes each byte that UTF-8 has not",
        arguments: [
            (0xC0, 0x3FFFFE0, 26), (0xC1, 0x3FFFFE1, 26), (0xF5, 0x7FFFFE8, 27), (0xF6, 0x7FFFFE9, 27),
            (0xF7, 0x7FFFFEA, 27), (0xF8, 0x7FFFFEB, 27), (0xF9, 0xFFFFFFE, 28), (0xFA, 0x7FFFFEC, 27),
            (0xFB, 0x7FFFFED, 27), (0xFC, 0x7FFFFEE, 27), (0xFD, 0x7FFFFEF, 27), (0xFE, 0x7FFFFF0, 27),
            (0xFF, 0x3FFFFEE, 26),
        ] as [(UInt8, UInt64, Int)])
    func otherSymbols(_ byte: UInt8, _ code: UInt64, _ length: Int) throws {
        // RFC 7541 appendix B.
        let bits = code << UInt64(32 - length) | (1 << UInt64(32 - length) - 1)
        let string = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }.prefix((length + 7) / 8)
        var decoder = Decoder()
        var list = HTTP2HeaderList()
        _ = try decoder.decode([0x01, 0x80 | UInt8(string.count)] + string, &list)
        #expect(list.withFirst(":authority") { Array($0) } == [byte])
    }
}
