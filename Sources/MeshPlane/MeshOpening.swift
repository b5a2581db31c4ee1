// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOTLS
import Protocols
import Transport

/// The beginning of an Envoy's connection: finds out whether HTTP/2 or HTTP/1.1 is spoken, in TLS where Envoy says so there,
/// else by the first bytes, and makes way for it. Whoever says nothing in time is not waited for.
final class MeshOpening: ChannelInboundHandler, RemovableChannelHandler, DeadlineWatched {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    var watchIndex = -1
    private let connection: MeshConnection
    private let deadline: Int64
    private var received = ByteBuffer()
    private var context: ChannelHandlerContext?

    init(_ connection: MeshConnection) {
        self.connection = connection
        deadline = connection.context.clock.monotonic() &+ MeshLimits.request.nanoseconds
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.context.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection.context.unwatch(self)
    }

    /// Broken TLS: there is nobody to tell.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func sweep(now: Int64) {
        if now >= deadline { context?.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard case .handshakeCompleted(let chosen?)? = event as? TLSUserEvent else { return }
        give(context, isHTTP2: chosen.utf8.elementsEqual("h2".utf8))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        let begun = received.readableBytesView.prefix(HTTP2FrameReader.preface.count)
        guard HTTP2FrameReader.preface.starts(with: begun) else { return give(context, isHTTP2: false) }
        if begun.count == HTTP2FrameReader.preface.count { give(context, isHTTP2: true) }
    }

    private func give(_ context: ChannelHandlerContext, isHTTP2: Bool) {
        guard connection.recognise(context.channel) else { return context.close(promise: nil) }
        let pipeline = context.pipeline.syncOperations
        do {
            if isHTTP2 {
                try pipeline.addHandler(MeshFrames(connection), position: .after(self))
            } else {
                try pipeline.addHandler(HTTP1MeshConnection(connection), position: .after(self))
            }
        } catch {
            return context.close(promise: nil)
        }
        if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        pipeline.removeHandler(self, promise: nil)
    }
}
