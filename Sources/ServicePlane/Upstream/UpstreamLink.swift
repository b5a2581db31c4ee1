// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols
import Transport

/// What carries one request to a service: a connection of HTTP/1.1 for its time, or a stream of HTTP/2.
enum UpstreamLink {
    case connection(UpstreamConnection)
    case stream(UpstreamStream)

    /// Whether more of the request's body is taken.
    var isWritable: Bool {
        switch self {
        case .connection(let connection): connection.isWritable
        case .stream(let stream): stream.isWritable
        }
    }

    /// Whether nothing of an answer came.
    var isUnanswered: Bool {
        switch self {
        case .connection(let connection): connection.isUnanswered
        case .stream(let stream): stream.isUnanswered
        }
    }

    /// Makes ready for a request.
    func startExchange(reading limits: HTTP1Limits) {
        if case .connection(let connection) = self { connection.startExchange(reading: limits) }
    }

    /// Takes the head of a request, to its empty line.
    ///
    /// - Returns: False when this version of HTTP cannot say it.
    func send(head: ByteBuffer, scheme: String, acceptsTrailers: Bool) -> Bool {
        switch self {
        case .connection(let connection): connection.write(head)
        case .stream(let stream):
            guard let fields = UpstreamRequestFields(head, scheme: scheme, acceptsTrailers: acceptsTrailers) else {
                return false
            }
            stream.send(fields)
        }
        return true
    }

    /// Takes a piece of the request's body.
    func send(body: ByteBuffer, framing: HTTP1Framing) {
        switch self {
        case .connection(let connection): connection.write(body, framing: framing)
        case .stream(let stream): stream.send(body: body)
        }
    }

    /// Takes the end of the request.
    func finish(framing: HTTP1Framing, trailers: [TrailerField]) {
        switch self {
        case .connection(let connection): if framing == .chunked { connection.writeLastChunk(trailers: trailers) }
        case .stream(let stream): stream.finish(trailers: trailers)
        }
    }

    /// Takes bytes of a relay.
    func relay(_ bytes: ByteBuffer) {
        guard case .connection(let connection) = self else { return }
        connection.write(bytes)
        connection.flush()
    }

    /// Turns into an opaque pipe; false where there is no such thing.
    func startRelay() -> Bool {
        guard case .connection(let connection) = self else { return false }
        connection.startRelay()
        return true
    }

    /// Sends what was handed over.
    func flush() {
        switch self {
        case .connection(let connection): connection.flush()
        case .stream(let stream): stream.flush()
        }
    }

    /// The client takes more than when it was asked last.
    func resumeReading() {
        switch self {
        case .connection(let connection): connection.resumeReading()
        case .stream(let stream): stream.resumeReading()
        }
    }

    /// The answer is complete: what can carry another request is kept.
    func release(isReusable: Bool, to pool: UpstreamPool) {
        switch self {
        case .connection(let connection):
            connection.detach()
            if isReusable { pool.keep(connection) } else { connection.close() }
        case .stream(let stream): stream.release()
        }
    }

    /// Closes behind everything that was sent.
    func close() {
        switch self {
        case .connection(let connection): connection.close()
        case .stream(let stream): stream.release()
        }
    }

    /// Gives the request up, so that nothing queued is delivered any more.
    func reset() {
        switch self {
        case .connection(let connection): connection.reset()
        case .stream(let stream): stream.reset()
        }
    }
}
