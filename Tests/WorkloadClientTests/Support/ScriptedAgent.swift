// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import SwiftProtobuf
import Synchronization

/// An agent on loopback that does what a script says, right or wrong.
final class ScriptedAgent: Sendable {
    /// One thing that an agent may do with a call.
    enum Step: Sendable {
        case head(HPACKHeaders)
        case message([UInt8])
        /// Bytes as they are, without a prefix.
        case bytes([UInt8])
        case status(Int, String)
        case trailers(HPACKHeaders)
        /// The end of the stream, without a status.
        case end
        case reset
        case goAway
        case hangUp
    }

    /// What to do with a call: its method, and how many calls of the method there were before it.
    typealias Script = @Sendable (_ method: String, _ turn: Int) -> [Step]

    /// What a call brought along.
    struct Request: Sendable {
        let method: String
        let headers: HPACKHeaders
        let body: [UInt8]
    }

    private let listener: any Channel
    private let log: Log

    let port: UInt16
    var requests: [Request] { log.requests.withLock { $0 } }

    fileprivate final class Log: Sendable {
        let requests = Mutex<[Request]>([])

        func add(_ request: Request) -> Int {
            requests.withLock { requests in
                requests.append(request)
                return requests.count { $0.method == request.method } - 1
            }
        }
    }

    init(port: UInt16 = 0, _ script: @escaping Script) async throws {
        let log = Log()
        self.log = log
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.configureHTTP2Pipeline(mode: .server) { stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandler(
                            ScriptedCall(connection: channel, log: log, script: script))
                    }
                }.map { _ in }
            }
            .bind(host: "127.0.0.1", port: Int(port)).get()
        self.port = UInt16(listener.localAddress?.port ?? 0)
    }

    func stop() async { try? await listener.close() }

    /// An answer that is well formed.
    static func answer(_ messages: [some Message]) throws -> [Step] {
        try [.head(good)] + messages.map { .message(try $0.serializedBytes()) }
    }

    static let good: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
}

private final class ScriptedCall: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let connection: any Channel
    private let log: ScriptedAgent.Log
    private let script: ScriptedAgent.Script
    private var headers: HPACKHeaders = [:]
    private var body: [UInt8] = []
    private var hasHead = false

    init(connection: any Channel, log: ScriptedAgent.Log, script: @escaping ScriptedAgent.Script) {
        self.connection = connection
        self.log = log
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let payload): headers = payload.headers
        case .data(let payload):
            guard case .byteBuffer(let bytes) = payload.data else { return }
            body += bytes.readableBytesView
            guard payload.endStream else { return }
            let method = String(headers.first(name: ":path")?.split(separator: "/").last ?? "")
            let turn = log.add(.init(method: method, headers: headers, body: body))
            for step in script(method, turn) { take(step, context) }
            context.flush()
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func take(_ step: ScriptedAgent.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .head(let headers):
            hasHead = true
            context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
        case .message(let bytes):
            var buffer = ByteBuffer(integer: UInt8(0))
            buffer.writeInteger(UInt32(bytes.count))
            buffer.writeBytes(bytes)
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(buffer)))), promise: nil)
        case .bytes(let bytes):
            let buffer = ByteBuffer(bytes: bytes)
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(buffer)))), promise: nil)
        case .status(let code, let text):
            // An answer without messages has its head and its status in one block.
            var headers: HPACKHeaders = hasHead ? [:] : ScriptedAgent.good
            headers.add(name: "grpc-status", value: "\(code)")
            headers.add(name: "grpc-message", value: text)
            take(.trailers(headers), context)
        case .trailers(let headers):
            context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: true))), promise: nil)
        case .end:
            let empty = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ByteBuffer()), endStream: true)
            context.write(wrapOutboundOut(.data(empty)), promise: nil)
        case .reset: context.write(wrapOutboundOut(.rstStream(.internalError)), promise: nil)
        case .goAway:
            let frame = HTTP2Frame(
                streamID: .rootStream,
                payload: .goAway(lastStreamID: .rootStream, errorCode: .enhanceYourCalm, opaqueData: nil))
            connection.writeAndFlush(frame, promise: nil)
        case .hangUp: connection.close(promise: nil)
        }
    }
}
