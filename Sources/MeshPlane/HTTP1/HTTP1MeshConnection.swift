// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Transport

/// An Envoy's HTTP/1.1 connection: questions of the HTTP variant, one after the other. The next one is read when the answer to
/// this one is written, and more bytes are read when there is nothing left of those that came.
final class HTTP1MeshConnection: ChannelDuplexHandler, DeadlineWatched {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var watchIndex = -1
    private let connection: MeshConnection
    private var reader = HTTP1QuestionReader()
    private var context: ChannelHandlerContext?
    private var run: CheckRun?
    /// Until when the question that has begun is to be complete and answered; `nil` while there is none.
    private var deadline: Int64?
    /// Whether a last answer was written.
    private var isClosing = false
    private var isReadPending = false
    /// Whether what has come is no whole question.
    private var needsMore = true

    init(_ connection: MeshConnection) { self.connection = connection }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.context.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func end() {
        isClosing = true
        context = nil
        connection.context.unwatch(self)
        run.take()?.abandon()
    }

    func sweep(now: Int64) {
        guard let deadline, now >= deadline else {
            if connection.hasOverstayed(now) { context?.close(promise: nil) }
            return
        }
        if isClosing {
            context?.close(promise: nil)
        } else {
            run.take()?.abandon()
            send(HTTPAnswer(status: 408, "the question was not complete and answered in time"), isLast: true)
        }
    }

    // MARK: Questions

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        guard connection.isKnown else { return send(HTTPAnswer(status: 403, MeshConnection.stranger), isLast: true) }
        var bytes = unwrapInboundIn(data)
        reader.append(&bytes)
        proceed()
    }

    func read(context: ChannelHandlerContext) {
        if wantsBytes { context.read() } else { isReadPending = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        proceed()
        context.fireChannelWritabilityChanged()
    }

    /// While a question is decided one read may wait, so that an Envoy that goes away is noticed.
    private var wantsBytes: Bool { isClosing || needsMore || reader.isEmpty }

    private func proceed() {
        guard run == nil, !isClosing, let context, context.channel.isWritable else { return }
        let step = reader.next()
        needsMore = if case .needMore = step { true } else { false }
        switch step {
        case .needMore:
            deadline = reader.isEmpty ? nil : deadline ?? overdue(after: MeshLimits.request)
            guard isReadPending else { return }
            isReadPending = false
            context.read()
        case .question(let head, let body, let isLast):
            begin(connection.ask(head, body) { [self] in answer($0, isLast: isLast) })
        case .refused(let detail): begin(connection.refuse(detail) { [self] in answer($0, isLast: true) })
        }
    }

    private func begin(_ run: CheckRun?) {
        guard let run else { return }
        deadline = deadline ?? overdue(after: MeshLimits.request)
        self.run = run
        run.start()
    }

    private func overdue(after time: TimeAmount) -> Int64 {
        connection.context.clock.monotonic() &+ time.nanoseconds
    }

    // MARK: Answers

    private func answer(_ answer: HTTPAnswer, isLast: Bool) {
        guard !isClosing else { return }
        run = nil
        deadline = nil
        send(answer, isLast: isLast)
        guard !isClosing, !reader.isEmpty || isReadPending else { return }
        // In a turn of its own, so that many questions at once do not build a tower of calls.
        let bound = LoopBound(self, on: connection.context.eventLoop)
        connection.context.eventLoop.execute { bound.unwrapped.proceed() }
    }

    private func send(_ answer: HTTPAnswer, isLast: Bool) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(answer.bytes(isLast: isLast)), promise: nil)
        guard isLast else { return }
        isClosing = true
        deadline = overdue(after: MeshLimits.farewell)
        endOutput(of: context, isInputClosed: false) {}
    }
}
