// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite("Frames of WebSockets") struct WebSocketFrameTests {
    private static func read(_ bytes: [UInt8], from sender: WebSocketFrameReader.Sender) -> WebSocketFrameReader.Step {
        var reader = WebSocketFrameReader(from: sender)
        return bytes.withUnsafeBytes { reader.read($0) }
    }

    @Test(
        "that are in order pass whole",
        arguments: [
            [0x81, 0x02, 0x68, 0x69], [0x01, 0x01, 0x68, 0x89, 0x00, 0x80, 0x01, 0x69], [0x88, 0x00],
            [0x88, 0x02, 0x03, 0xE8], [0x82, 0x7E, 0x00, 0x7E] + [UInt8](repeating: 7, count: 126),
        ] as [[UInt8]])
    func good(bytes: [UInt8]) {
        #expect(Self.read(bytes, from: .server) == WebSocketFrameReader.Step(passed: bytes.count))
    }

    @Test(
        "that break a rule do not pass, and nothing behind them",
        arguments: [
            [0x81, 0x82, 0, 0, 0, 0, 1, 2], [0xC1, 0x00], [0x80, 0x00], [0x09, 0x00], [0x89, 0x7E, 0x00, 0x7E],
            [0x81, 0x7E, 0x00, 0x05], [0x81, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [0x83, 0x00], [0x8B, 0x00],
            [0x81, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0], [0x88, 0x01, 0x03], [0x88, 0x02, 0x03, 0xED],
            [0x88, 0x02, 0x13, 0x88],
        ] as [[UInt8]])
    func bad(bytes: [UInt8]) {
        let step = Self.read(bytes, from: .server)
        #expect(step.isBroken)
        #expect(step.passed == 0)
    }

    @Test("pass in pieces of any size as they pass at once")
    func pieces() {
        let bytes: [UInt8] =
            [0x01, 0x83, 1, 2, 3, 4, 5, 6, 7, 0x89, 0x81, 1, 2, 3, 4, 9, 0x80, 0x80, 1, 2, 3, 4]
            + [0x88, 0x82, 1, 2, 3, 4, 0x02, 0xEA]
        #expect(Self.read(bytes, from: .client) == WebSocketFrameReader.Step(passed: bytes.count))
        for size in 1...bytes.count {
            var reader = WebSocketFrameReader(from: .client)
            var held: [UInt8] = []
            var passed = 0
            for start in stride(from: 0, to: bytes.count, by: size) {
                held += bytes[start..<min(start + size, bytes.count)]
                let step = held.withUnsafeBytes { reader.read($0) }
                #expect(!step.isBroken)
                passed += step.passed
                held.removeFirst(step.passed)
            }
            #expect(passed == bytes.count)
        }
    }

    @Test("behind a close do not pass")
    func afterClose() {
        let step = Self.read([0x88, 0x00, 0x81, 0x00], from: .server)
        #expect(step.passed == 2)
        #expect(step.isBroken)
    }
}
