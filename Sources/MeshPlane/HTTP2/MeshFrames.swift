// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols
import Transport

/// The frames of one Envoy's HTTP/2 connection, directly above `NIOHTTP2Handler`: hands them to the streams that they belong
/// to, opens windows, and sends all answers of one turn of the loop together. A channel for each stream would cost as much as
/// the decision.
final class MeshFrames: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let connection: MeshConnection
    var watchIndex = -1
    /// Nanoseconds of the monotonic clock at the last sweep: near enough for deadlines.
    private(set) var now: Int64
    private var blockedSince: Int64 = 0
    private var context: ChannelHandlerContext?
    private var streams: [HTTP2StreamID: EnvoyStream] = [:]
    private var window = HTTP2Window(size: 65_535, target: MeshLimits.connectionWindow)
    /// Bytes of questions in all streams.
    private var heldBytes = 0
    private var faults = HTTP2Faults()
    private var isReading = false
    private var needsFlush = false
    private var isReadHeld = false

    init(_ connection: MeshConnection) {
        self.connection = connection
        now = connection.context.clock.monotonic()
    }

    /// What reads and writes the frames.
    func makeHandler() -> NIOHTTP2Handler {
        HTTP2FrameSettings(
            streamWindow: MeshLimits.streamWindow, headBytes: HTTP1QuestionReader.limits.headBytes,
            concurrentStreams: MeshLimits.checksOfConnection, controlFrames: 256, resets: MeshLimits.resets,
            streamErrors: 200
        ).server(self)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.context.watch(self)
    }

    /// Opens the connection's window, once both handlers are in their places.
    func open() {
        openWindow()
        settle()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        connection.context.unwatch(self)
        context = nil
        let ended = streams.values
        streams = [:]
        for stream in ended { stream.end() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOHTTP2Errors.StreamError {
            guard streams[error.streamID] != nil else { return }
            reset(error.streamID, .internalError)
            return requestFlush()
        }
        // What broke the rules of one stream has ended that stream already; all else ends the connection.
        if !faults.isOfOneStream() { context.close(promise: nil) }
    }

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let payload):
            if let stream = streams[frame.streamID] { return stream.receive(trailersEnding: payload.endStream) }
            let isFollowed = payload.headers.first(name: ":path")?.utf8.elementsEqual(FollowStream.method.utf8) ?? false
            let stream = isFollowed ? FollowStream(frame.streamID, of: self) : MeshStream(frame.streamID, of: self)
            streams[frame.streamID] = stream
            stream.receive(payload.headers, endStream: payload.endStream)
        case .data(let payload):
            guard let stream = streams[frame.streamID], case .byteBuffer(let bytes) = payload.data else { return }
            stream.receive(bytes, endStream: payload.endStream)
            guard streams[frame.streamID] != nil else { return }
            heldBytes &+= stream.countHeld()
            if heldBytes > MeshLimits.bytesOfConnection { stream.refuseTooMuch() }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        settle()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as StreamClosedEvent:
            guard let stream = streams.removeValue(forKey: event.streamID) else { return }
            stream.end()
            heldBytes &+= stream.countHeld()
        case let event as NIOHTTP2WindowUpdatedEvent:
            guard let size = event.inboundWindowSize else { return }
            if event.streamID == .rootStream {
                window.size = size
                openWindow()
            } else {
                openWindow(of: event.streamID, size)
            }
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func openWindow() {
        guard let increment = window.increment(holding: 0) else { return }
        write(.windowUpdate(windowSizeIncrement: increment), on: .rootStream)
        requestFlush()
    }

    /// A question may have more bytes than the window of its stream, and is looked at when it is complete.
    private func openWindow(of id: HTTP2StreamID, _ size: Int) {
        guard size <= MeshLimits.streamWindow / 2, streams[id]?.awaitsMore == true else { return }
        write(.windowUpdate(windowSizeIncrement: MeshLimits.streamWindow &- size), on: id)
        requestFlush()
    }

    /// An Envoy that takes no answers may not ask for more.
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

    // MARK: What goes

    /// Writes a frame; it is sent with the next flush.
    func write(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) {
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
    }

    /// Ends a stream of which Envoy has not sent everything.
    func reset(_ id: HTTP2StreamID, _ code: HTTP2ErrorCode = .noError) {
        write(.rstStream(code), on: id)
        faults.resetByChoice()
    }

    /// Sends what was written at the end of the turn.
    func requestFlush() {
        guard !needsFlush else { return }
        needsFlush = true
        if !isReading { connection.context.settleAfterRecords(self) }
    }
}

extension MeshFrames: TurnSettler {
    func settle() {
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
    }
}

extension MeshFrames: DeadlineWatched {
    func sweep(now: Int64) {
        self.now = now
        if context?.channel.isWritable != false {
            blockedSince = 0
        } else if blockedSince == 0 {
            blockedSince = now
        } else if now &- blockedSince > MeshLimits.sendStall.nanoseconds {
            context?.close(promise: nil)
            return
        }
        for stream in Array(streams.values) { stream.sweep(now) }
    }
}

extension MeshFrames: NIOHTTP2FrameDelegate {
    func wroteFrame(_ frame: HTTP2Frame) { faults.wrote(frame.payload) }
}
