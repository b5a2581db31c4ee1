// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// What the request of a ``ClientStream`` is handed to: one for each exchange, on the connection's event loop.
///
/// The order: one ``begin(_:in:)`` or one ``refuse(_:)``; after a `begin` pieces of the body and one
/// ``receiveEnd(trailers:)``, also for a request without body, or a ``refuse(_:)`` when the rest breaks the protocol.
/// ``clientClosed()`` may come at any point and is the last call.
protocol StreamExchange: AnyObject {
    /// Takes a parsed head; `message` begins with its bytes.
    func begin(_ head: borrowing HTTP1RequestHead, in message: ByteBuffer)

    /// Whether the request's body is taken at the moment. What was already received still comes; once this turns true
    /// again, ``ClientStream/resumeBody()`` tells.
    var wantsBody: Bool { get }

    /// Takes a piece of the request's body, without its framing.
    func receive(body: ByteBuffer)

    /// Takes the end of the request.
    func receiveEnd(trailers: [TrailerField])

    /// Takes notice that the client's bytes broke the protocol, before there was a head that could be decided on or in
    /// the body behind it.
    func refuse(_ refusal: HTTP1Refusal)

    /// The stream or its connection is gone; nothing more is sent.
    func clientClosed()

    /// ``ClientStream/isWritable`` has changed.
    func writabilityChanged()
}
