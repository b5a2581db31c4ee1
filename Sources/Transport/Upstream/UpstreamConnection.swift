// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Addresses
internal import Decision
internal import Glibc
package import NIOCore
package import Protocols

/// A connection to a destination: the other end of a tunnel, or the carrier of HTTP exchanges one after the other.
///
/// Lives on the loop of the client it serves. Between exchanges it waits in the ``UpstreamPool`` with no client.
package final class UpstreamConnection: ChannelDuplexHandler, DeadlineWatched {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum Mode {
        /// Not connected yet, or waiting in the pool.
        case idle
        case exchange
        case relay
    }

    private let pool: UpstreamPool
    /// The judged address it leads to.
    package var address: IPAddress?
    /// Who may use it again, and for what.
    package var key: UpstreamKey?
    /// When the pool gives it up.
    var idleDeadline = Int64.max
    /// See ``LoopContext/watch(_:)``.
    package var watchIndex = -1
    /// Whether the destination sends nothing more.
    package private(set) var isInputClosed = false

    private weak var client: (any UpstreamClient)?
    private var context: ChannelHandlerContext?
    private var mode = Mode.idle
    private var isReadPending = false
    private var isSecured = false
    private var hasReceived = false
    /// Whether not one byte came since the exchange began.
    package private(set) var isUnanswered = true
    /// Whether whom it leads to still stands; asked before each use.
    package var stands: (() -> Bool)?
    private var output = OutputState.open
    private var isClosing = false
    private var received: ByteBuffer?
    private var response: ResponseReader?

    /// A connection that will be dialled for a client.
    package init(client: any UpstreamClient, pool: UpstreamPool) {
        self.client = client
        self.pool = pool
    }

    /// Adds the connection to a channel of the client's loop.
    ///
    /// - Parameter security: TLS towards the destination; a new handler for each channel.
    package func install(on channel: any Channel, behind security: (any ChannelHandler)? = nil) throws {
        if let security { try channel.pipeline.syncOperations.addHandler(security) }
        isSecured = security != nil
        try channel.pipeline.syncOperations.addHandler(self)
    }

    // MARK: Client

    package func attach(to client: any UpstreamClient) { self.client = client }

    package func detach() {
        client = nil
        mode = .idle
    }

    /// Whether the connection can carry another exchange.
    package var isUsable: Bool {
        context?.channel.isActive ?? false && !isInputClosed && mode == .idle && received == nil && stands?() ?? true
    }

    package func startRelay() {
        mode = .relay
        response = nil
        if let early = received.take(), early.readableBytes > 0 {
            client?.relayDown(early)
            client?.flush()
        }
        if isInputClosed { client?.upstreamFinished() }
    }

    package func startExchange(reading limits: HTTP1Limits) {
        mode = .exchange
        isUnanswered = received == nil
        if response == nil { response = ResponseReader(limits: limits) }
        response?.reset()
        // Bytes that came before the request are no response to it.
        if let early = received, early.readableBytes > 0 {
            client?.responseFailed(.upstreamInvalid, detail: "the destination answered before it was asked")
        } else if isInputClosed {
            client?.responseFailed(.upstreamUnreachable, detail: "the destination closed the connection")
        }
    }

    // MARK: Writing

    package var isWritable: Bool { context?.channel.isWritable ?? false }

    package func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Writes a piece of a request body in the request's framing.
    package func write(_ payload: ByteBuffer, framing: HTTP1Framing) {
        if framing == .chunked {
            writeChunk(payload) { write($0) }
        } else {
            write(payload)
        }
    }

    /// Ends a chunked body.
    ///
    /// - Parameter trailers: Fields that were judged.
    package func writeLastChunk(trailers: [TrailerField] = []) { write(lastChunk(with: trailers)) }

    package func flush() { context?.flush() }

    /// Tells the destination that nothing more comes, behind everything that was written.
    package func closeOutput() {
        guard output == .open, let context else { return }
        output = .closing
        endOutput(of: context, isInputClosed: isInputClosed) {
            self.output = .delivered
            if self.isClosing || self.isInputClosed { self.context?.close(promise: nil) }
        }
    }

    /// Closes once everything that was written is delivered, or when the destination does not take it in time.
    package func close() {
        client = nil
        guard let context, !isClosing else { return }
        isClosing = true
        if output == .delivered {
            context.close(promise: nil)
        } else {
            idleDeadline = pool.context.clock.monotonic() &+ pool.idleTime
            pool.context.watch(self)
            closeOutput()
        }
    }

    /// Closes with a reset, so that nothing queued is delivered any more.
    package func reset() {
        client = nil
        guard let channel = context?.channel else { return }
        closeWithReset(channel)
    }

    // MARK: Channel

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    package func handlerRemoved(context: ChannelHandlerContext) {
        // The channel of an address that failed goes after that of the next address has come.
        guard self.context === context else { return }
        self.context = nil
        pool.context.unwatch(self)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        hasReceived = true
        isUnanswered = false
        switch mode {
        case .relay:
            client?.relayDown(bytes)
        case .exchange, .idle:
            if received == nil {
                received = bytes
            } else {
                var bytes = bytes
                received?.writeBuffer(&bytes)
            }
            if mode == .exchange {
                readResponse()
            } else if client == nil {
                // A pooled connection has nothing to say.
                context.close(promise: nil)
            }
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        client?.flush()
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        if wantsBytes { context.read() } else { isReadPending = true }
    }

    private var wantsBytes: Bool {
        switch mode {
        case .relay, .exchange: client?.isWritable ?? false
        // Noticing that the destination closes needs a read; until a request is out it may only do that.
        case .idle: received == nil
        }
    }

    package func resumeReading() {
        guard isReadPending, wantsBytes, let context else { return }
        isReadPending = false
        context.read()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            if mode == .exchange { client?.sendBody() }
            client?.resumeReading()
        }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            isInputClosed = true
            switch mode {
            case .relay: client?.upstreamFinished()
            case .exchange: responseEnded()
            case .idle: if client == nil { context.close(promise: nil) }
            }
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        isInputClosed = true
        if key != nil { pool.forget(self) }
        let client = self.client
        self.client = nil
        switch mode {
        case .relay: client?.upstreamLost()
        case .exchange:
            self.client = client
            responseEnded()
            self.client = nil
        case .idle: break
        }
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isSecured, !hasReceived, mode == .exchange, let client {
            self.client = nil
            client.responseFailed(
                .upstreamUnreachable,
                detail: "TLS with the destination failed: it does not speak it, or its certificate is not accepted")
        }
        context.close(promise: nil)
    }

    package func sweep(now: Int64) {
        guard now >= idleDeadline else { return }
        if isClosing { reset() } else { close() }
    }

    // MARK: Responses

    private func readResponse() {
        guard let client, let response, var bytes = received.take() else { return }
        let outcome = response.read(&bytes, client: client)
        // Written back before anybody asks whether the connection can be used again.
        received = bytes.readableBytes > 0 ? bytes : nil
        act(on: outcome, client)
    }

    private func responseEnded() {
        guard let client, let response else { return }
        act(on: response.ended(), client)
    }

    private func act(on outcome: ResponseReader.Outcome, _ client: any UpstreamClient) {
        switch outcome {
        case .needMore:
            break
        case .finished(let framing, let isReusable):
            client.responseFinished(framing: framing, isReusable: isReusable)
        case .switched:
            client.responseSwitched()
        case .failed(let reason, let detail):
            client.responseFailed(reason, detail: detail)
        }
    }
}
