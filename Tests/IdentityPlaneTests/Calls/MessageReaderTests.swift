// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Testing

@testable import IdentityPlane
@testable import Transport

@Suite("gRPC messages")
struct MessageReaderTests {
    private static func read(_ pieces: [[UInt8]], largest: Int = 16) throws -> [[UInt8]] {
        var reader = MessageReader(largestMessage: largest)
        var messages: [[UInt8]] = []
        for piece in pieces {
            var buffer = ByteBuffer(bytes: piece)
            reader.append(&buffer)
            while let message = try reader.next() { messages.append(Array(message.readableBytesView)) }
        }
        return messages
    }

    @Test("are read whole, however the bytes arrive")
    func pieces() throws {
        let bytes: [UInt8] = [0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9]
        #expect(try Self.read([bytes]) == [[7, 8], [], [9]])
        #expect(try Self.read(bytes.map { [$0] }) == [[7, 8], [], [9]])
        #expect(try Self.read([Array(bytes.dropLast())]) == [[7, 8], []])
    }

    @Test(
        "are refused when they are compressed, too long, or no messages",
        arguments: [
            ([1, 0, 0, 0, 0], CallStatus.Code.notOffered), ([2, 0, 0, 0, 0], .internalError),
            ([0, 0, 0, 0, 17], .resourceExhausted), ([0, 255, 255, 255, 255], .resourceExhausted),
        ] as [([UInt8], CallStatus.Code)])
    func refusals(bytes: [UInt8], code: CallStatus.Code) {
        let error = #expect(throws: CallStatus.self) { try Self.read([bytes]) }
        #expect(error?.code == code)
    }

    @Test("say in the status what is not visible ASCII by its bytes")
    func statusMessage() {
        #expect(CallStatus(.unavailable, "a b%\n\u{e9}").encodedMessage == "a b%25%0A%C3%A9")
    }
}
