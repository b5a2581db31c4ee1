// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols
import Transport

/// Phase `exchange`: one absolute-form request goes up, its response comes down, both re-framed from what was parsed.
extension ProxyConnection {
    func startExchange() {
        guard let request, let upstream, var exchange = request.exchange else { return }
        phase = .exchange
        deadline = Int64.max
        let head = exchange.head
        exchange.head = ByteBuffer()
        request.exchange = exchange
        request.timing.sentAt = loop.now
        startCarrying(isTunnel: false)
        bytesUp &+= head.readableBytes
        guard isCovered() else { return }
        upstream.startExchange(reading: loop.settings.http)
        upstream.write(head)
        sendBody()
        upstream.flush()
        resumeReading()
        upstream.resumeReading()
    }

    /// Whether more of the request body is expected and the upstream takes it.
    var wantsBody: Bool {
        guard let exchange = request?.exchange, let upstream else { return false }
        // While the response is under way one more read is allowed, so that a client that goes away is noticed.
        return exchange.body.isDone ? (received?.readableBytes ?? 0) == 0 : upstream.isWritable
    }

    /// Forwards what was received of the request body.
    func sendBody() {
        guard let request, let upstream, var exchange = request.exchange, !exchange.body.isDone else { return }
        defer { request.exchange = exchange }
        while var bytes = received, bytes.readableBytes > 0 {
            switch bytes.withUnsafeReadableBytes({ exchange.body.read($0) }) {
            case .payload(let consumed, let count):
                bytes.moveReaderIndex(forwardBy: consumed - count)
                guard let payload = bytes.readSlice(length: count) else { return }
                received = bytes
                exchange.bodyBytes &+= UInt64(count)
                let limit = loop.settings.requestBody
                guard limit == 0 || exchange.bodyBytes <= limit else {
                    refuseLate(.requestTooLarge, detail: "egress.limits.request_body is reached")
                    return
                }
                bytesUp &+= count
                guard isCovered(), let clean = screenUp(payload, isLast: exchange.body.isDone) else { return }
                if clean.readableBytes > 0 { upstream.write(clean, framing: exchange.framing) }
                live?.report(up: bytesUp, down: bytesDown)
                if exchange.body.isDone { return }
            case .needMore(let consumed):
                bytes.moveReaderIndex(forwardBy: consumed)
                received = bytes
                upstream.flush()
                resumeReading()
                return
            case .done(let consumed):
                bytes.moveReaderIndex(forwardBy: consumed)
                received = bytes
                guard let rest = screenUp(ByteBuffer(), isLast: true) else { return }
                if rest.readableBytes > 0 { upstream.write(rest, framing: exchange.framing) }
                if exchange.framing == .chunked { upstream.writeLastChunk() }
                upstream.flush()
                return
            case .refused(let refusal):
                refuseLate(.protocolViolation, detail: "\(refusal.code): \(refusal)")
                return
            }
        }
    }

    func judge(_ head: HTTP1ResponseHead, limits: HTTP1Limits) -> HTTP1Exchange.Verdict? {
        request?.exchange?.state.judge(head, limits: limits)
    }

    /// A response head from the upstream, parsed and judged; written anew for the client.
    func responseHead(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing) {
        guard let exchange = request?.exchange, let message = screen(head: message, head) else { return }
        let writer = exchange.writer
        var buffer = ByteBufferAllocator().buffer(capacity: writer.byteBound(head))
        message.withUnsafeReadableBytes { bytes in
            _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: writer.byteBound(head)) {
                writer.write(head, message: bytes, framing: framing, into: $0) ?? 0
            }
        }
        if !head.isInformational, let request {
            request.isAccepted = true
            request.timing.answeredAt = loop.now
            request.timing.status = head.status
        }
        isActive = true
        bytesDown &+= buffer.readableBytes
        write(buffer)
    }

    /// The client's framing of a response body.
    func clientFraming(of framing: HTTP1Framing) -> HTTP1Framing {
        request?.exchange?.writer.clientFraming(framing) ?? framing
    }

    /// A piece of the response body.
    func responseBody(_ payload: ByteBuffer, framing: HTTP1Framing) {
        let framing = clientFraming(of: framing)
        isActive = true
        bytesDown &+= payload.readableBytes
        guard isCovered() else { return }
        live?.report(up: bytesUp, down: bytesDown)
        if let clean = screenDown(payload) { writeBody(clean, framing) }
    }

    private func writeBody(_ payload: ByteBuffer, _ framing: HTTP1Framing) {
        guard payload.readableBytes > 0 else { return }
        if framing == .chunked {
            writeChunk(payload) { write($0) }
        } else {
            write(payload)
        }
    }

    /// The response is complete.
    ///
    /// - Parameter isReusable: Whether the upstream connection may carry another request.
    func responseFinished(framing: HTTP1Framing, isReusable: Bool) {
        let framing = clientFraming(of: framing)
        guard let rest = screenEndDown(), let request, let exchange = request.exchange else { return }
        writeBody(rest, framing)
        if framing == .chunked { write(Self.lastChunk) }
        flush()
        keepSpans()
        finishLive()
        let upstream = self.upstream.take()
        upstream?.detach()
        let isComplete = exchange.body.isDone
        if isReusable, isComplete, let upstream {
            loop.upstreams.keep(upstream)
        } else {
            upstream?.close()
        }
        self.request = nil
        if exchange.allowsKeepAlive, isComplete, framing != .untilClose {
            phase = .head
            deadline = loop.now &+ loop.settings.idleTime
            if received?.readableBytes == 0 { received = nil }
            if received == nil, !isInputClosed {
                resumeReading()
            } else {
                readHead()
            }
        } else {
            end(CutReason(.closed), isOrderly: true)
        }
    }

    /// The upstream agreed to the WebSocket: the exchange becomes a tunnel.
    func responseSwitched() {
        guard let upstream else { return }
        phase = .tunnel
        startCarrying(isTunnel: true)
        deadline = loop.now &+ loop.settings.totalTime
        keepSpans()
        startSocket()
        request = nil
        flush()
        upstream.startRelay()
        if let early = received.take(), early.readableBytes > 0 {
            bytesUp &+= early.readableBytes
            guard let clean = screenMessages(early, isAnswer: false) else { return }
            upstream.write(clean)
            upstream.flush()
        }
        resumeReading()
        upstream.resumeReading()
    }

    /// The upstream broke the protocol or went away before the response was complete.
    func responseFailed(_ reason: ReasonCode, detail: String) {
        refuseLate(reason, detail: detail)
    }

    func exchangeInputClosed() {
        guard let exchange = request?.exchange else { return }
        if !exchange.body.isDone {
            end(CutReason(.closed, detail: "the client closed in the middle of a request body"), isOrderly: false)
        }
        // Otherwise the client only said that it sends no further request; the response still goes to it.
    }

    private static let lastChunk = ByteBuffer(string: "0\r\n\r\n")
}
