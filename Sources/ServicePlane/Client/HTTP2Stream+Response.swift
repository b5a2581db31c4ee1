// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Protocols

/// What the exchange sends.
///
/// A head and a piece of the body are kept back until the next call, so that the end of a response that is complete when
/// it is flushed costs no frame of its own.
extension HTTP2Stream: ClientStream {
    var isWritable: Bool { !isBlocked }

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
        pendingHead = HTTP2ResponseFields.make(head, in: message, framing: framing, isForHead: isForHead, isOwn: isOwn)
    }

    func send(body: ByteBuffer) {
        let count = body.readableBytes
        guard let connection, takesBody, !isResponseEnded, count > 0 else { return }
        writePending(connection, endStream: false)
        pendingBody = body
        if unsent == 0 { lastProgress = connection.now }
        unsent &+= count
        connection.unsentBytes &+= count
        if unsent >= connection.unsentLimit { isBlocked = true }
    }

    func finish(trailers: [TrailerField]) {
        guard let connection, !isResponseEnded else { return }
        guard isResponseStarted else { return abort() }
        isResponseEnded = true
        linger()
        let trailers = HTTP2ResponseFields.make(trailers: trailers, limits: connection.limits.heads)
        let hasPending = pendingHead != nil || pendingBody != nil
        if hasPending { writePending(connection, endStream: trailers == nil) }
        if let trailers {
            connection.write(.headers(.init(headers: trailers, endStream: true)), on: id)
        } else if !hasPending {
            connection.write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), on: id)
        }
        connection.requestFlush()
    }

    func flush() {
        guard let connection else { return }
        writePending(connection, endStream: false)
        connection.requestFlush()
    }

    func resumeBody() { releaseHeld() }

    func abort() {
        guard !isResponseEnded else { return }
        reset(.internalError)
    }

    func startRelay() { abort() }

    /// Writes what was kept back; the last frame of it ends the stream if told so.
    private func writePending(_ connection: HTTP2Connection, endStream: Bool) {
        let body = pendingBody
        pendingBody = nil
        if let headers = pendingHead {
            pendingHead = nil
            connection.write(.headers(.init(headers: headers, endStream: endStream && body == nil)), on: id)
        }
        if let body { connection.write(.data(.init(data: .byteBuffer(body), endStream: endStream)), on: id) }
    }

    /// A frame of the body has left the connection's buffers. Returns true when the exchange is to be told that it may
    /// send again.
    func wrote(_ count: Int, now: Int64) -> Bool {
        unsent &-= count
        lastProgress = now
        guard isBlocked, let connection, unsent <= connection.unsentLimit / 2 else { return false }
        isBlocked = false
        return true
    }
}
