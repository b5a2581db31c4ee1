// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols
import Transport

/// One Envoy's HTTP/2 connection (RFC 9113), from bytes to streams and back: hands frames to the streams that they belong to,
/// keeps the windows of both directions, and sends all answers of one turn of the loop together.
///
/// A channel for each stream, or frames that pass through several handlers, would cost as much as the decision. What is
/// malformed in itself, ``HTTP2FrameReader`` refuses; here is what depends on streams.
final class MeshFrames: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let connection: MeshConnection
    var watchIndex = -1
    /// Nanoseconds of the monotonic clock at the last sweep: near enough for deadlines.
    private(set) var now: Int64
    var output = FrameOutput()
    private var blockedSince: Int64 = 0
    private var context: ChannelHandlerContext?
    private var reader: HTTP2FrameReader
    private var received = ByteBuffer()
    private var streams: [UInt32: EnvoyStream] = [:]
    private var lastStream: UInt32 = 0
    /// Streams that have more to say than their window, or the connection's, lets them.
    private var blocked: Set<UInt32> = []
    private var window = HTTP2Window(size: 65_535, target: MeshLimits.connectionWindow)
    /// Bytes of questions in all streams.
    private var heldBytes = 0
    private var idleFrames = FrameRate(limit: MeshLimits.idleFrames)
    private var resets = FrameRate(limit: MeshLimits.resets)
    private var faults = FrameRate(limit: MeshLimits.streamFaults)
    private var isOver = false
    /// When the last words were said.
    private var overAt: Int64?
    private var isReading = false
    private var needsFlush = false
    private var isReadHeld = false

    init(_ connection: MeshConnection) {
        self.connection = connection
        now = connection.context.clock.monotonic()
        let limits = HTTP1QuestionReader.limits
        reader = HTTP2FrameReader(listBytes: limits.headBytes, fieldCount: limits.headerCount)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.context.watch(self)
        output.writeSettings([
            (.concurrentStreams, MeshLimits.checksOfConnection), (.initialWindow, MeshLimits.streamWindow),
            (.listBytes, HTTP1QuestionReader.limits.headBytes),
        ])
        openWindow()
        requestFlush()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        isOver = true
        connection.context.unwatch(self)
        context = nil
        let ended = streams.values
        streams = [:]
        for stream in ended { stream.end() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// Ends the connection because of what Envoy sent.
    private func fail(_ code: HTTP2Code) {
        guard !isOver else { return }
        isOver = true
        output.writeGoAway(lastStream, code)
        needsFlush = true
        settle()
        guard let context else { return }
        // Closed at once, what Envoy has still on its way would take the last words with it.
        overAt = connection.context.clock.monotonic()
        endOutput(of: context, isInputClosed: false) {}
    }

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        var bytes = unwrapInboundIn(data)
        if received.readableBytes > 0 {
            received.discardReadBytes()
            received.writeBuffer(&bytes)
        } else {
            received = bytes
        }
        while !isOver {
            let event = received.withUnsafeReadableBytes { reader.next($0) }
            if event == .needMore { break }
            take(event)
            received.moveReaderIndex(forwardBy: reader.consumed)
        }
        if isOver || received.readableBytes == 0 { received = ByteBuffer() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        settle()
        context.fireChannelReadComplete()
    }

    private func take(_ event: HTTP2Event) {
        switch event {
        case .head(let id, let endStream, let isTooLarge): takeHead(id, endStream, isTooLarge)
        case .data(let id, let payload, let size, let endStream): takeData(id, payload, size, endStream)
        case .windowUpdate(let id, let increment): takeWindowUpdate(id, increment)
        case .reset(let id):
            guard id <= lastStream else { return fail(.protocolError) }
            guard resets.mayHappen(at: now) else { return fail(.enhanceYourCalm) }
            forget(id)
        case .streamFailure(let id, let code):
            guard id <= lastStream else { return fail(.protocolError) }
            refuse(id, code)
        case .settings(let settings):
            guard idleFrames.mayHappen(at: now) else { return fail(.enhanceYourCalm) }
            takeSettings(settings)
        case .ping(let bytes):
            guard idleFrames.mayHappen(at: now) else { return fail(.enhanceYourCalm) }
            output.writePingAnswer(bytes)
            requestFlush()
        case .idle: if !idleFrames.mayHappen(at: now) { fail(.enhanceYourCalm) }
        case .failure(let code): fail(code)
        // What is open goes on to its end.
        case .goAway, .nothing, .needMore: break
        }
    }

    private func takeHead(_ id: UInt32, _ endStream: Bool, _ isTooLarge: Bool) {
        if let stream = streams[id] {
            // A second section is the last one (RFC 9113 section 8.1).
            guard !stream.isComplete else { return refuse(id, .streamClosed) }
            guard endStream else { return refuse(id, .protocolError) }
            return stream.receiveTrailers()
        }
        // It may have been on its way when the stream was ended here.
        guard id > lastStream else { return countFault() }
        lastStream = id
        guard streams.count < MeshLimits.checksOfConnection else { return refuse(id, .refusedStream) }
        let fields = reader.fields
        guard connection.isKnown else {
            let stream = MeshStream(id, of: self)
            streams[id] = stream
            stream.refuseStranger(fields)
            return fail(.noError)
        }
        let isFollowed = fields.withFirst(":path") { ByteScan.equals($0, FollowStream.method) } ?? false
        let stream = isFollowed ? FollowStream(id, of: self) : MeshStream(id, of: self)
        streams[id] = stream
        stream.receive(isTooLarge ? nil : fields, endStream: endStream)
    }

    private func takeData(_ id: UInt32, _ payload: ByteRange, _ size: Int, _ endStream: Bool) {
        guard id <= lastStream else { return fail(.protocolError) }
        window.size &-= size
        guard window.size >= 0 else { return fail(.flowControlError) }
        openWindow()
        if payload.isEmpty, !endStream, !idleFrames.mayHappen(at: now) { return fail(.enhanceYourCalm) }
        // A stream that was ended here: what was on its way is of no use.
        guard let stream = streams[id] else { return }
        guard !stream.isComplete else { return refuse(id, .streamClosed) }
        guard stream.takeWindow(size) else { return refuse(id, .flowControlError) }
        let start = received.readerIndex &+ Int(payload.start)
        guard let bytes = received.getSlice(at: start, length: Int(payload.count)) else { return fail(.internalError) }
        stream.receive(bytes, endStream: endStream)
        guard streams[id] != nil else { return }
        heldBytes &+= stream.countHeld()
        if heldBytes > MeshLimits.bytesOfConnection { stream.refuseTooMuch() }
        guard stream.awaitsMore, let increment = stream.openWindow() else { return }
        output.writeWindowUpdate(id, increment)
        requestFlush()
    }

    private func openWindow() {
        guard let increment = window.increment(holding: 0) else { return }
        window.size &+= increment
        output.writeWindowUpdate(0, increment)
        requestFlush()
    }

    private func takeWindowUpdate(_ id: UInt32, _ increment: Int) {
        guard id <= lastStream else { return fail(.protocolError) }
        // Who lets a few bytes through at a time has all that wait looked at for them.
        if increment < MeshLimits.usefulIncrement, !blocked.isEmpty, !idleFrames.mayHappen(at: now) {
            return fail(.enhanceYourCalm)
        }
        if id == 0 {
            guard output.widen(by: increment) else { return fail(.flowControlError) }
            return sendBlocked()
        }
        guard let stream = streams[id] else { return }
        guard stream.widen(by: increment) else { return refuse(id, .flowControlError) }
        if blocked.contains(id) { sendBlocked() }
    }

    private func takeSettings(_ settings: HTTP2PeerSettings) {
        if let size = settings.initialWindow {
            let change = size &- output.initialWindow
            output.initialWindow = size
            for stream in streams.values where !stream.widen(by: change) { return fail(.flowControlError) }
        }
        if let bytes = settings.tableBytes { output.noteTable(bytes) }
        output.writeSettingsAnswer()
        requestFlush()
        sendBlocked()
    }

    // MARK: Faults

    /// Ends a stream because of what Envoy sent on it.
    private func refuse(_ id: UInt32, _ code: HTTP2Code) {
        output.writeReset(id, code)
        requestFlush()
        forget(id)
        countFault()
    }

    private func countFault() {
        if !faults.mayHappen(at: now) { fail(.enhanceYourCalm) }
    }

    /// The stream is over.
    func forget(_ id: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        blocked.remove(id)
        stream.end()
        heldBytes &+= stream.countHeld()
    }

    // MARK: What goes

    /// Sends what can be sent now of a stream.
    func send(_ stream: EnvoyStream) {
        guard output.write(stream) else {
            blocked.insert(stream.id)
            return
        }
        blocked.remove(stream.id)
    }

    private func sendBlocked() {
        guard !blocked.isEmpty else { return }
        for id in blocked.sorted() {
            guard let stream = streams[id] else { continue }
            stream.sendRest()
        }
    }

    /// Sends what was written at the end of the turn.
    func requestFlush() {
        guard !needsFlush else { return }
        needsFlush = true
        if !isReading { connection.context.settleAfterRecords(self) }
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
}

extension MeshFrames: TurnSettler {
    func settle() {
        guard needsFlush else { return }
        needsFlush = false
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(output.bytes), promise: nil)
        output.clear()
    }
}

extension MeshFrames: DeadlineWatched {
    func sweep(now: Int64) {
        self.now = now
        if let overAt, now &- overAt > MeshLimits.farewell.nanoseconds { context?.close(promise: nil) }
        if connection.hasOverstayed(now) { fail(.noError) }
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
