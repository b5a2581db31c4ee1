// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOTLS

/// Waits behind TLS for what the service chooses to speak.
final class UpstreamNegotiation: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// What came of it.
    enum Outcome {
        /// TLS stands; whether HTTP/2 was chosen.
        case chosen(isHTTP2: Bool)
        /// TLS failed.
        case failed
    }

    private var outcome: Outcome?
    private var done: ((Outcome) -> Void)?

    /// Tells the outcome once, within the event that brings it, so that what comes next finds its handlers.
    func whenDone(_ done: @escaping (Outcome) -> Void) {
        if let outcome { done(outcome) } else { self.done = done }
    }

    /// Nobody waits any more.
    func forget() { done = nil }

    private func finish(_ outcome: Outcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        let done = self.done
        self.done = nil
        done?(outcome)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let chosen)? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        finish(.chosen(isHTTP2: chosen.map { $0.utf8.elementsEqual("h2".utf8) } ?? false))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard outcome == nil else { return context.fireErrorCaught(error) }
        finish(.failed)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failed)
        context.fireChannelInactive()
    }
}
