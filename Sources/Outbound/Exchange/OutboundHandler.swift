// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Sends one request once the connection stands, with its TLS where there is any, and reads the answer.
final class OutboundHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let promise: EventLoopPromise<OutboundResponse>
    private var reader: ReplyReader
    private let isSecured: Bool
    private var isSent = false

    init(request: ByteBuffer, reader: ReplyReader, promise: EventLoopPromise<OutboundResponse>, isSecured: Bool) {
        self.isSecured = isSecured
        self.request = request
        self.reader = reader
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        if !isSecured { send(context) }
        context.fireChannelActive()
    }

    private func send(_ context: ChannelHandlerContext) {
        guard !isSent else { return }
        isSent = true
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing is said to a server before it has shown who it is.
        if case .handshakeCompleted = event as? TLSUserEvent { send(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        settle { () throws(OutboundError) in try reader.read(&bytes) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        settle { () throws(OutboundError) in try reader.end(wasSent: isSent) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        // What ends with the connection ends with TLS, or it was cut off by somebody else.
        case NIOSSLError.uncleanShutdown where isSent: promise.fail(OutboundError.unreachable("the answer is cut off"))
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            promise.fail(OutboundError.untrusted(OutboundError.legible(error)))
        default: promise.fail(OutboundError.unreachable(OutboundError.legible(error)))
        }
        context.close(promise: nil)
    }

    private func settle(_ step: () throws(OutboundError) -> OutboundResponse?) {
        do throws(OutboundError) {
            if let response = try step() { promise.succeed(response) }
        } catch {
            promise.fail(error)
        }
    }
}
