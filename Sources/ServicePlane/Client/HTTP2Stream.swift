// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols
import Transport

/// One request on an HTTP/2 connection and its answer: the client's side of an exchange.
///
/// An object and no channel: a child channel for each stream costs more than all else that the gate does for a request.
final class HTTP2Stream {
    /// A head that waits for the end of its request, which says that it has no body.
    struct HeldHead {
        let head: HTTP1RequestHead
        let message: ByteBuffer
    }

    /// Its number.
    let id: HTTP2StreamID
    /// The connection, until the stream is closed.
    var connection: HTTP2Connection?
    /// Who answers; nobody any more once the response is complete or given up.
    var exchange: (any StreamExchange)?

    // MARK: The request

    var window = HTTP2Window(size: 0, target: 0)
    /// Bytes that the client has announced and not sent yet.
    private var expected: UInt64?
    /// What was received and is not wanted yet, in memory of its own.
    private(set) var held = ByteBuffer()
    /// The end behind ``held``.
    private var heldEnd: [TrailerField]?
    private var heldHead: HeldHead?
    private var hasBegun = false
    private var isRefused = false
    private(set) var isRequestEnded = false
    /// Since when the response has ended before the request.
    private(set) var lingeringSince: Int64?
    private var lingeredBytes = 0

    // MARK: The response, see HTTP2Stream+Response.swift

    var isForHead = false
    var outbox = HTTP2Outbox()
    var takesBody = false
    var isResponseStarted = false
    var isResponseEnded = false
    /// When something was received or sent last, by the connection's sweeps.
    var lastProgress: Int64

    init(id: HTTP2StreamID, connection: HTTP2Connection) {
        self.id = id
        self.connection = connection
        lastProgress = connection.now
    }

    // MARK: What the client sends

    /// Takes a head that passed.
    func begin(_ head: HTTP1RequestHead, in message: ByteBuffer, endStream: Bool) {
        isForHead = head.method == .head
        expected = head.fields.contentLength
        isRequestEnded = endStream
        if endStream {
            start(head, in: message)
            exchange?.receiveEnd(trailers: [])
        } else if head.framing == .none {
            // It says that nothing follows, and it may yet be a lie: nobody acts on it before its end has come.
            heldHead = HeldHead(head: head, message: message)
        } else {
            start(head, in: message)
        }
    }

    /// Takes a head that did not pass. What follows it is not read: the answer ends the stream.
    func refuse(_ refusal: HTTP1Refusal, endStream: Bool) {
        isRefused = true
        isRequestEnded = endStream
        exchange?.refuse(refusal)
    }

    private func start(_ head: HTTP1RequestHead, in message: ByteBuffer) {
        hasBegun = true
        exchange?.begin(head, in: message)
    }

    /// Takes a piece of the body.
    func receive(body: ByteBuffer, endStream: Bool) {
        guard !isRequestEnded, let connection else { return }
        lastProgress = connection.now
        isRequestEnded = endStream
        let count = body.readableBytes
        if lingeringSince != nil { lingeredBytes &+= count }
        guard !isRefused else { return }
        if let expected {
            guard UInt64(count) <= expected else { return breakOff(.badContentLength) }
            self.expected = expected &- UInt64(count)
        }
        if count > 0, let exchange {
            if held.readableBytes == 0, exchange.wantsBody {
                exchange.receive(body: body)
            } else {
                hold(body, connection)
            }
        }
        if endStream { endRequest(trailers: []) }
    }

    /// Takes the trailer section, with which the request ends.
    func receive(trailers headers: HPACKHeaders) {
        guard !isRequestEnded, let connection else { return }
        lastProgress = connection.now
        isRequestEnded = true
        guard !isRefused else { return }
        do throws(HTTP1RefusalReason) {
            endRequest(trailers: try HTTP2TrailerSection.read(headers, limits: connection.limits.heads))
        } catch {
            breakOff(error)
        }
    }

    private func endRequest(trailers: [TrailerField]) {
        if let expected, expected > 0 { return breakOff(.badContentLength) }
        if let held = heldHead {
            heldHead = nil
            start(held.head, in: held.message)
        }
        if held.readableBytes > 0 {
            heldEnd = trailers
        } else {
            exchange?.receiveEnd(trailers: trailers)
        }
    }

    /// Ends a request that turned out to be malformed.
    private func breakOff(_ reason: HTTP1RefusalReason) {
        heldHead = nil
        guard hasBegun else { return refuse(HTTP1Refusal(reason), endStream: isRequestEnded) }
        // Whoever got the part before must not take it as all there is.
        let exchange = exchange
        reset(.protocolError, isEarly: true)
        exchange?.clientClosed()
    }

    // MARK: What is not wanted yet

    private func hold(_ body: ByteBuffer, _ connection: HTTP2Connection) {
        // A copy: a slice would keep the whole buffer of a read alive.
        held.writeImmutableBuffer(body)
        connection.heldBytes &+= body.readableBytes
    }

    func releaseHeld() {
        guard held.readableBytes > 0, let exchange, exchange.wantsBody, let connection else { return }
        let body = held
        held = ByteBuffer()
        connection.heldBytes &-= body.readableBytes
        exchange.receive(body: body)
        if held.readableBytes == 0, let trailers = heldEnd {
            heldEnd = nil
            self.exchange?.receiveEnd(trailers: trailers)
        }
        updateWindow()
        connection.updateWindow()
    }

    /// The response is complete: what the client still sends is dropped (RFC 9113 section 8.1).
    func linger() {
        guard let connection else { return }
        exchange = nil
        heldHead = nil
        connection.heldBytes &-= held.readableBytes
        held = ByteBuffer()
        if !isRequestEnded { lingeringSince = connection.now }
        updateWindow()
        connection.updateWindow()
    }

    /// Lets the client send more once half of the window is used up by what was taken.
    func updateWindow() {
        guard !isRequestEnded, let connection else { return }
        let isTaken =
            lingeringSince == nil ? hasBegun && exchange != nil : lingeredBytes < connection.limits.lingeringBytes
        guard isTaken else { return }
        guard let increment = window.increment(holding: held.readableBytes) else { return }
        connection.write(.windowUpdate(windowSizeIncrement: increment), on: id)
        connection.requestFlush()
    }

    // MARK: The end

    /// Gives the stream up. The exchange is not told.
    func reset(_ code: HTTP2ErrorCode, isEarly: Bool = false) {
        guard let connection else { return }
        exchange = nil
        isResponseEnded = true
        connection.reset(self, code, isEarly: isEarly)
    }

    /// The connection has no such stream any more.
    func close() {
        guard let connection else { return }
        self.connection = nil
        connection.heldBytes &-= held.readableBytes
        connection.unsentBytes &-= outbox.unsent
        held = ByteBuffer()
        outbox.close()
        heldHead = nil
        let exchange = exchange
        self.exchange = nil
        exchange?.clientClosed()
    }

    /// Whether the client has kept the gate waiting for too long.
    func isOverdue(now: Int64, _ limits: HTTP2Limits) -> Bool {
        let waited = now &- lastProgress
        if outbox.unsent > 0 { return waited > limits.sendStall }
        if let lingeringSince {
            return waited > limits.lingeringPause || now &- lingeringSince > limits.lingering
        }
        guard !isRequestEnded, !isResponseStarted, held.readableBytes == 0 else { return false }
        return waited > limits.bodyStall && exchange?.wantsBody != false
    }
}
