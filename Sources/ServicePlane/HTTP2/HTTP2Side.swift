// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHTTP2
import Transport

/// What waits for the end of a turn of the loop on an HTTP/2 connection.
struct HTTP2Turn {
    /// Whether frames are being read: the end of the reading is the end of the turn.
    var isReading = false
    fileprivate var needsFlush = false
    fileprivate var isScheduled = false
}

/// One side of an HTTP/2 connection of the gate, towards a client or towards a service: a handler directly above
/// `NIOHTTP2Handler`. Here is what both do alike with frames, the connection's window and the turns of the loop.
protocol HTTP2Side: ChannelDuplexHandler where InboundIn == HTTP2Frame, OutboundOut == HTTP2Frame {
    var context: ChannelHandlerContext? { get }
    var phase: HTTP2Phase { get set }
    var turn: HTTP2Turn { get set }
    /// The window of all streams together.
    var window: HTTP2Window { get set }
    /// Bytes of bodies that are not wanted yet, in all streams.
    var heldBytes: Int { get }
    /// Nanoseconds of the monotonic clock, or of the last sweep.
    var now: Int64 { get }
    var closingSince: Int64 { get set }

    /// Tells streams what they waited for in this turn.
    func serveWaiting()
}

extension HTTP2Side {
    /// Writes a frame; it is sent with the next flush.
    func write(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) {
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
    }

    /// Sends what was written, once all that is ready in this turn of the loop has been served.
    func requestFlush() {
        turn.needsFlush = true
        if !turn.isReading { scheduleTurn() }
    }

    /// Has the turn end soon, if nothing is read that would end it.
    func scheduleTurn() {
        guard !turn.isScheduled, let context else { return }
        turn.isScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.turn.isScheduled = false
            self.settle()
        }
    }

    /// The turn is over: tells those who waited for it, then sends.
    func settle() {
        serveWaiting()
        guard turn.needsFlush else { return }
        turn.needsFlush = false
        context?.flush()
    }

    /// Opens the connection's window for the first time, which is smaller by itself.
    func openWindow() {
        guard window.target > window.size else { return }
        write(.windowUpdate(windowSizeIncrement: window.target &- window.size), on: .rootStream)
        requestFlush()
    }

    /// Lets the other side send more once half of the connection's window is used up by what was taken.
    func updateWindow() {
        guard phase != .closing, let increment = window.increment(holding: heldBytes) else { return }
        write(.windowUpdate(windowSizeIncrement: increment), on: .rootStream)
        requestFlush()
    }

    /// Says goodbye, and closes the connection when that has been sent and all before it.
    func end(after last: HTTP2StreamID) {
        guard phase != .closing, let context else { return }
        phase = .closing
        closingSince = now
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        let goodbye = HTTP2Frame(
            streamID: .rootStream, payload: .goAway(lastStreamID: last, errorCode: .noError, opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(goodbye), promise: sent)
    }
}
