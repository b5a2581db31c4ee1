// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import SwiftProtobuf
import Testing

/// A gRPC client that shows exactly what a server sends.
final class CallClient: Sendable {
    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer

    static let security: [(String, String)] = [("workload.spiffe.io", "true")]

    init(socket: String) async throws {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        (channel, multiplexer) = try await bootstrap.connect(unixDomainSocketPath: socket) { channel in
            channel.eventLoop.makeCompletedFuture {
                let handler = NIOHTTP2Handler(
                    mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: .init(),
                    streamConfiguration: .init()
                ) { $0.close() }
                try channel.pipeline.syncOperations.addHandler(handler)
                return (channel, try handler.syncMultiplexer())
            }
        }
    }

    /// Whether the server has closed the connection.
    func isClosed() async { try? await channel.closeFuture.get() }

    func close() async { try? await channel.close() }

    /// Begins a call.
    func open(
        _ path: String, metadata: [(String, String)] = CallClient.security, type: String = "application/grpc"
    ) async throws -> ClientCall {
        let (events, continuation) = AsyncStream<ClientCall.Event>.makeStream()
        let stream = try await multiplexer.createStreamChannel { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(ClientCallHandler(events: continuation))
            }
        }.get()
        var headers: HPACKHeaders = [
            ":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost", "te": "trailers",
            "content-type": type,
        ]
        for (name, value) in metadata { headers.add(name: name, value: value) }
        try await stream.writeAndFlush(HTTP2Frame.FramePayload.headers(.init(headers: headers))).get()
        return ClientCall(stream: stream, events: events)
    }

    /// Makes a call with one request.
    func call(
        _ path: String, _ request: some Message, metadata: [(String, String)] = CallClient.security
    ) async throws -> ClientCall {
        let call = try await open(path, metadata: metadata)
        // A server may have ended the call before its request.
        try? await call.send(request, isLast: true)
        return call
    }
}

/// One call, from the caller's side.
struct ClientCall: Sendable {
    enum Event: Sendable {
        case message([UInt8])
        case end(code: Int?, message: String)
    }

    let stream: any Channel
    let events: AsyncStream<Event>

    func send(_ message: some Message, isLast: Bool = false) async throws {
        try await send(bytes: message.serializedBytes(), isLast: isLast)
    }

    func send(bytes: [UInt8], flag: UInt8 = 0, isLast: Bool = false) async throws {
        var buffer = ByteBuffer(integer: flag)
        buffer.writeInteger(UInt32(bytes.count))
        buffer.writeBytes(bytes)
        try await send(raw: buffer, isLast: isLast)
    }

    func send(raw buffer: ByteBuffer, isLast: Bool) async throws {
        let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(buffer), endStream: isLast)
        try await stream.writeAndFlush(HTTP2Frame.FramePayload.data(data)).get()
    }

    func cancel() async throws {
        try await stream.writeAndFlush(HTTP2Frame.FramePayload.rstStream(.cancel)).get()
    }

    /// The messages until the call ends, and how it ends.
    func outcome() async -> (messages: [[UInt8]], code: Int?, text: String) {
        var messages: [[UInt8]] = []
        for await event in events {
            switch event {
            case .message(let bytes): messages.append(bytes)
            case .end(let code, let text): return (messages, code, text)
            }
        }
        return (messages, nil, "")
    }

    /// The code with which the call ends.
    func code() async -> Int? { await outcome().code }

    /// The next message.
    func next<Response: Message>(_ type: Response.Type = Response.self) async throws -> Response {
        for await event in events {
            guard case .message(let bytes) = event else { throw Ended(event: event) }
            return try Response(serializedBytes: bytes)
        }
        throw Ended(event: nil)
    }

    /// A call that ended where a message was expected.
    struct Ended: Error {
        let event: Event?
    }
}

private final class ClientCallHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let events: AsyncStream<ClientCall.Event>.Continuation
    private var buffer = ByteBuffer()

    init(events: AsyncStream<ClientCall.Event>.Continuation) { self.events = events }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let payload):
            guard payload.endStream || payload.headers.contains(name: "grpc-status") else { return }
            end(payload.headers.first(name: "grpc-status").flatMap { Int($0) }, payload.headers)
        case .data(let payload):
            guard case .byteBuffer(var bytes) = payload.data else { return }
            buffer.writeBuffer(&bytes)
            while let length = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self),
                buffer.readableBytes >= 5 + Int(length)
            {
                buffer.moveReaderIndex(forwardBy: 5)
                events.yield(.message(buffer.readBytes(length: Int(length)) ?? []))
            }
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) { end(nil, [:]) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func end(_ code: Int?, _ headers: HPACKHeaders) {
        events.yield(.end(code: code, message: headers.first(name: "grpc-message") ?? ""))
        events.finish()
    }
}
