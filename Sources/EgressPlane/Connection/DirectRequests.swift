// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore

/// Stands in front of the connections of a launch, which has one socket for everything: a client whose first request is
/// not one for a proxy is left to somebody else.
///
/// A request for a proxy names its destination (RFC 9112 section 3.2): it has the absolute form or that of `CONNECT`.
/// One in origin form, `GET /path`, or in asterisk form, as HTTP/2 begins (RFC 9113 section 3.4), asks the gate itself. Until that is clear, the proxy's time for a first request runs.
final class DirectRequests: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Takes over a channel.
    typealias Taker = (any Channel) throws -> Void

    private enum Target {
        case proxy
        case gate
    }

    /// Bytes of the longest method that is waited for.
    private static let longestMethod = 32

    private let proxy: ProxyConnection
    private let take: Taker
    private var received: ByteBuffer?

    init(before proxy: ProxyConnection, otherwise take: @escaping Taker) {
        self.proxy = proxy
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received?.writeBuffer(&bytes) == nil { received = bytes }
        guard let received, let target = Self.target(of: received.readableBytesView) else { return }
        self.received = nil
        switch target {
        case .proxy: pass(received, context)
        case .gate:
            let (pipeline, bound) = (
                context.pipeline.syncOperations, NIOLoopBound(context, eventLoop: context.eventLoop)
            )
            pipeline.removeHandler(proxy).assumeIsolated().whenComplete { _ in self.leave(received, bound.value) }
        }
    }

    private func leave(_ received: ByteBuffer, _ context: ChannelHandlerContext) {
        do {
            try take(context.channel)
        } catch {
            return context.close(promise: nil)
        }
        pass(received, context)
    }

    private func pass(_ received: ByteBuffer, _ context: ChannelHandlerContext) {
        context.fireChannelRead(wrapInboundOut(received))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    /// Whom the first request is for; nil while that is not clear.
    private static func target(of bytes: ByteBufferView) -> Target? {
        for (offset, byte) in bytes.prefix(longestMethod).enumerated() {
            if byte == UInt8(ascii: " ") {
                guard offset > 0, let next = bytes.dropFirst(offset &+ 1).first else {
                    return offset > 0 ? nil : .proxy
                }
                return next == UInt8(ascii: "/") || next == UInt8(ascii: "*") ? .gate : .proxy
            }
            guard byte > 0x20, byte < 0x7F else { return .proxy }
        }
        return bytes.count < longestMethod ? nil : .proxy
    }
}
