// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols
import Transport

/// An HTTP/2 connection to a service, which carries many requests of one agent at a time.
///
/// It stands directly above `NIOHTTP2Handler`, which reads and writes frames and header blocks and keeps the state of
/// streams and the windows of what is sent; see ``HTTP2Connection`` for the other side. It keeps the address that was
/// judged when it was dialled for its life, and lives on one event loop.
final class UpstreamSession: HTTP2Side {
    typealias InboundIn = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let limits: UpstreamLimits
    /// Who may use it, and for what.
    let key: UpstreamKey
    /// The judged address it leads to.
    let address: IPAddress
    /// What is kept of it; asked when it has no request left.
    weak var sessions: UpstreamSessions?
    private let loop: LoopContext
    /// Whether whom it leads to still stands; asked before each use.
    private let stands: (() -> Bool)?

    private(set) var context: ChannelHandlerContext?
    var phase = HTTP2Phase.open
    private var streams: [HTTP2StreamID: UpstreamStream] = [:]
    /// Kept by ``UpstreamSessions``.
    var isCountedIdle = false
    /// Requests that are under way, those included whose head was not sent yet.
    private(set) var active = 0
    private var nextNumber = 1
    private var peerLimit: Int
    var watchIndex = -1
    var idleSince: Int64
    var closingSince: Int64 = 0
    /// Counts what was received, so that a connection on which nothing comes back any more is told from a slow request.
    private(set) var received: UInt64 = 0
    private var windowFrames: AbuseBudget

    /// Bytes of answers that their clients do not take yet.
    var heldBytes = 0
    var window: HTTP2Window

    // MARK: What waits for the end of the turn

    var turn = HTTP2Turn()
    private var unblocked: [UpstreamStream] = []
    private var answered: [UpstreamStream] = []

    private var faults = HTTP2Faults()
    private var translator: HTTP2ResponseTranslator
    private var parser: HTTP1ResponseParser

    init(
        key: UpstreamKey, address: IPAddress, limits: UpstreamLimits, loop: LoopContext, stands: (() -> Bool)?
    ) {
        self.key = key
        self.address = address
        self.limits = limits
        self.loop = loop
        self.stands = stands
        peerLimit = limits.concurrentStreams
        window = HTTP2Window(size: 65_535, target: limits.connectionWindow)
        idleSince = loop.clock.monotonic()
        windowFrames = AbuseBudget(limit: limits.windowFrames)
        translator = HTTP2ResponseTranslator(limits: limits.heads)
        parser = HTTP1ResponseParser(limits: limits.heads)
    }

    /// Nanoseconds of the monotonic clock.
    var now: Int64 { loop.clock.monotonic() }

    /// Whether it takes one more request.
    var isUsable: Bool {
        phase == .open && active < peerLimit && nextNumber < Self.lastNumber && context?.channel.isActive ?? false
            && stands?() ?? true
    }

    /// Streams are numbered by 31 bits; nobody comes near the end.
    private static let lastNumber = 1 << 30

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.watch(self)
        openWindow()
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose("the service closed the connection")
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        lose("the connection is gone")
        self.context = nil
    }

    /// The connection is gone, and with it everything that was under way.
    private func lose(_ detail: String) {
        phase = .closing
        loop.unwatch(self)
        sessions?.forget(self)
        let lost = streams.values
        streams.removeAll()
        for stream in lost { leave(stream) { $0.fail(.upstreamUnreachable, detail) } }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        turn.isReading = true
        received &+= 1
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .data(let payload):
            guard let stream = streams[frame.streamID], case .byteBuffer(let body) = payload.data else { return }
            stream.receive(body: body, endStream: payload.endStream)
        case .headers(let payload): streams[frame.streamID]?.receive(payload.headers, endStream: payload.endStream)
        case .settings(.settings(let settings)): apply(settings)
        case .windowUpdate: if !windowFrames.spend() { fail(.enhanceYourCalm) }
        case .goAway(let last, let code, _): takeLeave(last, code)
        case .pushPromise: fail(.protocolError)
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        turn.isReading = false
        settle()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOHTTP2Errors.StreamError {
            streams[error.streamID]?.fail(.upstreamInvalid, "the service broke the rules of HTTP/2")
            return
        }
        // What broke the rules of one stream has ended that stream already; all else ends the connection.
        if faults.isOfOneStream() { return }
        phase = .closing
        sessions?.forget(self)
        let isBroken = error is IOError || error is ChannelError
        for stream in streams.values {
            if isBroken {
                stream.fail(.upstreamUnreachable, "the connection to the service broke")
            } else {
                stream.fail(.upstreamInvalid, "the service broke the rules of HTTP/2")
            }
        }
        context.close(promise: nil)
    }

    // MARK: Requests

    /// A place for one more request; only while ``isUsable``.
    func makeStream(for client: any UpstreamClient) -> UpstreamStream {
        active &+= 1
        sessions?.becameBusy(self)
        return UpstreamStream(session: self, client: client)
    }

    /// Gives a stream its number and sends its head. Numbers only grow, in the order in which heads are sent.
    func open(_ stream: UpstreamStream, _ headers: HPACKHeaders, endStream: Bool) {
        let id = HTTP2StreamID(nextNumber)
        nextNumber &+= 2
        stream.id = id
        streams[id] = stream
        guard let context else { return stream.fail(.upstreamUnreachable, "the connection is gone") }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenFailure { _ in
            stream.fail(.upstreamUnreachable, "the connection to the service broke before the request was sent")
        }
        let frame = HTTP2Frame(streamID: id, payload: .headers(.init(headers: headers, endStream: endStream)))
        context.write(wrapOutboundOut(frame), promise: written)
    }

    /// Judges a header list by the rules for heads of HTTP/1.
    func translate(
        _ headers: HPACKHeaders, endStream: Bool, hasBody: Bool
    ) -> Result<(HTTP1ResponseHead, ByteBuffer), HTTP1Refusal> {
        translator.reset()
        headers.forEachField { translator.add(name: $0, value: $1) }
        if let reason = translator.finish(endStream: endStream, hasBody: hasBody) {
            return .failure(HTTP1Refusal(reason, in: .response))
        }
        parser.reset()
        switch translator.message.withUnsafeBytes({ parser.parse($0) }) {
        case .complete(translator.message.count):
            return .success((parser.head, ByteBuffer(bytes: translator.message)))
        case .refused(let refusal): return .failure(refusal)
        // Every line was written here, so that a head can be neither longer nor shorter than its lines.
        case .complete, .needMore: return .failure(HTTP1Refusal(.badFieldValue, in: .response))
        }
    }

    // MARK: Turns

    /// A stream gave its client something that waits for a flush.
    func touched(_ stream: UpstreamStream) {
        answered.append(stream)
        if !turn.isReading { scheduleTurn() }
    }

    func serveWaiting() {
        if !answered.isEmpty {
            let streams = answered
            answered.removeAll(keepingCapacity: true)
            for stream in streams { stream.flushClient() }
        }
        guard !unblocked.isEmpty else { return }
        let streams = unblocked
        unblocked.removeAll(keepingCapacity: true)
        for stream in streams { stream.client?.sendBody() }
    }

    // MARK: Streams

    /// Gives a stream up: nothing more of it is sent, and nothing that comes of it is read.
    func reset(_ stream: UpstreamStream, _ code: HTTP2ErrorCode) {
        if let id = stream.id, streams.removeValue(forKey: id) != nil {
            write(.rstStream(code), on: id)
            faults.resetByChoice()
            requestFlush()
        }
        leave(stream) { _ in }
    }

    /// A request is given up: when nothing at all was received since it began, and that is long ago, the connection leads
    /// nowhere any more.
    func suspect(since count: UInt64, at time: Int64) {
        guard received == count, now &- time >= limits.silence else { return }
        retire()
    }

    /// A stream is gone; `tell` says so to whom it served.
    private func leave(_ stream: UpstreamStream, _ tell: (UpstreamStream) -> Void) {
        guard stream.isOpen else { return }
        stream.close()
        active &-= 1
        tell(stream)
        updateWindow()
        guard active == 0 else { return }
        idleSince = loop.clock.monotonic()
        if phase == .draining { end(after: .rootStream) } else { sessions?.becameIdle(self) }
    }

    private func apply(_ settings: HTTP2Settings) {
        for setting in settings where setting.parameter == .maxConcurrentStreams {
            peerLimit = min(setting.value, limits.concurrentStreams)
        }
    }

    /// The service takes no more requests: those behind the last that it took were not looked at.
    private func takeLeave(_ last: HTTP2StreamID, _ code: HTTP2ErrorCode) {
        retire()
        for stream in streams.values where stream.id.map({ $0 > last }) ?? false {
            streams[stream.id ?? .rootStream] = nil
            leave(stream) { $0.refuse("the service takes no more requests on this connection") }
        }
        if code != .noError {
            for stream in streams.values where !stream.hasBegun {
                stream.failure = "the service closed the connection: \(code)"
            }
        }
    }

    // MARK: Windows

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
            guard let stream = streams.removeValue(forKey: event.streamID) else { return }
            leave(stream) { $0.closed(event.reason) }
        } else if let event = event as? NIOHTTP2StreamCreatedEvent {
            guard let stream = streams[event.streamID], let window = event.remoteInitialWindowSize else { return }
            stream.window.size = Int(window)
        } else if let event = event as? ChannelEvent, event == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

// MARK: The end

extension UpstreamSession: DeadlineWatched {
    /// Takes no more requests, and closes the connection once those there are have come to their end.
    func retire() {
        guard phase == .open else { return }
        phase = .draining
        sessions?.forget(self)
        if active == 0 { end(after: .rootStream) }
    }

    /// Closes the connection because of what the service did.
    private func fail(_ code: HTTP2ErrorCode) {
        guard phase != .closing, let context else { return }
        phase = .closing
        sessions?.forget(self)
        write(.goAway(lastStreamID: .rootStream, errorCode: code, opaqueData: nil), on: .rootStream)
        context.flush()
        for stream in streams.values { stream.fail(.upstreamInvalid, "the service asks for more than HTTP/2 allows") }
        context.close(promise: nil)
    }

    func sweep(now: Int64) {
        windowFrames.refill(now: now)
        switch phase {
        case .open: if active == 0, now &- idleSince >= sessions?.idleTime ?? 0 { retire() }
        case .draining: break
        case .closing: if now &- closingSince > limits.closing { context?.close(promise: nil) }
        }
    }
}

// MARK: What has left the buffers

extension UpstreamSession: NIOHTTP2FrameDelegate {
    /// Is told from within the writing of a frame: nothing may be written here.
    func wroteFrame(_ frame: HTTP2Frame) {
        switch frame.payload {
        case .data(let payload):
            guard let stream = streams[frame.streamID] else { return }
            let count = payload.data.readableBytes
            windowFrames.refund(count &>> 6)
            if stream.wrote(count) {
                unblocked.append(stream)
                scheduleTurn()
            }
        default: faults.wrote(frame.payload)
        }
    }
}
