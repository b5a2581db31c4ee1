// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore

/// Closes a connection that has had no call for too long, whatever else it sends.
final class IdleGuard: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let idle: TimeAmount
    private var calls = 0
    private var closing: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(idle: TimeAmount) { self.idle = idle }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wait()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The bytes were not HTTP/2, or broke its rules or its limits.
        context.close(promise: nil)
    }

    /// A call has begun.
    func begin() {
        calls &+= 1
        closing?.cancel()
        closing = nil
    }

    /// A call has ended.
    func end() {
        calls &-= 1
        if calls == 0 { wait() }
    }

    private func wait() {
        guard let context else { return }
        closing = context.eventLoop.assumeIsolated().scheduleTask(in: idle) { context.close(promise: nil) }
    }

    private func stop() {
        closing?.cancel()
        closing = nil
        context = nil
    }
}
