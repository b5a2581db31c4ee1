// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// The client's side of one exchange: a request on an HTTP/1.1 connection, or a stream of an HTTP/2 connection.
///
/// An answer is handed over as it was parsed, and written anew in the client's version of HTTP. All of it happens on the
/// connection's event loop.
protocol ClientStream: AnyObject {
    /// Whether the client takes more at the moment.
    var isWritable: Bool { get }

    /// Writes the head of a response, informational ones included.
    ///
    /// - Parameters:
    ///   - message: The bytes that were parsed into `head`.
    ///   - framing: How the upstream frames the body.
    ///   - isOwn: Whether the gate made the head, so that it may hold fields that only the gate sets.
    func send(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing, isOwn: Bool)

    /// Writes a piece of the response's body.
    func send(body: ByteBuffer)

    /// Ends the response; the client may take it as complete.
    func finish(trailers: [TrailerField])

    /// Sends what was written.
    func flush()

    /// Tells that the exchange takes more of the request's body than when it was asked last.
    func resumeBody()

    /// Ends without completing the response: the client must not take it as all there is.
    func abort()

    /// Takes no further request on the client's connection once this exchange is over.
    func endConnection()

    /// Turns into an opaque pipe after a switch of protocols; bytes go to ``ServiceExchange/receive(body:)`` from then on.
    /// Only HTTP/1.1 can.
    func startRelay()
}
