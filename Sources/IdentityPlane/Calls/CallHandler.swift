// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import Transport

/// Speaks gRPC on one HTTP/2 stream: makes a ``Call`` of it, and frames what the call sends.
final class CallHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = Call.Output
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Output {
        case nothing
        case messages
        case finished
    }

    private let process: PeerProcess
    private let limits: IdentityPlaneLimits
    private let accept: (Call) -> Void
    private var reader: MessageReader
    private var requests: AsyncThrowingStream<ByteBuffer, any Error>.Continuation?
    private var closed: AsyncStream<Never>.Continuation?
    private var deadline: Scheduled<Void>?
    private var isInputFinished = false
    private var output = Output.nothing

    /// - Parameter accept: Takes the call once its head has arrived.
    init(process: PeerProcess, limits: IdentityPlaneLimits, accept: @escaping (Call) -> Void) {
        self.process = process
        self.limits = limits
        self.accept = accept
        reader = MessageReader(largestMessage: limits.requestBytes)
    }

    // MARK: What the caller sends

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let payload):
            if requests == nil { open(payload.headers, context: context) }
            if payload.endStream { finishInput(context: context) }
        case .data(let payload):
            guard case .byteBuffer(var bytes) = payload.data, !isInputFinished, output != .finished else { return }
            reader.append(&bytes)
            readMessages(context: context)
            if payload.endStream { finishInput(context: context) }
        default: break
        }
    }

    private func open(_ headers: HPACKHeaders, context: ChannelHandlerContext) {
        let (requests, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(limits.waitingRequests))
        self.requests = continuation
        guard let head = CallHead(headers) else { return refuse(context: context) }
        let (closed, closing) = AsyncStream<Never>.makeStream()
        self.closed = closing
        // Nobody holds a place without saying what for.
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.request) { [self] in
            fail(CallStatus(.deadlineExceeded, "the call has no request"), context: context)
        }
        accept(Call(head: head, process: process, requests: requests, closed: closed, channel: context.channel))
    }

    private func readMessages(context: ChannelHandlerContext) {
        do throws(CallStatus) {
            while let message = try reader.next() {
                deadline?.cancel()
                if case .dropped = requests?.yield(message) {
                    throw CallStatus(.resourceExhausted, "more requests at once than are taken")
                }
            }
        } catch {
            fail(error, context: context)
        }
    }

    private func finishInput(context: ChannelHandlerContext) {
        guard !isInputFinished else { return }
        isInputFinished = true
        deadline?.cancel()
        guard reader.isEmpty else {
            return fail(CallStatus(.internalError, "the last message is cut off"), context: context)
        }
        requests?.finish()
    }

    /// Ends the call from here; whoever works on it notices by ``Call/closed``.
    private func fail(_ status: CallStatus, context: ChannelHandlerContext) {
        requests?.finish(throwing: status)
        write(status, context: context, promise: nil)
        context.flush()
        closed?.finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        requests?.finish(throwing: CancellationError())
        closed?.finish()
        output = .finished
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A stream that was reset, or broke the protocol: a caller that went away is nothing unusual.
        context.close(promise: nil)
    }

    // MARK: What the call sends

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .message(let message):
            guard output != .finished else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            if output == .nothing { write(Self.responseHeaders, context: context, isLast: false, promise: nil) }
            output = .messages
            let payload = HTTP2Frame.FramePayload.Data(data: .byteBuffer(message))
            context.write(wrapOutboundOut(.data(payload)), promise: promise)
        case .status(let status): write(status, context: context, promise: promise)
        }
    }

    private static var responseHeaders: HPACKHeaders { [":status": "200", "content-type": "application/grpc"] }

    private func write(_ status: CallStatus, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        guard output != .finished else {
            promise?.succeed()
            return
        }
        var headers = output == .nothing ? Self.responseHeaders : HPACKHeaders()
        output = .finished
        headers.add(name: "grpc-status", value: "\(status.code.rawValue)")
        if !status.message.isEmpty { headers.add(name: "grpc-message", value: status.encodedMessage) }
        write(headers, context: context, isLast: true, promise: promise)
        reset(context: context)
    }

    /// Answers something that is not gRPC.
    private func refuse(context: ChannelHandlerContext) {
        output = .finished
        write([":status": "415"], context: context, isLast: true, promise: nil)
        reset(context: context)
    }

    private func write(
        _ headers: HPACKHeaders, context: ChannelHandlerContext, isLast: Bool, promise: EventLoopPromise<Void>?
    ) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isLast))), promise: promise)
    }

    /// The stream ends by itself when both sides have said their last; what the caller has yet to say is not waited for.
    private func reset(context: ChannelHandlerContext) {
        if !isInputFinished { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        context.flush()
    }
}
