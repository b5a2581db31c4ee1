// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protobufs
import Protocols
import SwiftProtobuf
import Transport

/// One HTTP/2 stream of an Envoy: a question, as a call of gRPC or in the HTTP variant, or the stream of an access log. All of
/// it on the connection's loop.
final class MeshStream: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Method: String, CaseIterable {
        case check = "/envoy.service.auth.v3.Authorization/Check"
        case accessLogs = "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs"
        case health = "/grpc.health.v1.Health/Check"
    }

    /// What the stream is for.
    private enum Purpose {
        case call(Method)
        case http(HTTPQuestionHead)
    }

    private let connection: MeshConnection
    private var reader = MessageReader(largestMessage: MeshLimits.requestBytes)
    private var purpose: Purpose?
    private var body: [UInt8] = []
    private var run: CheckRun?
    private var isHeadRead = false
    private var isFollowed = false
    /// Whether Envoy has sent all that it will.
    private var isComplete = false
    private var isDone = false
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?

    init(_ connection: MeshConnection) { self.connection = connection }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: MeshLimits.request) { [self] in
            finish(CallStatus(.deadlineExceeded, "the question is not complete"))
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func end() {
        isDone = true
        deadline?.cancel()
        deadline = nil
        context = nil
        run.take()?.abandon()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do throws(CallStatus) {
            switch unwrapInboundIn(data) {
            case .headers(let payload):
                isComplete = payload.endStream
                if !isHeadRead { try readHead(payload.headers) }
                if isFollowed { return handOver(context, data) }
                if payload.endStream { try readEnd() }
            case .data(let payload):
                isComplete = payload.endStream
                guard case .byteBuffer(var bytes) = payload.data, !isDone else { return }
                try read(&bytes)
                if payload.endStream { try readEnd() }
            default: break
            }
        } catch { finish(error) }
    }

    // MARK: What comes

    private func readHead(_ headers: HPACKHeaders) throws(CallStatus) {
        isHeadRead = true
        if let path = headers.first(name: ":path"), path.utf8.starts(with: MeshQuestion.httpPrefix.utf8) {
            purpose = .http(HTTPQuestionHead(headers))
            return
        }
        guard let head = CallHead(headers) else {
            return respond(HTTPAnswer(status: 415, "neither gRPC nor below \(MeshQuestion.httpPrefix)"))
        }
        isFollowed = head.path.utf8.elementsEqual(FollowStream.method.utf8)
        guard !isFollowed else { return }
        guard let method = Method.allCases.first(where: { $0.rawValue.utf8.elementsEqual(head.path.utf8) }) else {
            throw CallStatus(.notOffered, "the method is not offered here")
        }
        purpose = .call(method)
        if method == .accessLogs { deadline?.cancel() }
    }

    /// Makes way for what follows a request.
    private func handOver(_ context: ChannelHandlerContext, _ head: NIOAny) {
        do {
            try context.pipeline.syncOperations.addHandler(FollowStream(connection), position: .after(self))
        } catch {
            return context.close(promise: nil)
        }
        context.fireChannelRead(head)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func read(_ bytes: inout ByteBuffer) throws(CallStatus) {
        switch purpose {
        case .http:
            guard body.count &+ bytes.readableBytes <= MeshLimits.requestBytes else {
                return respond(HTTPAnswer(status: 413, "a question has at most \(MeshLimits.requestBytes) bytes"))
            }
            body.append(contentsOf: bytes.readableBytesView)
        case .call(let method):
            guard run == nil else { return }
            reader.append(&bytes)
            while !isDone, run == nil, let message = try reader.next() { try answer(method, message) }
        case nil: break
        }
    }

    private func readEnd() throws(CallStatus) {
        guard !isDone, run == nil else { return }
        switch purpose {
        case .http(let head): begin(connection.ask(head, body) { [self] in respond($0) })
        case .call(.accessLogs):
            guard reader.isEmpty else { throw CallStatus(.invalidArgument, "a message is not complete") }
            send(Envoy_Service_Accesslog_V3_StreamAccessLogsResponse())
        case .call: throw CallStatus(.invalidArgument, "the call has no message")
        case nil: break
        }
    }

    private func answer(_ method: Method, _ message: ByteBuffer) throws(CallStatus) {
        guard connection.isEnvoy() else {
            throw CallStatus(.permissionDenied, MeshConnection.stranger)
        }
        switch method {
        case .health:
            var answer = Grpc_Health_V1_HealthCheckResponse()
            answer.status = connection.core.isServing ? 1 : 2
            send(answer)
        case .check:
            let question: MeshQuestion
            do throws(ProtobufReader.Failure) {
                question = try message.withUnsafeReadableBytes { bytes throws(ProtobufReader.Failure) in
                    try MeshQuestion(checkRequest: bytes)
                }
            } catch { throw MeshMessage.unreadable }
            begin(CheckRun(.success(question), on: connection) { [self] in send($0.response) })
        case .accessLogs:
            try connection.accessLog.take(try MeshMessage.decode(message), of: connection)
        }
    }

    private func begin(_ run: CheckRun?) {
        self.run = run
        run?.start()
    }

    // MARK: Answers

    private func send(_ message: some Message) {
        if let bytes: [UInt8] = try? message.serializedBytes() { send(bytes) }
    }

    /// Answers with the bytes of a message.
    private func send(_ bytes: [UInt8]) {
        guard let context, !isDone else { return }
        var buffer = context.channel.allocator.buffer(capacity: bytes.count &+ 5)
        MessageReader.writePrefix(length: bytes.count, to: &buffer)
        buffer.writeBytes(bytes)
        close()
        write([":status": "200", "content-type": "application/grpc"], context, isLast: false)
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(buffer)))), promise: nil)
        write(["grpc-status": "0"], context, isLast: true)
        context.flush()
    }

    private func finish(_ status: CallStatus) {
        guard let context, !isDone else { return }
        close()
        write(
            [
                ":status": "200", "content-type": "application/grpc", "grpc-status": "\(status.code.rawValue)",
                "grpc-message": status.encodedMessage,
            ], context, isLast: true)
        if !isComplete { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        context.flush()
    }

    /// Answers something that is not gRPC.
    private func respond(_ answer: HTTPAnswer) {
        guard let context, !isDone else { return }
        close()
        var headers: HPACKHeaders = [":status": "\(answer.status)"]
        for field in answer.fields { headers.add(name: field.name.lowercased(), value: field.value) }
        write(headers, context, isLast: answer.body.isEmpty)
        if !answer.body.isEmpty {
            let body = ByteBuffer(bytes: answer.body)
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(body), endStream: true))), promise: nil)
        }
        if !isComplete { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        context.flush()
    }

    private func close() {
        isDone = true
        deadline?.cancel()
        deadline = nil
    }

    private func write(_ headers: HPACKHeaders, _ context: ChannelHandlerContext, isLast: Bool) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isLast))), promise: nil)
    }
}

/// Messages as Envoys send them.
enum MeshMessage {
    /// The answer to bytes that are none.
    static let unreadable = CallStatus(.invalidArgument, "the request is no message of this method")

    /// Reads one, whose fields that are not known are left out.
    static func decode<Content: Message>(_ bytes: ByteBuffer) throws(CallStatus) -> Content {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = 16
        do {
            return try Content(serializedBytes: Array(bytes.readableBytesView), options: options)
        } catch {
            throw unreadable
        }
    }
}
