// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols
import Transport

/// The front of the plane for one HTTP/2 connection of a client: makes an exchange of each stream.
///
/// It stands directly above `NIOHTTP2Handler`, which reads and writes frames and header blocks and keeps the state of
/// streams and the windows of what is sent. Here is what a channel for each stream would do besides: the windows of what
/// is received, how much may wait to be sent, and the order in which things happen.
final class HTTP2Connection: HTTP2Side {
    typealias InboundIn = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let limits: HTTP2Limits
    private let loop: LoopContext?
    private let clock: Clock
    private let makeExchange: (HTTP2Stream) -> (any StreamExchange)?

    private(set) var context: ChannelHandlerContext?
    private(set) var streams = HTTP2StreamTable()
    var phase = HTTP2Phase.open
    var watchIndex = -1

    // MARK: Time, see HTTP2Connection+Deadlines.swift

    /// The time of the last sweep: enough for deadlines, and costs nothing for each frame.
    var now: Int64 = 0
    var openedAt: Int64 = 0
    var idleSince: Int64 = 0
    var closingSince: Int64 = 0
    private(set) var lastStream = HTTP2StreamID.rootStream
    /// Since when the client takes nothing at all; 0 while it does.
    var blockedSince: Int64 = 0
    var resets: AbuseBudget
    var windowFrames: AbuseBudget

    // MARK: Bytes

    /// Bytes of requests' bodies that are not wanted yet, in all streams.
    var heldBytes = 0
    /// Bytes of responses' bodies that have not left the buffers, in all streams.
    var unsentBytes = 0
    var window: HTTP2Window

    // MARK: What waits for the end of the turn

    var turn = HTTP2Turn()
    private var isReadHeld = false
    private var unblocked: [HTTP2Stream] = []

    private var faults = HTTP2Faults()
    private var translator: HTTP2RequestTranslator
    private var parser: HTTP1RequestParser

    /// - Parameters:
    ///   - loop: Who looks at the deadlines; `nil` when the caller does so itself.
    ///   - makeExchange: Makes what answers a stream's request, or `nil` when there is too much to do: the stream is
    ///     refused, and the client may try again elsewhere.
    init(
        limits: HTTP2Limits = HTTP2Limits(), loop: LoopContext?, clock: Clock,
        makeExchange: @escaping (HTTP2Stream) -> (any StreamExchange)?
    ) {
        self.limits = limits
        self.loop = loop
        self.clock = clock
        self.makeExchange = makeExchange
        resets = AbuseBudget(limit: limits.resets)
        windowFrames = AbuseBudget(limit: limits.windowFrames)
        window = HTTP2Window(size: 65_535, target: limits.connectionWindow)
        translator = HTTP2RequestTranslator(limits: limits.heads, schemes: limits.schemes)
        parser = HTTP1RequestParser(limits: limits.heads)
    }

    /// How many streams are open.
    var streamCount: Int { streams.count }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start() }
    }

    func channelActive(context: ChannelHandlerContext) {
        start()
        context.fireChannelActive()
    }

    private func start() {
        guard openedAt == 0 else { return }
        now = clock.monotonic()
        (openedAt, idleSince) = (max(1, now), now)
        loop?.watch(self)
        openWindow()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop?.unwatch(self)
        phase = .closing
        for stream in streams.removeAll() { stream.close() }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop?.unwatch(self)
        for stream in streams.removeAll() { stream.close() }
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        turn.isReading = true
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .data(let payload):
            guard let stream = streams[frame.streamID], case .byteBuffer(let body) = payload.data else { return }
            stream.receive(body: body, endStream: payload.endStream)
        case .headers(let payload): receive(payload, on: frame.streamID)
        case .windowUpdate: if !windowFrames.spend() { fail(.enhanceYourCalm) }
        case .goAway: drain()
        default: break
        }
    }

    /// Answers without a body do not wait for room: a client that takes none of them may not ask for more.
    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isReadHeld, context.channel.isWritable {
            isReadHeld = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        turn.isReading = false
        settle()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOHTTP2Errors.StreamError {
            streams[error.streamID]?.reset(.internalError)
            return
        }
        // What broke the rules of one stream has ended that stream already; all else ends the connection.
        if faults.isOfOneStream() { return }
        phase = .closing
        context.close(promise: nil)
    }

    // MARK: Requests

    private func receive(_ payload: HTTP2Frame.FramePayload.Headers, on id: HTTP2StreamID) {
        if let stream = streams[id] { return stream.receive(trailers: payload.headers) }
        guard phase == .open, let context else { return }
        lastStream = id
        let stream = HTTP2Stream(id: id, connection: self)
        streams.append(stream)
        guard let exchange = makeExchange(stream) else { return stream.reset(.refusedStream) }
        stream.exchange = exchange
        if let refusal = translate(payload) { return stream.refuse(refusal, endStream: payload.endStream) }
        var message = context.channel.allocator.buffer(capacity: translator.message.count)
        message.writeBytes(translator.message)
        stream.begin(parser.head, in: message, endStream: payload.endStream)
    }

    private func translate(_ payload: HTTP2Frame.FramePayload.Headers) -> HTTP1Refusal? {
        translator.reset()
        payload.headers.forEachField { translator.add(name: $0, value: $1) }
        if let reason = translator.finish(endStream: payload.endStream) { return HTTP1Refusal(reason) }
        parser.reset()
        switch translator.message.withUnsafeBytes({ parser.parse($0) }) {
        case .complete(translator.message.count): return nil
        case .refused(let refusal): return refusal
        // Every line was written here, so that a head can be neither longer nor shorter than its lines.
        case .complete, .needMore: return HTTP1Refusal(.badFieldValue)
        }
    }

    // MARK: Streams

    /// Resets a stream and forgets it.
    ///
    /// - Parameter isEarly: Whether that is because of what the client did.
    func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode, isEarly: Bool) {
        guard streams.remove(stream.id) != nil else { return stream.close() }
        write(.rstStream(code), on: stream.id)
        faults.resetByChoice()
        requestFlush()
        leave(stream, isEarly: isEarly)
    }

    func serveWaiting() {
        guard !unblocked.isEmpty else { return }
        let streams = unblocked
        unblocked.removeAll(keepingCapacity: true)
        for stream in streams { stream.exchange?.writabilityChanged() }
    }

    /// A stream is gone.
    ///
    /// - Parameter isEarly: Whether the client, or what it did wrong, ended it before its end.
    private func leave(_ stream: HTTP2Stream, isEarly: Bool) {
        stream.close()
        if !isEarly {
            resets.refund()
        } else if !resets.spend() {
            fail(.enhanceYourCalm)
        }
        guard streams.isEmpty else { return }
        idleSince = now
        if phase == .draining { end(after: lastStream) }
    }

    // MARK: Windows

    /// What waits in one stream above which it is not writable.
    var unsentLimit: Int {
        unsentBytes < limits.unsentBytesOfConnection ? limits.unsentBytesOfStream : limits.unsentBytesOfStream / 8
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? NIOHTTP2WindowUpdatedEvent {
            guard let window = event.inboundWindowSize else { return }
            if event.streamID == .rootStream {
                self.window.size = window
                updateWindow()
            } else if let stream = streams[event.streamID] {
                stream.window.size = window
                stream.updateWindow()
            }
        } else if let event = event as? StreamClosedEvent {
            guard let stream = streams.remove(event.streamID) else { return }
            // Who has the whole answer need not send the rest of the request.
            leave(stream, isEarly: event.reason != nil && !stream.isResponseEnded)
        } else if let event = event as? NIOHTTP2StreamCreatedEvent {
            guard let stream = streams[event.streamID], let window = event.remoteInitialWindowSize else { return }
            stream.window = HTTP2Window(size: Int(window), target: Int(window))
        } else if let event = event as? NIOHTTP2BulkStreamWindowChangeEvent {
            for stream in streams.streams {
                stream.window.size &+= event.delta
                stream.window.target &+= event.delta
            }
        } else if let event = event as? ChannelEvent, event == .inputClosed {
            drain()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

// MARK: The end

extension HTTP2Connection {
    /// Takes no more streams, and closes the connection once those there are have come to their end.
    func drain() {
        guard phase == .open else { return }
        phase = .draining
        if streams.isEmpty { return end(after: lastStream) }
        write(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil), on: .rootStream)
        requestFlush()
    }

    /// Closes the connection because of what the client did.
    func fail(_ code: HTTP2ErrorCode) {
        guard phase != .closing, let context else { return }
        phase = .closing
        closingSince = now
        write(.goAway(lastStreamID: lastStream, errorCode: code, opaqueData: nil), on: .rootStream)
        context.flush()
        context.close(promise: nil)
    }

    /// Closes the connection now.
    func close() { context?.close(promise: nil) }
}

// MARK: What has left the buffers

extension HTTP2Connection: NIOHTTP2FrameDelegate {
    /// Is told from within the writing of a frame: nothing may be written here.
    func wroteFrame(_ frame: HTTP2Frame) {
        switch frame.payload {
        case .data(let payload):
            guard let stream = streams[frame.streamID] else { return }
            let count = payload.data.readableBytes
            unsentBytes &-= count
            windowFrames.refund(count &>> 6)
            if stream.wrote(count, now: now) {
                unblocked.append(stream)
                scheduleTurn()
            }
        default: faults.wrote(frame.payload)
        }
    }
}
