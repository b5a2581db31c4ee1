// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols

/// What the exchange sends.
extension HTTP2Stream: ClientStream {
    var isWritable: Bool { !outbox.isBlocked }

    func send(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing, isOwn: Bool) {
        guard let connection, !isResponseStarted, !isResponseEnded else { return }
        if head.isInformational {
            // HTTP/2 has no switch of protocols (RFC 9113 section 8.6).
            guard head.status != 101 else { return }
            let headers = HTTP2ResponseFields.make(
                head, in: message, framing: .none, isForHead: isForHead, isOwn: isOwn)
            return connection.write(.headers(.init(headers: headers)), on: id)
        }
        isResponseStarted = true
        takesBody = framing != .none && !isForHead
        outbox.head = HTTP2ResponseFields.make(head, in: message, framing: framing, isForHead: isForHead, isOwn: isOwn)
    }

    func send(body: ByteBuffer) {
        let count = body.readableBytes
        guard let connection, takesBody, !isResponseEnded, count > 0 else { return }
        writePending(connection, endStream: false)
        if outbox.unsent == 0 { lastProgress = connection.now }
        outbox.hold(body)
        connection.unsentBytes &+= count
        outbox.count(count, limit: connection.unsentLimit)
    }

    func finish(trailers: [TrailerField]) {
        guard let connection, !isResponseEnded else { return }
        guard isResponseStarted else { return abort() }
        isResponseEnded = true
        linger()
        let trailers = HTTP2TrailerSection.make(trailers, limits: connection.limits.heads)
        let isHolding = outbox.isHolding
        if isHolding { writePending(connection, endStream: trailers == nil) }
        if let trailers {
            connection.write(.headers(.init(headers: trailers, endStream: true)), on: id)
        } else if !isHolding {
            connection.write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), on: id)
        }
        connection.requestFlush()
    }

    func flush() {
        guard let connection else { return }
        writePending(connection, endStream: false)
        connection.requestFlush()
    }

    func endConnection() { connection?.drain() }

    func resumeBody() { releaseHeld() }

    func abort() {
        guard !isResponseEnded else { return }
        reset(.internalError)
    }

    func startRelay() { abort() }

    /// Writes what was kept back; the last frame of it ends the stream if told so.
    private func writePending(_ connection: HTTP2Connection, endStream: Bool) {
        let (headers, body) = outbox.take()
        if let headers {
            connection.write(.headers(.init(headers: headers, endStream: endStream && body == nil)), on: id)
        }
        if let body { connection.write(.data(.init(data: .byteBuffer(body), endStream: endStream)), on: id) }
    }

    /// A frame of the body has left the connection's buffers. Returns true when the exchange is to be told that it may
    /// send again.
    func wrote(_ count: Int, now: Int64) -> Bool {
        outbox.left(count)
        lastProgress = now
        guard let connection else { return false }
        return outbox.unblock(below: connection.unsentLimit)
    }
}
