// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols
import Transport

/// One request on an HTTP/2 connection to a service, and its answer.
final class UpstreamStream {
    /// Its number, from the moment on which its head was sent.
    var id: HTTP2StreamID?
    /// Whether the connection counts it as under way.
    private(set) var isOpen = true
    private(set) weak var client: (any UpstreamClient)?
    private let session: UpstreamSession
    /// When it began, and what the connection had received then.
    private let openedAt: (time: Int64, received: UInt64)

    // MARK: The request

    private var isForHead = false
    private var outbox = HTTP2Outbox()
    private var isRequestEnded = false

    // MARK: The answer

    var window: HTTP2Window
    /// Whether nothing of an answer came.
    private(set) var isUnanswered = true
    /// Whether the final head was received.
    private(set) var hasBegun = false
    /// Why the connection is about to be closed, if the service said it.
    var failure: String?
    private var takesBody = false
    private var framing = HTTP1Framing.none
    private var expected: UInt64?
    /// What was received and is not wanted yet.
    private var held = ByteBuffer()
    /// The end behind ``held``.
    private var heldEnd: [TrailerField]?
    private var isAnswerEnded = false
    /// Whether its client waits for a flush at the end of the turn.
    var isTouched = false

    init(session: UpstreamSession, client: any UpstreamClient) {
        self.session = session
        self.client = client
        openedAt = (session.now, session.received)
        window = HTTP2Window(size: session.limits.streamWindow, target: session.limits.streamWindow)
    }

    // MARK: What the client sends

    /// Whether more of the request's body is taken.
    var isWritable: Bool { isOpen && !outbox.isBlocked }

    /// Takes the head of the request.
    func send(_ fields: UpstreamRequestFields) {
        isForHead = fields.isForHead
        outbox.head = fields.headers
    }

    /// Takes a piece of the body.
    func send(body: ByteBuffer) {
        let count = body.readableBytes
        guard isOpen, !isRequestEnded, count > 0 else { return }
        writePending(endStream: false)
        outbox.hold(body)
        outbox.count(count, limit: session.limits.unsentBytes)
    }

    /// Takes the end of the request.
    func finish(trailers: [TrailerField]) {
        guard isOpen, !isRequestEnded else { return }
        isRequestEnded = true
        let trailers = HTTP2TrailerSection.make(trailers, limits: session.limits.heads)
        let isHolding = outbox.isHolding
        if isHolding { writePending(endStream: trailers == nil) }
        guard let id else { return }
        if let trailers {
            session.write(.headers(.init(headers: trailers, endStream: true)), on: id)
        } else if !isHolding {
            session.write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), on: id)
        }
    }

    /// Sends what was handed over.
    func flush() {
        guard isOpen else { return }
        writePending(endStream: false)
        session.requestFlush()
    }

    /// Writes what was kept back; the last frame of it ends the request if told so.
    private func writePending(endStream: Bool) {
        let (headers, body) = outbox.take()
        if let headers { session.open(self, headers, endStream: endStream && body == nil) }
        guard let body, let id else { return }
        session.write(.data(.init(data: .byteBuffer(body), endStream: endStream)), on: id)
    }

    /// A frame of the body has left the connection's buffers. Returns true when more of it is taken again.
    func wrote(_ count: Int) -> Bool {
        outbox.left(count)
        return outbox.unblock(below: session.limits.unsentBytes)
    }

    // MARK: What the service sends

    /// Takes a header list: a head, or the fields behind the body.
    func receive(_ headers: HPACKHeaders, endStream: Bool) {
        guard client != nil else { return }
        isUnanswered = false
        if hasBegun { return receive(trailers: headers, endStream: endStream) }
        switch session.translate(headers, endStream: endStream, hasBody: !isForHead) {
        case .failure(let refusal): fail(.upstreamInvalid, "\(refusal.code): \(refusal)", .protocolError)
        case .success((let head, let message)): judge(head, message, endStream: endStream)
        }
    }

    private func judge(_ head: HTTP1ResponseHead, _ message: ByteBuffer, endStream: Bool) {
        guard let client else { return }
        switch client.judge(head, limits: session.limits.heads) {
        case .informational(let forward):
            if forward { client.responseHead(head, in: message, framing: .none) }
        case .final(let framing, _):
            hasBegun = true
            self.framing = framing
            takesBody = framing != .none
            if case .contentLength(let length) = framing { expected = length }
            client.responseHead(head, in: message, framing: framing)
            touch()
            if endStream { end(trailers: []) }
        case .switched, nil: fail(.upstreamInvalid, "the service switched protocols unasked", .protocolError)
        case .refused(let refusal): fail(.upstreamInvalid, "\(refusal.code): \(refusal)", .protocolError)
        }
    }

    private func receive(trailers headers: HPACKHeaders, endStream: Bool) {
        guard endStream else { return fail(.upstreamInvalid, "the service sent a second head", .protocolError) }
        do throws(HTTP1RefusalReason) {
            end(trailers: try HTTP2TrailerSection.read(headers, limits: session.limits.heads))
        } catch {
            let refusal = HTTP1Refusal(error, in: .response)
            fail(.upstreamInvalid, "\(refusal.code): \(refusal)", .protocolError)
        }
    }

    /// Takes a piece of the body.
    func receive(body: ByteBuffer, endStream: Bool) {
        guard let client else { return }
        guard hasBegun, !isAnswerEnded else {
            return fail(.upstreamInvalid, "the service sent a body without a head", .protocolError)
        }
        let count = body.readableBytes
        if count > 0 {
            guard takesBody, expected.map({ $0 >= UInt64(count) }) ?? true else {
                return fail(.upstreamInvalid, "the service sent more than it announced", .protocolError)
            }
            expected = expected.map { $0 &- UInt64(count) }
            if held.readableBytes == 0, client.isWritable {
                client.responseBody(body, framing: framing)
                touch()
            } else {
                // A copy: a slice would keep the whole buffer of a read alive.
                held.writeImmutableBuffer(body)
                session.heldBytes &+= count
            }
        }
        if endStream { end(trailers: []) }
    }

    private func end(trailers: [TrailerField]) {
        guard client != nil else { return }
        if let expected, expected > 0 {
            return fail(.upstreamInvalid, "the service sent less than it announced", .protocolError)
        }
        isAnswerEnded = true
        if held.readableBytes > 0 { heldEnd = trailers } else { deliverEnd(trailers) }
    }

    private func deliverEnd(_ trailers: [TrailerField]) {
        if !trailers.isEmpty { client?.responseTrailers(trailers) }
        client?.responseFinished(framing: framing, isReusable: true)
    }

    private func touch() {
        guard !isTouched, client != nil else { return }
        isTouched = true
        session.touched(self)
    }

    func flushClient() {
        isTouched = false
        client?.flush()
    }

    /// The client takes more than when it was asked last.
    func resumeReading() {
        guard held.readableBytes > 0, let client, client.isWritable else { return }
        let body = held
        held = ByteBuffer()
        session.heldBytes &-= body.readableBytes
        client.responseBody(body, framing: framing)
        if let trailers = heldEnd {
            heldEnd = nil
            deliverEnd(trailers)
        } else {
            client.flush()
        }
        updateWindow()
        session.updateWindow()
    }

    /// Lets the service send more once half of the window is used up by what was taken.
    func updateWindow() {
        guard isOpen, !isAnswerEnded, client != nil, let id else { return }
        guard let increment = window.increment(holding: held.readableBytes) else { return }
        session.write(.windowUpdate(windowSizeIncrement: increment), on: id)
        session.requestFlush()
    }

    // MARK: The end

    /// The client has all it wants.
    func release() {
        client = nil
        discard()
        if isOpen, !isRequestEnded || !isAnswerEnded || outbox.unsent > 0 { session.reset(self, .cancel) }
    }

    /// The client gives the request up.
    func reset() {
        client = nil
        discard()
        guard isOpen else { return }
        session.suspect(since: openedAt.received, at: openedAt.time)
        session.reset(self, .cancel)
    }

    /// Ends the request because of what the service did, or did not do.
    func fail(_ reason: ReasonCode, _ detail: String, _ code: HTTP2ErrorCode = .cancel) {
        let client = self.client
        self.client = nil
        discard()
        session.reset(self, code)
        client?.responseFailed(reason, detail: failure ?? detail)
    }

    /// The service did not look at the request.
    func refuse(_ detail: String) {
        let client = self.client
        self.client = nil
        discard()
        session.reset(self, .cancel)
        client?.responseRefused(detail: detail)
    }

    /// The service ended the request; with a code before its time.
    func closed(_ code: HTTP2ErrorCode?) {
        // An answer that is complete counts, whatever comes behind it.
        guard !isAnswerEnded else { return }
        if code == .refusedStream, isUnanswered { return refuse("the service refused the request") }
        let name = code.map { "\($0)" } ?? "without an answer"
        fail(hasBegun ? .upstreamInvalid : .upstreamUnreachable, "the service ended the request: \(name)")
    }

    /// The connection does not count it any more.
    func close() { isOpen = false }

    private func discard() {
        session.heldBytes &-= held.readableBytes
        held = ByteBuffer()
        heldEnd = nil
        outbox.drop()
    }
}
