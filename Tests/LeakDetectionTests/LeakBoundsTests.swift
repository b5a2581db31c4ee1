// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CZlib
import LeakDetection
import Protocols
import Testing

@Suite("Leak bounds") struct LeakBoundsTests {
    private let secret = Array("d3pl0y-k3y-4711-zz".utf8)

    private func matcher(_ limits: LeakLimits = LeakLimits()) throws -> LeakMatcher {
        try LeakMatcher(secrets: [RegisteredSecret(name: "deploy key", bytes: secret)], limits: limits)
    }

    private func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        #expect(zlib_begin_deflating_gzip(&stream) == Z_OK)
        defer { deflateEnd(&stream) }
        var bytes = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1024)
        let count = bytes.count
        let room = output.count
        bytes.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(room)
                #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            }
        }
        return Array(output.dropLast(Int(stream.avail_out)))
    }

    @Test("a secret in gzip is found, alone, in a body, in Base64, byte by byte")
    func compressed() throws {
        let body = gzip(Array("some text before ".utf8) + secret)
        let matcher = try matcher()
        #expect(matcher.inspect(body).findings.map(\.path) == [[.gzip]])
        #expect(matcher.inspect(Array("----\r\n".utf8) + body).findings.map(\.name) == ["deploy key"])
        #expect(matcher.inspect(Array("v=".utf8) + Encoder.base64(body)).findings.map(\.path) == [[.base64, .gzip]])
        var scanner = LeakScanner(matcher)
        for byte in body { _ = scanner.scan([byte]) }
        #expect(scanner.finish().map(\.name) == ["deploy key"])
    }

    @Test("a bomb is unpacked up to the bound and reported as incomplete")
    func bomb() throws {
        let bomb = gzip([UInt8](repeating: 0x61, count: 16 << 20))
        let report = try matcher().inspect(bomb)
        #expect(report.isIncomplete)
        #expect(report.findings.isEmpty)
    }

    @Test("many small bombs share one bound")
    func bombs() throws {
        let bomb = String(decoding: Encoder.base64(gzip([UInt8](repeating: 0x61, count: 60_000))), as: UTF8.self)
        let list = [String](repeating: bomb, count: 2000)
        let report = try matcher().inspect(arguments: .array(list.map { .string($0) }))
        #expect(report.isIncomplete)
    }

    @Test("encodings below the deepest view are reported as incomplete")
    func depth() throws {
        var text = Array("a text that nobody minds, of some length".utf8)
        for _ in 0..<4 { text = Encoder.base64(text) }
        #expect(try matcher().inspect(text).isIncomplete)
        #expect(try matcher().inspect("%25252541%25252549").isIncomplete)
        #expect(try !matcher().inspect("%252541").isIncomplete)
    }

    @Test("a long stretch of Base64 is looked at up to the bound, and beyond it for plain spellings")
    func budget() throws {
        var random = TestRandom(2)
        let filler = Encoder.base64((0..<300_000).map { _ in UInt8(0x61 + random.next() % 26) })
        var scanner = LeakScanner(try matcher())
        _ = scanner.scan(filler)
        #expect(scanner.isIncomplete)
        #expect(
            scanner.scan(Array("\"".utf8) + Encoder.base64(secret) + Array("\"".utf8)).map(\.name) == ["deploy key"])
    }

    @Test("after many findings registered secrets are still found")
    func flood() throws {
        var text: [UInt8] = []
        for index in 0..<200 { text += Array("AKIAIOSFODNN7EXAM\(100 + index) ".utf8) }
        let report = try matcher().inspect(text + secret)
        #expect(report.isIncomplete)
        #expect(report.findings.count == 65)
        #expect(report.findings.last?.name == "deploy key")
    }

    @Test("any bytes, cut anywhere, give the same and stop nothing")
    func noise() throws {
        var random = TestRandom(31)
        let matcher = try matcher()
        let marks = Array("%\\&u0041x=;\"'{}+/-_.:\u{0}\n\u{1f}".utf8) + [0x8b, 0x08, 0xe2, 0x80, 0x8b, 0xff]
        for _ in 0..<150 {
            var text: [UInt8] = []
            for _ in 0..<400 {
                let number = random.next()
                text.append(
                    number % 3 == 0 ? UInt8(truncatingIfNeeded: number >> 8) : marks[Int(number >> 8) % marks.count])
            }
            text.insert(contentsOf: secret, at: Int(random.next() % 400))
            var scanner = LeakScanner(matcher)
            var place = 0
            while place < text.count {
                let end = min(place + 1 + Int(random.next() % 50), text.count)
                _ = scanner.scan(Array(text[place..<end]))
                place = end
            }
            _ = scanner.finish()
            #expect(scanner.report.findings.contains { $0.name == "deploy key" })
            for finding in scanner.report.findings {
                #expect(finding.offset >= 0 && finding.length >= 0 && finding.offset + finding.length <= text.count)
            }
        }
    }
}
