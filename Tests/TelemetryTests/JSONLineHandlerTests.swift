// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Logging
import Telemetry
import Testing

@Suite struct JSONLineHandlerTests {
    @Test("writes one JSON object a line, whatever is logged")
    func oneLine() throws {
        let lines = try Self.lines { logger in
            logger.notice(
                "first\nsecond \u{1b}[31m \"quoted\" \\ \u{7f}",
                metadata: ["agent": "a\"b\n", "cut": .stringConvertible(7)])
            logger.error("plain", metadata: ["list": ["x", .dictionary(["y": "z"])]])
        }
        #expect(lines.count == 2)
        let first = try Self.object(lines[0])
        #expect(first["message"] as? String == "first\nsecond \u{1b}[31m \"quoted\" \\ \u{7f}")
        #expect(first["agent"] as? String == "a\"b\n")
        #expect(first["cut"] as? Int == 7)
        #expect(first["level"] as? String == "notice")
        #expect(first["time"] as? String == "2026-11-02T10:04:05.000250Z")
        #expect(try Self.object(lines[1])["list"] != nil)
    }

    @Test("never writes the value of a secret field, however deep it lies")
    func secrets() throws {
        let lines = try Self.lines { logger in
            logger.warning(
                "sent Bearer sesame-sesame",
                metadata: [
                    "token": "sesame-sesame", "outer": ["password": "sesame-sesame"],
                    "error": "Proxy-Authorization: Bearer sesame-sesame",
                ])
        }
        #expect(!lines.joined().contains("sesame"))
        #expect(lines.joined().contains("[redacted]"))
    }

    @Test("drops lines rather than wait, and says how many")
    func bounded() throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: 10)
        sink.write(Array("12345678901\n".utf8))
        sink.write(Array("short\n".utf8))
        sink.flush()
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(text.contains("short\n"))
        #expect(text.contains(#""dropped":1"#))
        #expect(!text.contains("12345678901"))
    }

    @Test(
        "writes times as RFC 3339",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_102_444_800, "2100-01-01T00:00:00Z"),
        ])
    func times(seconds: Int64, expected: String) {
        #expect(Timestamp.text(seconds: seconds) == expected)
        #expect(Timestamp.text(microseconds: seconds * 1_000_000 + 5) == expected.dropLast() + ".000005Z")
    }

    @Test("survives the times at the ends of the range", arguments: [Int64.min, .max])
    func extremes(microseconds: Int64) {
        #expect(Timestamp.text(microseconds: microseconds).hasSuffix("Z"))
    }

    private static func lines(_ body: (Logger) -> Void) throws -> [String] {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let logger = Logger(label: "test") { label in
            JSONLineHandler(label: label, level: .debug, sink: sink, now: { 1_793_613_845_000_250 })
        }
        body(logger)
        sink.flush()
        try pipe.fileHandleForWriting.close()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}

@Suite struct LogTapTests {
    private static func logger(_ tap: LogTap) -> Logger {
        let sink = LogSink(descriptor: -1)
        return Logger(label: "yett") { label in
            JSONLineHandler(label: label, level: .info, sink: sink, tap: tap, now: { 1_000_000 })
        }
    }

    @Test("keeps nothing until it is opened, and nothing after it is closed")
    func closed() {
        let tap = LogTap()
        let logger = Self.logger(tap)
        logger.info("one")
        tap.open()
        logger.info("two")
        #expect(tap.take().lines.map(\.message) == ["two"])
        logger.info("three")
        tap.close()
        logger.info("four")
        #expect(tap.take().lines.isEmpty)
    }

    @Test("takes secrets out as the lines do")
    func redacts() throws {
        let tap = LogTap()
        tap.open()
        Self.logger(tap).info(
            "sent Bearer abcdefghijkl",
            metadata: [
                "token": "abcdefghijkl", "agent": "a", "count": .stringConvertible(3),
                "list": ["https://user:pass@example.org/", .dictionary(["password": "abcdefghijkl"])],
            ])
        let line = try #require(tap.take().lines.first)
        #expect(line.time == 1_000_000_000)
        #expect(line.message == "sent Bearer [redacted]")
        #expect(line.attributes.contains(TelemetryAttribute("agent", "a")))
        #expect(line.attributes.contains(TelemetryAttribute("count", "3")))
        #expect(line.attributes.contains(TelemetryAttribute("token", "[redacted]")))
        let all = line.attributes.map { "\($0)" }.joined()
        #expect(!all.contains("abcdefghijkl") && !all.contains("pass@"))
    }

    @Test("drops what comes beyond its limit, and says how much")
    func limit() {
        let tap = LogTap(limit: 2)
        tap.open()
        let logger = Self.logger(tap)
        for index in 0..<5 { logger.info("line \(index)") }
        let (lines, dropped) = tap.take()
        #expect(lines.map(\.message) == ["line 0", "line 1"])
        #expect(dropped == 3)
        #expect(tap.take().dropped == 0)
    }
}
