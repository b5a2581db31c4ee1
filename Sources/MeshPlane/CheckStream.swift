// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import Protobufs
internal import SwiftProtobuf
internal import Transport

/// One question of an Envoy on one HTTP/2 stream: read, decided, recorded, answered, all on the connection's loop.
final class CheckStream: ChannelInboundHandler, RecordWaiter {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Method: String, CaseIterable {
        case check = "/envoy.service.auth.v3.Authorization/Check"
        case health = "/grpc.health.v1.Health/Check"
    }

    private let connection: MeshConnection
    private var reader = MessageReader(largestMessage: MeshLimits.requestBytes)
    private var method: Method?
    private var isHeadRead = false
    private var isDone = false
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?
    /// What is sent once it is recorded, and what is sent when it cannot be.
    private var waiting: (answer: Envoy_Service_Auth_V3_CheckResponse, otherwise: Envoy_Service_Auth_V3_CheckResponse)?

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
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let payload):
            guard !isHeadRead else { return }
            isHeadRead = true
            guard let head = CallHead(payload.headers) else { return refuse() }
            method = Method.allCases.first { $0.rawValue.utf8.elementsEqual(head.path.utf8) }
            if method == nil { finish(CallStatus(.notOffered, "the method is not offered here")) }
        case .data(let payload):
            guard case .byteBuffer(var bytes) = payload.data, !isDone, waiting == nil else { return }
            reader.append(&bytes)
            do throws(CallStatus) {
                if let message = try reader.next() { try answer(message) }
            } catch {
                finish(error)
            }
        default: break
        }
    }

    private func answer(_ message: ByteBuffer) throws(CallStatus) {
        guard connection.isEnvoy() else {
            throw CallStatus(.permissionDenied, "this is no Envoy that is configured under mesh")
        }
        switch method {
        case .health:
            var answer = Grpc_Health_V1_HealthCheckResponse()
            answer.status = connection.core.isServing ? 1 : 2
            send(answer)
        case .check: check(try Self.decode(message))
        case nil: throw CallStatus(.internalError, "the message has no method")
        }
    }

    private static func decode(_ bytes: ByteBuffer) throws(CallStatus) -> Envoy_Service_Auth_V3_CheckRequest {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = 16
        do {
            return try Envoy_Service_Auth_V3_CheckRequest(
                serializedBytes: Array(bytes.readableBytesView), options: options)
        } catch {
            throw CallStatus(.invalidArgument, "the request is no message of this method")
        }
    }

    private func check(_ request: Envoy_Service_Auth_V3_CheckRequest) {
        let decision = connection.context.nextDecision()
        let check = Check(request.attributes, core: connection.core, decision: decision, time: connection.time)
        let outcome = check.judge()
        waiting = (
            outcome.response,
            Check.Outcome(
                .deny(.auditUnavailable, detail: "the audit log cannot be written, so nothing is allowed"), decision
            )
            .response
        )
        deadline?.cancel()
        connection.context.record(outcome.record(at: connection.context.clock.wall()), then: self)
    }

    func recorded(_ isRecorded: Bool) {
        guard let waiting, !isDone else { return }
        send(isRecorded ? waiting.answer : waiting.otherwise)
    }

    // MARK: Answers

    private func send(_ message: some Message) {
        guard let context, !isDone, let bytes: [UInt8] = try? message.serializedBytes() else { return }
        isDone = true
        deadline?.cancel()
        var buffer = context.channel.allocator.buffer(capacity: bytes.count &+ 5)
        MessageReader.writePrefix(length: bytes.count, to: &buffer)
        buffer.writeBytes(bytes)
        write([":status": "200", "content-type": "application/grpc"], context, isLast: false)
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(buffer)))), promise: nil)
        write(["grpc-status": "0"], context, isLast: true)
        context.flush()
    }

    private func finish(_ status: CallStatus) {
        guard let context, !isDone else { return }
        isDone = true
        deadline?.cancel()
        write(
            [
                ":status": "200", "content-type": "application/grpc", "grpc-status": "\(status.code.rawValue)",
                "grpc-message": status.encodedMessage,
            ], context, isLast: true)
        context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil)
        context.flush()
    }

    /// Answers something that is not gRPC.
    private func refuse() {
        guard let context, !isDone else { return }
        isDone = true
        deadline?.cancel()
        write([":status": "415"], context, isLast: true)
        context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil)
        context.flush()
    }

    private func write(_ headers: HPACKHeaders, _ context: ChannelHandlerContext, isLast: Bool) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isLast))), promise: nil)
    }
}
