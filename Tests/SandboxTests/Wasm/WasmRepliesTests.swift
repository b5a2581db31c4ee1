// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Sandbox

/// The frames that come from a worker, which may be in the hands of the code that it ran.
@Suite struct WasmRepliesTests {
    static let report: [UInt8] = [0, 255, 0, 0] + [UInt8](repeating: 0, count: 52)

    static func frame(_ kind: String, _ content: [UInt8], stream: UInt8 = 0, length: UInt32? = nil) -> [UInt8] {
        let length = withUnsafeBytes(of: (length ?? UInt32(content.count)).littleEndian) { Array($0) }
        return Array(kind.utf8) + [stream, 0, 0] + length + content
    }

    @Test("frames are read whatever the pieces are in which they come")
    func pieces() throws {
        let bytes =
            Self.frame("R", Array("wasmtime 50".utf8)) + Self.frame("S", []) + Self.frame("O", [1, 2], stream: 1)
            + Self.frame("O", [], stream: 2) + Self.frame("D", Self.report + Array("a\u{1b}[31m b\n".utf8))
        for size in [1, 3, 7, 1000] {
            var replies = WasmReplies()
            var events: [WasmEvent] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                replies.append(bytes[start..<min(start + size, bytes.count)])
                while let event = try replies.next() { events.append(event) }
            }
            #expect(events.count == 5 && events.first == .ready("wasmtime 50"))
            #expect(events[2] == .output(.output, [1, 2]) && events[3] == .output(.errors, []))
            guard case .done(let report) = events.last else {
                Issue.record("no report")
                return
            }
            #expect(report.outcome == .exited && report.words == "a [31m b")
        }
    }

    @Test(
        "what no worker says is refused, before room is made for it",
        arguments: [
            frame("X", []), frame("S", [1]), frame("S", [], stream: 1), frame("O", [1], stream: 0),
            frame("O", [1], stream: 3),
            frame("O", [], stream: 1, length: 65_537), frame("O", [], stream: 1, length: .max), frame("R", [10]),
            frame("R", [UInt8](repeating: 65, count: 65)), frame("D", []), frame("D", Array(report.dropLast())),
            frame("D", [11] + report.dropFirst()), frame("D", [0, 255, 2] + report.dropFirst(3)),
            frame("D", [0, 255, 0, 1] + report.dropFirst(4)),
            frame("D", report.prefix(8) + [UInt8](repeating: 0xff, count: 48)),
            frame("D", report + [UInt8](repeating: 65, count: 1025)), frame("D", report) + [0],
            [UInt8(ascii: "S"), 0, 1, 0, 0, 0, 0, 0], [UInt8(ascii: "S"), 0, 0, 1, 0, 0, 0, 0],
        ] as [[UInt8]])
    func forged(_ bytes: [UInt8]) {
        #expect(throws: WasmReplies.Malformed.self) {
            var replies = WasmReplies()
            replies.append(bytes)
            while try replies.next() != nil {}
        }
    }

    @Test("a second report is refused")
    func secondReport() throws {
        var replies = WasmReplies()
        replies.append(Self.frame("D", Self.report))
        _ = try replies.next()
        #expect(try replies.next() == nil)
        replies.append(Self.frame("D", Self.report))
        #expect(throws: WasmReplies.Malformed.self) { try replies.next() }
    }
}
