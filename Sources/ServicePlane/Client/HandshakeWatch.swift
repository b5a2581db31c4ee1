// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOSSL
import Transport

/// Bounds a connection while nobody serves it yet: TLS must have said within the time what is spoken.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler, DeadlineWatched {
    typealias InboundIn = ByteBuffer

    private let loop: ServiceLoop
    private let deadline: Int64
    private var context: ChannelHandlerContext?
    private var isCounted = false
    var watchIndex = -1

    init(loop: ServiceLoop) {
        self.loop = loop
        deadline = loop.now &+ loop.settings.handshakeTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.context.watch(self)
        isCounted = loop.shared.enter(limit: loop.settings.connections)
        if !isCounted { close() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.context.unwatch(self)
        if isCounted { loop.shared.leave() }
        isCounted = false
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A handshake that failed: there is nobody to tell.
        close()
    }

    func sweep(now: Int64) {
        if now >= deadline { close() }
    }

    /// Closes without the farewell of TLS, which would wait for the client's.
    private func close() {
        guard let context else { return }
        if let security = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
            security.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }
}
