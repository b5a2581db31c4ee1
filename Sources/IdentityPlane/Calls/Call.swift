// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import SwiftProtobuf
internal import Transport

/// One call of one process, from its head to its status.
struct Call: Sendable {
    /// What goes to the ``CallHandler``, which knows how it looks on the wire.
    enum Output: Sendable {
        case message(ByteBuffer)
        case status(CallStatus)
    }

    let head: CallHead
    /// Who calls.
    let process: PeerProcess
    /// The request messages; they end with the caller's side of the call, and with an error when the call ends first.
    let requests: AsyncThrowingStream<ByteBuffer, any Error>
    /// Ends when the call does, whoever ended it.
    let closed: AsyncStream<Never>
    private let channel: any Channel

    init(
        head: CallHead, process: PeerProcess, requests: AsyncThrowingStream<ByteBuffer, any Error>,
        closed: AsyncStream<Never>, channel: any Channel
    ) {
        self.head = head
        self.process = process
        self.requests = requests
        self.closed = closed
        self.channel = channel
    }

    /// Sends a message, and waits until the caller has room for it.
    func send(_ message: some Message) async throws {
        let bytes: [UInt8] = try message.serializedBytes()
        var buffer = channel.allocator.buffer(capacity: bytes.count &+ 5)
        MessageReader.writePrefix(length: bytes.count, to: &buffer)
        buffer.writeBytes(bytes)
        try await channel.writeAndFlush(Output.message(buffer)).get()
    }

    /// Ends the call. Nothing happens when it has ended already.
    func finish(_ status: CallStatus) async {
        try? await channel.writeAndFlush(Output.status(status)).get()
    }

    /// Ends the call without waiting until the caller has taken notice.
    func refuse(_ status: CallStatus) { channel.writeAndFlush(Output.status(status), promise: nil) }

    /// The one request of a call that has one.
    func request<Request: Message>(_ type: Request.Type) async throws -> Request {
        for try await bytes in requests { return try Self.decode(bytes) }
        throw CallStatus(.invalidArgument, "the call has no request")
    }

    /// Reads a message; what it does not know is skipped, and not kept.
    static func decode<Request: Message>(_ bytes: ByteBuffer) throws(CallStatus) -> Request {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = 32
        do {
            return try Request(serializedBytes: Array(bytes.readableBytesView), options: options)
        } catch {
            throw CallStatus(.invalidArgument, "the request is no message of this method")
        }
    }
}
