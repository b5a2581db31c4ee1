// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore
internal import NIOHPACK
package import NIOHTTP2

/// Speaks gRPC on one HTTP/2 stream, from the caller's side, and hands on what arrives.
package final class ReplyHandler: ChannelDuplexHandler {
    package typealias InboundIn = HTTP2Frame.FramePayload
    package typealias OutboundIn = HTTP2Frame.FramePayload
    package typealias OutboundOut = HTTP2Frame.FramePayload
    package typealias Messages = AsyncThrowingStream<ByteBuffer, any Error>.Continuation

    /// Ends the call unless something arrives in time.
    package struct Deadline: Sendable {
        let time: TimeAmount

        /// In which something must arrive from now on.
        package init(time: TimeAmount) { self.time = time }
    }

    private let messages: Messages
    private let expected: Int?
    private let mayLose: Bool
    private var reader: ReplyReader
    private var hasHead = false
    private var received = 0
    private var isOver = false
    private var deadline: Scheduled<Void>?

    /// Hands messages on.
    ///
    /// - Parameters:
    ///   - expected: How many messages there are; nil for a stream.
    ///   - mayLose: Whether messages that there is no room for may be dropped; otherwise the call ends.
    ///   - largestMessage: In bytes.
    package init(messages: Messages, expected: Int?, mayLose: Bool = false, largestMessage: Int) {
        self.messages = messages
        self.expected = expected
        self.mayLose = mayLose
        reader = ReplyReader(largestMessage: largestMessage)
    }

    package func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?)
    {
        guard let event = event as? Deadline else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        deadline?.cancel()
        guard !isOver else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: event.time) { [self] in
            end(.silent)
            context.close(promise: nil)
        }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        do throws(CallFailure) {
            switch unwrapInboundIn(data) {
            case .headers(let payload): try read(payload.headers, isLast: payload.endStream)
            case .data(let payload):
                guard case .byteBuffer(var bytes) = payload.data else { return }
                try read(&bytes, isLast: payload.endStream)
            case .rstStream(let code): throw .status(.unavailable, "the stream was reset with \(code)")
            default: break
            }
        } catch {
            end(error)
            context.close(promise: nil)
        }
    }

    private func read(_ headers: HPACKHeaders, isLast: Bool) throws(CallFailure) {
        guard hasHead else {
            hasHead = true
            if case .end(let failure) = try ReplyHead(headers, isLast: isLast) { finish(failure) }
            return
        }
        guard isLast else { throw .broken("headers amid an answer") }
        let failure = try ReplyHead.trailer(headers)
        guard reader.isEmpty else { throw .broken("a message that is cut off") }
        finish(failure)
    }

    private func read(_ bytes: inout ByteBuffer, isLast: Bool) throws(CallFailure) {
        guard hasHead else { throw .broken("a message before the head") }
        reader.append(&bytes)
        while let message = try reader.next() {
            received &+= 1
            if let expected, received > expected { throw .broken("more messages than the method has") }
            // The time for an answer goes on until its end; a stream has none.
            if expected == nil { deadline?.cancel() }
            if case .dropped = messages.yield(message), !mayLose {
                throw .broken("more messages than this program keeps up with")
            }
        }
        if isLast { throw .broken("an end without grpc-status") }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end(.unreachable("the connection was closed"))
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOHTTP2Errors.StreamClosed: end(.status(.unavailable, "the stream was reset"))
        default: end(.broken("HTTP/2 was broken"))
        }
        context.close(promise: nil)
    }

    private func finish(_ failure: CallFailure?) {
        if let failure { return end(failure) }
        guard let expected else { return end(.closed) }
        guard received == expected else { return end(.broken("fewer messages than the method has")) }
        end(nil)
    }

    private func end(_ failure: CallFailure?) {
        guard !isOver else { return }
        isOver = true
        deadline?.cancel()
        messages.finish(throwing: failure)
    }
}
