// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Foundation
import LeakDetection
import NIOCore
import Testing
import Transport

/// WebSockets whose messages are looked through.
@Suite struct LeakSocketTests {
    private static let secret = LeakStreamTests.secret

    /// A frame of a client.
    private static func frame(
        _ payload: some Collection<UInt8>, opcode: UInt8 = 1, isFinal: Bool = true, mask: [UInt8] = [1, 2, 3, 4]
    ) -> [UInt8] {
        let payload = Array(payload)
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        let flag: UInt8 = mask.isEmpty ? 0 : 0x80
        if payload.count < 126 {
            bytes.append(flag | UInt8(payload.count))
        } else if payload.count < 65536 {
            bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        } else {
            bytes.append(flag | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        bytes += mask
        for (index, byte) in payload.enumerated() { bytes.append(mask.isEmpty ? byte : byte ^ mask[index & 3]) }
        return bytes
    }

    /// Passes bytes of a client in pieces of one size.
    ///
    /// - Returns: What passed, and what was done about what was found.
    private static func send(
        _ bytes: [UInt8], by size: Int = 4096, isAnswer: Bool = false
    ) throws -> (passed: [UInt8], action: LeakAction?, isBroken: Bool) {
        var socket = try #require(try LeakStreamTests.inspector().socket(LeakRules()))
        var passed: [UInt8] = []
        for piece in bytes.chunked(size) {
            let step = isAnswer ? socket.takeDown(ByteBuffer(bytes: piece)) : socket.takeUp(ByteBuffer(bytes: piece))
            if let action = step.verdict?.action, action >= .hold { return (passed, action, step.isBroken) }
            passed += step.bytes.readableBytesView
            if step.isBroken { return (passed, nil, true) }
        }
        return (passed, nil, false)
    }

    @Test("messages that say nothing pass byte for byte, in pieces of any size", arguments: [1, 2, 3, 7, 4096])
    func clean(size: Int) throws {
        let bytes =
            Self.frame("hello".utf8) + Self.frame("one ".utf8, isFinal: false)
            + Self.frame("ping".utf8, opcode: 9) + Self.frame("two".utf8, opcode: 0) + Self.frame([])
            + Self.frame([UInt8](repeating: 7, count: 70_000), opcode: 2) + Self.frame([3, 232], opcode: 8)
        let result = try Self.send(bytes, by: size)
        #expect(result.passed == bytes && result.action == nil && !result.isBroken)
    }

    @Test("a secret in a message does not pass, and nothing of its message does", arguments: [1, 5, 4096])
    func message(size: Int) throws {
        let before = Self.frame("before".utf8)
        let result = try Self.send(before + Self.frame("my key is \(Self.secret).".utf8), by: size)
        // What came together with it does not pass either.
        #expect(result.action == .deny && result.passed == (size > 100 ? [] : before))
    }

    @Test("fragments are put together, whatever stands between them", arguments: [1, 4096])
    func fragments(size: Int) throws {
        let text = Array("x \(Self.secret) y".utf8)
        for split in 1..<text.count {
            let bytes =
                Self.frame(text[..<split], isFinal: false) + Self.frame("p".utf8, opcode: 9)
                + Self.frame(text[split...], opcode: 0, mask: [9, 8, 7, 6])
            let result = try Self.send(bytes, by: size)
            #expect(result.action == .deny && result.passed.isEmpty, "split at \(split)")
        }
    }

    @Test("what several messages form is found, in JSON and as it is")
    func severalMessages() throws {
        let pieces = Array(Self.secret.utf8).chunked(5)
        let plain = try Self.send(pieces.flatMap { Self.frame($0) })
        #expect(plain.action == .deny && plain.passed.count < Self.secret.utf8.count + 6 * pieces.count)
        let values = pieces.enumerated().flatMap { index, piece in
            Self.frame(Array("{\"n\":\(index),\"part\":\"\(String(decoding: piece, as: UTF8.self))\"}".utf8))
        }
        #expect(try Self.send(values).action == .deny)
    }

    @Test("control frames carry nothing out either", arguments: [8, 9, 10] as [UInt8])
    func control(opcode: UInt8) throws {
        let payload = (opcode == 8 ? [3, 232] : []) + Array(Self.secret.utf8)
        let result = try Self.send(Self.frame(payload, opcode: opcode))
        #expect(result.action == .deny && result.passed.isEmpty)
    }

    @Test("a message too long to be held is looked through piece by piece")
    func long() throws {
        let noise = (0..<200_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let result = try Self.send(Self.frame(noise + Array(Self.secret.utf8) + noise), by: 1000)
        #expect(result.action == .deny)
        #expect(result.passed.count < 200_000 + 20 && result.passed.count > 100_000)
    }

    @Test("answers are looked through as well, and a canary in one is no touch")
    func answers() throws {
        let found = try Self.send(Self.frame(Self.secret.utf8, mask: []), isAnswer: true)
        #expect(found.action == .deny)
        let seen = Self.frame(LeakStreamTests.planted.utf8, mask: [])
        #expect(try Self.send(seen, isAnswer: true).passed == seen)
        #expect(try Self.send(Self.frame(LeakStreamTests.planted.utf8)).action == .deny)
    }

    @Test("frames that break the protocol end it")
    func broken() throws {
        #expect(try Self.send([0xC1, 0x80, 1, 2, 3, 4]).isBroken)
        #expect(try Self.send(Self.frame("x".utf8, mask: [])).isBroken)
        #expect(try Self.send(Self.frame("x".utf8), isAnswer: true).isBroken)
    }
}
