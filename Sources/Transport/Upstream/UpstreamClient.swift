// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
package import NIOCore
package import Protocols

/// Whom an upstream connection serves: told of answers as they are read, and of the other end of a relay.
package protocol UpstreamClient: AnyObject {
    /// Whether the client takes more at the moment.
    var isWritable: Bool { get }
    /// Sends what was written to the client.
    func flush()
    /// The upstream takes more than when it was asked last.
    func resumeReading()
    /// The upstream takes more of the request's body.
    func sendBody()

    /// Judges a response head; `nil` when nothing was asked.
    func judge(_ head: HTTP1ResponseHead, limits: HTTP1Limits) -> HTTP1Exchange.Verdict?
    /// A head that may be passed on; `framing` is the upstream's.
    func responseHead(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing)
    /// A piece of the body; `framing` is the upstream's.
    func responseBody(_ payload: ByteBuffer, framing: HTTP1Framing)
    /// The fields behind the body; comes right before ``responseFinished(framing:isReusable:)``, where there are any.
    func responseTrailers(_ trailers: [TrailerField])
    /// The response is complete.
    ///
    /// - Parameter isReusable: Whether the upstream connection may carry another request.
    func responseFinished(framing: HTTP1Framing, isReusable: Bool)
    /// The upstream agreed to the upgrade.
    func responseSwitched()
    /// The destination did not look at the request: it may be sent once more.
    func responseRefused(detail: String)
    /// The upstream broke the protocol or went away before the response was complete.
    func responseFailed(_ reason: ReasonCode, detail: String)

    /// Bytes of a relay.
    func relayDown(_ bytes: ByteBuffer)
    /// The upstream of a relay sends nothing more.
    func upstreamFinished()
    /// The upstream of a relay is gone.
    func upstreamLost()
}

extension UpstreamClient {
    /// Fields behind a body are dropped.
    package func responseTrailers(_ trailers: [TrailerField]) {}

    /// Nothing is sent once more.
    package func responseRefused(detail: String) { responseFailed(.upstreamUnreachable, detail: detail) }
}
