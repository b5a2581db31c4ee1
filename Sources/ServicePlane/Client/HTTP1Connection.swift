// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import NIOSSL
import Protocols
import Transport

/// The front of the plane for one HTTP/1.1 connection of a client: one exchange after the other.
///
/// Requests are read strictly, and the next one only when the answer to this one is complete.
final class HTTP1Connection: ChannelDuplexHandler, RemovableChannelHandler, DeadlineWatched {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Waiting for a head, or in the middle of one.
        case head
        /// An exchange is under way.
        case exchange
        /// Bytes pass both ways after a switch of protocols.
        case relay
        /// A last answer was written; what is still read is dropped.
        case closing
    }

    let loop: ServiceLoop
    let caller: ServiceCaller
    var watchIndex = -1
    private var phase = Phase.head
    private var context: ChannelHandlerContext?
    private var received: ByteBuffer?
    private var parser: HTTP1RequestParser?
    private var exchange: ServiceExchange?
    private var body = HTTP1BodyReader(framing: .none)
    private var writer = HTTP1ResponseWriter(method: .other, clientVersion: .http11, closes: true)
    private var answerFraming = HTTP1Framing.none
    private var deadline: Int64
    private var requests = 0
    private var isCounted = false
    private var isReadPending = false
    private var isInputClosed = false
    private var isReading = false
    private var needsFlush = false
    private var allowsKeepAlive = false
    /// Whether the client asked for fields behind the body.
    private var acceptsTrailers = false
    private var closesAfterAnswer = false

    /// Puts HTTP/2 behind everything on a channel.
    typealias Multiplexer = (any Channel) throws -> Void

    private let multiplex: Multiplexer?
    private var speaksHTTP2: Bool { multiplex != nil }
    private static let preface = Array("PRI * HTTP/2".utf8)

    /// - Parameter multiplex: Puts HTTP/2 in this one's place when the client begins with its preface (RFC 9113 section
    ///   3.3); `nil` where TLS has said what is spoken.
    init(loop: ServiceLoop, caller: ServiceCaller, multiplex: Multiplexer? = nil) {
        self.multiplex = multiplex
        self.loop = loop
        self.caller = caller
        deadline = loop.now &+ loop.settings.handshakeTime
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.context.watch(self)
        if context.channel.isActive { enter(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        enter(context)
        context.fireChannelActive()
    }

    private func enter(_ context: ChannelHandlerContext) {
        guard !isCounted else { return }
        isCounted = loop.shared.enter(limit: loop.settings.connections)
        if !isCounted { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.context.unwatch(self)
        if isCounted {
            isCounted = false
            loop.shared.leave()
        }
        if let parser = parser.take() { loop.parsers.keep(parser) }
        exchange.take()?.clientClosed()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        exchange.take()?.clientClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, or broken TLS: there is nobody left to tell.
        exchange.take()?.clientClosed()
        closeAtOnce()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        isInputClosed = true
        switch phase {
        case .head: closeAtOnce()
        case .exchange:
            // In the middle of a body the request can never be complete; and nobody is asked, and nothing run, for a client
            // that may be gone.
            if !body.isDone || exchange?.phase == .held || exchange?.phase == .running {
                exchange.take()?.clientClosed()
                closeAtOnce()
            }
        case .relay:
            exchange.take()?.clientClosed()
            closeAtOnce()
        case .closing: closeAtOnce()
        }
    }

    // MARK: Bytes from the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if phase == .closing { return }
        isReading = true
        var bytes = unwrapInboundIn(data)
        if received == nil { received = bytes } else { received?.writeBuffer(&bytes) }
        proceed()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if needsFlush {
            needsFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    private func proceed() {
        switch phase {
        case .head: readHead()
        case .exchange: readBody()
        case .relay: if let bytes = received.take() { exchange?.receive(body: bytes) }
        case .closing: received = nil
        }
    }

    private func readHead() {
        guard let bytes = received, bytes.readableBytes > 0 else { return }
        if requests == 0, speaksHTTP2, bytes.readableBytesView.starts(with: Self.preface) {
            return switchToHTTP2(bytes)
        }
        var parser = self.parser.take() ?? loop.parsers.take()
        let result = bytes.withUnsafeReadableBytes { parser.parse($0) }
        switch result {
        case .needMore:
            if requests > 0 { deadline = min(deadline, loop.now &+ loop.settings.handshakeTime) }
            self.parser = parser
            if let room = received?.writableBytes, room < 512 { received?.reserveCapacity(minimumWritableBytes: 1024) }
            resumeReading()
        case .refused(let refusal):
            loop.parsers.keep(parser)
            begin(closes: true)
            exchange?.refuse(refusal)
        case .complete(let count):
            begin(closes: !parser.head.allowsKeepAlive)
            allowsKeepAlive = parser.head.allowsKeepAlive
            acceptsTrailers = bytes.withUnsafeReadableBytes { parser.head.fields.acceptsTrailers(in: $0) }
            writer = HTTP1ResponseWriter(
                method: parser.head.method, clientVersion: parser.head.version, closes: !allowsKeepAlive)
            body = HTTP1BodyReader(framing: parser.head.framing, limits: loop.settings.http)
            let isWhole = body.isDone
            received?.moveReaderIndex(forwardBy: count)
            exchange?.begin(parser.head, in: bytes)
            loop.parsers.keep(parser)
            if isWhole { exchange?.receiveEnd(trailers: []) } else { readBody() }
        }
    }

    private func switchToHTTP2(_ bytes: ByteBuffer) {
        guard let context, let multiplex else { return }
        received = nil
        do {
            try multiplex(context.channel)
        } catch {
            return closeAtOnce()
        }
        context.fireChannelRead(wrapInboundOut(bytes))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func begin(closes: Bool) {
        requests &+= 1
        phase = .exchange
        deadline = .max
        closesAfterAnswer = closes
        allowsKeepAlive = !closes
        body = HTTP1BodyReader(framing: .none)
        writer = HTTP1ResponseWriter(method: .other, clientVersion: .http11, closes: closes)
        exchange = ServiceExchange(loop: loop, caller: caller, stream: self)
    }

    private func readBody() {
        while let exchange, phase == .exchange, !body.isDone, exchange.wantsBody, var bytes = received,
            bytes.readableBytes > 0
        {
            switch bytes.withUnsafeReadableBytes({ body.read($0) }) {
            case .payload(let consumed, let count):
                bytes.moveReaderIndex(forwardBy: consumed &- count)
                guard let payload = bytes.readSlice(length: count) else { return }
                received = bytes
                exchange.receive(body: payload)
                if body.isDone { self.exchange?.receiveEnd(trailers: []) }
            case .needMore(let consumed):
                bytes.moveReaderIndex(forwardBy: consumed)
                received = bytes
                resumeReading()
                return
            case .done(let consumed):
                let trailers = bytes.withUnsafeReadableBytes { body.trailers(in: $0, consumed: consumed) }
                bytes.moveReaderIndex(forwardBy: consumed)
                received = bytes
                exchange.receiveEnd(trailers: trailers)
                return
            case .refused(let refusal):
                closesAfterAnswer = true
                exchange.refuse(refusal)
                return
            }
        }
        resumeReading()
    }

    // MARK: Reading is asked for only when what is read can be used

    func read(context: ChannelHandlerContext) {
        if wantsBytes { context.read() } else { isReadPending = true }
    }

    private var wantsBytes: Bool {
        switch phase {
        case .head, .closing: true
        case .relay: exchange?.wantsBody ?? false
        case .exchange:
            // One read may wait while the answer is under way, so that a client that goes away is noticed.
            body.isDone ? (received?.readableBytes ?? 0) == 0 : exchange?.wantsBody ?? false
        }
    }

    private func resumeReading() {
        guard isReadPending, wantsBytes, let context else { return }
        isReadPending = false
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.writabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    // MARK: Ends

    func sweep(now: Int64) {
        guard now >= deadline else { return }
        switch phase {
        case .head:
            guard let received, received.readableBytes > 0 else { return close() }
            begin(closes: true)
            exchange?.refuseEarly(
                .timeout, "the request's head was not complete within service_proxy.limits.handshake_time")
        case .closing: closeAtOnce()
        case .exchange, .relay: break
        }
    }

    /// Closes behind what was written.
    private func close() {
        guard phase != .closing, let context else { return }
        phase = .closing
        received = nil
        deadline = loop.now &+ ServiceSettings.second
        endOutput(of: context, isInputClosed: isInputClosed) {
            if self.isInputClosed { self.closeAtOnce() }
        }
        resumeReading()
    }

    /// Closes without the farewell of TLS, which would wait for the client's.
    private func closeAtOnce() {
        phase = .closing
        guard let context else { return }
        if let security = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
            security.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }
}

// MARK: The client's side of an exchange

extension HTTP1Connection: ClientStream {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing, isOwn: Bool) {
        guard let context else { return }
        if !head.isInformational {
            // What was not read of a refused request would be taken for the next one.
            if exchange?.isBroken ?? true || !body.isDone { closesAfterAnswer = true }
            if closesAfterAnswer, allowsKeepAlive {
                writer = HTTP1ResponseWriter(method: writer.method, clientVersion: writer.clientVersion, closes: true)
            }
            answerFraming = writer.clientFraming(framing)
        }
        var buffer = context.channel.allocator.buffer(capacity: writer.byteBound(head))
        message.withUnsafeReadableBytes { bytes in
            _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: writer.byteBound(head)) {
                writer.write(head, message: bytes, framing: framing, isOwn: isOwn, into: $0) ?? 0
            }
        }
        context.write(wrapOutboundOut(buffer), promise: nil)
    }

    func send(body payload: ByteBuffer) {
        guard let context else { return }
        if phase == .exchange, answerFraming == .chunked {
            writeChunk(payload) { context.write(wrapOutboundOut($0), promise: nil) }
        } else {
            context.write(wrapOutboundOut(payload), promise: nil)
        }
    }

    func flush() {
        if isReading { needsFlush = true } else { context?.flush() }
    }

    func finish(trailers: [TrailerField]) {
        guard let context else { return }
        if phase == .exchange, answerFraming == .chunked {
            context.write(wrapOutboundOut(lastChunk(with: acceptsTrailers ? trailers : [])), promise: nil)
        }
        exchange = nil
        guard phase == .exchange, allowsKeepAlive, !closesAfterAnswer, body.isDone, answerFraming != .untilClose,
            !isInputClosed, !caller.isLost, !loop.shared.isDraining
        else {
            context.flush()
            return close()
        }
        flush()
        phase = .head
        deadline = loop.now &+ loop.settings.idleTime
        if received?.readableBytes == 0 { received = nil }
        guard received != nil else { return resumeReading() }
        // In a turn of its own, so that a client that sends many requests at once does not build a tower of calls.
        let bound = LoopBound(self, on: loop.eventLoop)
        loop.eventLoop.execute { bound.unwrapped.proceed() }
    }

    func endConnection() { closesAfterAnswer = true }

    func resumeBody() {
        switch phase {
        case .exchange: readBody()
        case .relay: proceed(); resumeReading()
        case .head, .closing: break
        }
    }

    func abort() {
        exchange = nil
        guard let channel = context?.channel else { return }
        resetOnClose(channel)
        closeAtOnce()
    }

    func startRelay() { phase = .relay }
}
