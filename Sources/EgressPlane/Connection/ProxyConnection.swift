// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols
import Transport

/// A client's connection: reads requests, has them decided, and becomes one end of a relay.
///
/// One handler from the first byte to the last. What happens in each ``Phase`` is in an extension of its own: reading
/// heads, deciding, looking up and dialling, the tunnel, the HTTP exchange, refusing and ending.
///
/// Unchecked: everything but ``cut(_:)`` runs on the connection's event loop.
final class ProxyConnection: ChannelDuplexHandler, RemovableChannelHandler, DeadlineWatched, RecordWaiter, Cuttable,
    UpstreamClient,
    @unchecked Sendable
{
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let loop: EgressLoop
    let caller: Caller
    let id: ConnectionID
    let openedAt: Int64

    var phase = Phase.head
    var context: ChannelHandlerContext?
    /// Bytes that were received and not consumed.
    var received: ByteBuffer?
    /// What is looked for in what passes.
    var leaks = ConnectionLeaks()
    var parser: HTTP1RequestParser?
    var dialogue: SOCKSDialogue?
    var hello: ClientHelloReader?
    /// The request under way.
    var request: ProxyRequest?
    /// The other end of the relay or exchange.
    var upstream: UpstreamConnection?
    /// The registered permit of what is open.
    var live: LivePermit?

    /// The client's certificate, where the listener has TLS.
    var certificate: ClientCertificate?
    /// When the certificate is looked at although no request came.
    var certificateCheck: Int64

    var bytesUp = 0
    var bytesDown = 0
    /// Bytes of exchanges that are counted already.
    var countedUp = 0
    var countedDown = 0
    var requests = 0
    /// When the present phase must be over.
    var deadline: Int64
    /// Whether a byte passed since the last sweep.
    var isActive = false
    var lastActivity: Int64
    var isReadPending = false
    var isInputClosed = false
    var output = OutputState.open
    /// Until when a client that still sends is listened to after its last answer.
    var lingerEnd: Int64 = 0
    /// Set once the end was recorded.
    var isEnded = false
    var isCounted = false
    /// The byte count up to which nobody needs to be asked.
    var byteLimit = Int.max
    var allowance: ByteAllowance?
    var watchIndex = -1

    init(loop: EgressLoop, caller: Caller) {
        self.loop = loop
        self.caller = caller
        id = loop.context.nextConnection()
        openedAt = loop.now
        lastActivity = openedAt
        deadline = openedAt &+ loop.settings.handshakeTime
        certificateCheck = openedAt &+ EgressSettings.certificateInterval
        if case .certificate(let certificate) = caller.fixed { self.certificate = certificate }
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.context.watch(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        isCounted = loop.shared.enter(limit: loop.settings.connections)
        if !isCounted {
            context.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.context.unwatch(self)
        finishLive()
        if isCounted {
            isCounted = false
            loop.shared.leave()
        }
        if let parser = parser.take() { loop.parsers.keep(parser) }
        self.context = nil
    }

    // MARK: Bytes from the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isActive = true
        if phase == .tunnel {
            relayUp(unwrapInboundIn(data), data)
            return
        }
        if phase == .closing { return }
        var bytes = unwrapInboundIn(data)
        if received == nil {
            received = bytes
        } else {
            received?.writeBuffer(&bytes)
        }
        proceed()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if phase == .tunnel || phase == .exchange { upstream?.flush() }
        context.fireChannelReadComplete()
    }

    /// Goes on with whatever the phase does with received bytes.
    func proceed() {
        switch phase {
        case .head: readHead()
        case .clientHello: readClientHello()
        case .exchange: sendBody()
        case .resolving, .recording, .dialing, .tunnel, .closing: break
        }
    }

    // MARK: Reading is asked for only when what is read can be used

    func read(context: ChannelHandlerContext) {
        if wantsBytes {
            context.read()
        } else {
            isReadPending = true
        }
    }

    /// Whether bytes from the client could be used now.
    var wantsBytes: Bool {
        switch phase {
        case .head, .clientHello: true
        case .tunnel: upstream?.isWritable ?? false
        case .exchange: wantsBody
        // What still comes is dropped, so that unread bytes do not reset the last answer away.
        case .closing: true
        // One read may wait here: stopping to listen and starting again would cost two system calls for each request.
        case .resolving, .recording, .dialing: received == nil || received?.readableBytes == 0
        }
    }

    /// Asks for bytes if a read was held back and they can be used now.
    func resumeReading() {
        guard isReadPending, wantsBytes, let context else { return }
        isReadPending = false
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { upstream?.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    func flush() {
        context?.flush()
    }

    // MARK: Ends

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            isInputClosed = true
            clientFinished()
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(CutReason(.closed), isOrderly: true)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, or broken TLS: there is nobody left to tell.
        end(CutReason(.closed, detail: "the client's connection failed"), isOrderly: false, isClientGone: true)
        closeAtOnce(context)
    }

    func cut(_ reason: CutReason) {
        loop.eventLoop.execute {
            if self.isEnded { self.abort() } else { self.end(reason, isOrderly: false) }
        }
    }

    func sweep(now: Int64) {
        if isActive {
            isActive = false
            lastActivity = now
        }
        if certificate != nil, now >= certificateCheck { checkCertificate(at: now) }
        overdue(at: now)
    }
}
