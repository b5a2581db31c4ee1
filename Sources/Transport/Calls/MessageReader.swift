// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore

/// Takes the bytes of a call apart into messages: a flag, four bytes of length, the message.
package struct MessageReader {
    private let largestMessage: Int
    private var buffer = ByteBuffer()
    /// Bytes before each message.
    package static let prefixBytes = 5

    /// A reader of nothing yet.
    ///
    /// - Parameter largestMessage: In bytes.
    package init(largestMessage: Int) { self.largestMessage = largestMessage }

    /// Whether no part of a message is waiting for the rest of it.
    package var isEmpty: Bool { buffer.readableBytes == 0 }

    /// How many bytes wait for the rest of their message.
    package var count: Int { buffer.readableBytes }

    /// Takes the next bytes.
    package mutating func append(_ bytes: inout ByteBuffer) {
        guard !isEmpty else {
            buffer = bytes
            bytes = ByteBuffer()
            return
        }
        buffer.discardReadBytes()
        buffer.writeBuffer(&bytes)
    }

    /// The next message that is complete.
    package mutating func next() throws(CallStatus) -> ByteBuffer? {
        guard buffer.readableBytes >= Self.prefixBytes,
            let flag = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
            let length = buffer.getInteger(at: buffer.readerIndex &+ 1, as: UInt32.self)
        else { return nil }
        guard flag != 1 else { throw CallStatus(.notOffered, "messages must not be compressed") }
        guard flag == 0 else { throw CallStatus(.internalError, "the bytes are no message") }
        guard Int(length) <= largestMessage else {
            throw CallStatus(.resourceExhausted, "a request has at most \(largestMessage) bytes")
        }
        guard buffer.readableBytes &- Self.prefixBytes >= Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: Self.prefixBytes)
        return buffer.readSlice(length: Int(length))
    }

    /// The prefix of a message that is sent.
    package static func writePrefix(length: Int, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(clamping: length))
    }
}
