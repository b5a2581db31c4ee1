// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore

/// Takes the bytes of an answer apart into messages: a flag, four bytes of length, the message. A length is judged before
/// anything is kept for it.
package struct ReplyReader {
    private let largestMessage: Int
    private var buffer = ByteBuffer()
    private static let prefixBytes = 5

    /// A reader of nothing yet.
    ///
    /// - Parameter largestMessage: In bytes.
    package init(largestMessage: Int) { self.largestMessage = largestMessage }

    /// Whether no part of a message is waiting for the rest of it.
    package var isEmpty: Bool { buffer.readableBytes == 0 }

    /// Takes the next bytes.
    package mutating func append(_ bytes: inout ByteBuffer) {
        if isEmpty { buffer.clear() } else { buffer.discardReadBytes() }
        buffer.writeBuffer(&bytes)
    }

    /// The next message that is complete.
    package mutating func next() throws(CallFailure) -> ByteBuffer? {
        guard let flag = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return nil }
        guard flag != 1 else { throw .broken("a compressed message") }
        guard flag == 0 else { throw .broken("bytes that are no message") }
        guard let length = buffer.getInteger(at: buffer.readerIndex &+ 1, as: UInt32.self) else { return nil }
        guard Int(length) <= largestMessage else { throw .broken("a message of more than \(largestMessage) bytes") }
        guard buffer.readableBytes &- Self.prefixBytes >= Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: Self.prefixBytes)
        return buffer.readSlice(length: Int(length))
    }

    /// A request with its prefix.
    package static func framed(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(message.count &+ prefixBytes)
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(clamping: message.count))
        buffer.writeBytes(message)
        return buffer
    }
}
