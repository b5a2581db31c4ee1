// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Glibc
import NIOCore
import NIOSSL
import Protocols
import Transport

/// How connections end: overdue, cut, failed or simply finished. One record for each that carried anything.
extension ProxyConnection {
    /// Ends the connection and whatever it leads to.
    ///
    /// - Parameter isOrderly: Whether bytes that were written may still be delivered. A cut resets the connection, so that
    ///   not one more byte passes.
    func end(_ reason: CutReason, isOrderly: Bool, isClientGone: Bool = false) {
        guard !isEnded else { return }
        isEnded = true
        let wasOpen = live != nil
        if wasOpen || (requests > 0 && reason.code != .closed) { recordEnd(reason) }
        phase = .closing
        keepSpans()
        request = nil
        received = nil
        hello = nil
        let upstream = self.upstream.take()
        if isOrderly {
            upstream?.close()
            deadline = loop.now &+ loop.settings.idleTime
            if output == .delivered { outputDelivered() } else { closeOutput() }
        } else {
            upstream?.reset()
            if isClientGone { finishLive() } else { abort() }
        }
    }

    /// Ends the client's connection without delivering anything more.
    func abort() {
        finishLive()
        guard let context else { return }
        resetOnClose(context.channel)
        closeAtOnce(context)
    }

    /// Closes without the farewell of TLS: that would wait for the client's, and keep everything for as long.
    func closeAtOnce(_ context: ChannelHandlerContext) {
        if certificate != nil,
            let security = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
        {
            security.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }

    /// Tells the client that nothing more comes, behind everything that was written.
    func closeOutput() {
        guard output == .open, let context else { return }
        output = .closing
        endOutput(of: context, isInputClosed: isInputClosed) { self.outputDelivered() }
    }

    /// The kernel has everything that was written. Until then it stays under the permit, so that a cut stops it.
    private func outputDelivered() {
        output = .delivered
        guard isEnded else { return }
        finishLive()
        if isInputClosed {
            context?.close(promise: nil)
        } else {
            // The client has a moment to take it and to close: a close with unread input would reset it away.
            lingerEnd = loop.now &+ loop.settings.handshakeTime
            deadline = loop.now &+ EgressSettings.second
            resumeReading()
        }
    }

    /// Takes what was open out of the registry.
    func finishLive() {
        guard let live = live.take() else { return }
        stopCarrying()
        loop.shared.unregister(live)
        loop.context.counts.egress.add(
            request?.timing ?? ExchangeTiming(), duration: loop.now &- live.openedAt, up: bytesUp &- countedUp,
            down: bytesDown &- countedDown)
        (countedUp, countedDown) = (bytesUp, bytesDown)
    }

    /// Ends what rests on a certificate that does not stand any more; a request would find out by itself, but a tunnel
    /// asks for nothing.
    func checkCertificate(at now: Int64) {
        // When everybody's bundle has changed, some wait for the next sweep, so that requests do not wait for all of them.
        guard loop.mayVerify(inSweepAt: now) else { return }
        certificateCheck = now &+ EgressSettings.certificateInterval
        let before = certificate?.verifications
        _ = certificate?.identity(at: loop.context.clock.wall() / 1_000_000)
        if certificate?.verifications != before { loop.verifications &+= 1 }
        guard certificate?.isLost == true, live != nil || phase == .head else { return }
        end(
            CutReason(.identityMissing, detail: "the client's certificate has expired or is not trusted any more"),
            isOrderly: false)
    }

    /// Keeps the spans of the request under way, which is over.
    func keepSpans() {
        guard let request, let tracer = loop.context.tracer, let seed = request.exchange?.trace.take() else { return }
        let span = ExchangeSpan(
            plane: .egress, facts: request.facts, verdict: request.verdict, decision: request.decision,
            startedAt: request.startedAt, timing: request.timing, concealed: request.concealed, ownStatus: 0,
            bytesUp: bytesUp &- countedUp, bytesDown: bytesDown &- countedDown)
        for span in span.spans(seed, now: loop.now, time: loop.context.clock.wall()) { tracer.keep(span) }
    }

    func overdue(at now: Int64) {
        switch phase {
        case .head, .clientHello:
            guard now >= deadline else { return }
            if phase == .clientHello {
                deny(.timeout, detail: "no ClientHello came within egress.limits.handshake_time")
            } else if requests > 0 || received == nil {
                end(CutReason(.timeout, detail: "no request came in time"), isOrderly: true)
            } else {
                refuseConnection(
                    .timeout, status: 408,
                    detail: "the request head was not complete within egress.limits.handshake_time")
            }
        case .resolving:
            guard now >= deadline else { return }
            deny(.nameServiceFailed, detail: "the name was not resolved within egress.limits.dial_time")
        case .tunnel:
            if now >= deadline {
                end(CutReason(.timeout, detail: "egress.limits.total_time is over"), isOrderly: false)
            } else if now &- lastActivity >= loop.settings.idleTime {
                end(CutReason(.timeout, detail: "egress.limits.idle_time is over"), isOrderly: false)
            }
        case .exchange:
            if now &- lastActivity >= loop.settings.idleTime {
                // Whose move it was: the client's while its body is not complete.
                let isAsked = request?.exchange?.body.isDone ?? false
                refuseLate(isAsked ? .upstreamTimeout : .timeout, detail: "egress.limits.idle_time is over")
            }
        case .closing:
            guard now >= deadline else { return }
            if output == .delivered, now < lingerEnd, now &- lastActivity < EgressSettings.second {
                // It is still sending, and will read its answer after that.
                deadline = now &+ EgressSettings.second
            } else {
                // A client that does not read its last answer does not keep the connection.
                abort()
            }
        case .recording, .dialing:
            break
        }
    }

    private func recordEnd(_ reason: CutReason) {
        let event = EgressRecord.end(
            of: self, reason: reason, time: loop.context.clock.wall(), duration: loop.now &- openedAt)
        loop.context.record(event)
    }
}
