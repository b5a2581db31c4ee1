// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Glibc
import NIOCore
import Transport

/// How connections end: overdue, cut, failed or simply finished. One record for each that carried anything.
extension ProxyConnection {
    /// Ends the connection and whatever it leads to.
    ///
    /// - Parameter isOrderly: Whether bytes that were written may still be delivered. A cut resets the connection, so that
    ///   not one more byte passes.
    func end(_ reason: CutReason, isOrderly: Bool) {
        guard !isEnded else { return }
        isEnded = true
        let wasOpen = live != nil
        if wasOpen || (requests > 0 && reason.code != .closed) { recordEnd(reason) }
        finishLive()
        phase = .closing
        request = nil
        received = nil
        hello = nil
        let upstream = self.upstream.take()
        if isOrderly {
            upstream?.close()
            deadline = loop.now &+ loop.settings.idleTime
            closeAfterDelivery()
        } else {
            upstream?.reset()
            if let context { closeWithReset(context.channel) }
        }
    }

    /// Tells the client that nothing more comes, behind everything that was written.
    func closeOutput() {
        guard output == .open, let context else { return }
        output = .closing
        context.close(mode: .output).assumeIsolated().whenComplete { _ in
            self.output = .delivered
            if self.isEnded { self.context?.close(promise: nil) }
        }
    }

    /// Closes once everything that was written is delivered; the sweep ends it if the client does not read.
    private func closeAfterDelivery() {
        if output == .delivered { context?.close(promise: nil) } else { closeOutput() }
    }

    /// Takes what was open out of the registry.
    func finishLive() {
        guard let live = live.take() else { return }
        stopCarrying()
        loop.shared.unregister(live)
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
                refuseLate(.timeout, detail: "egress.limits.idle_time is over")
            }
        case .closing:
            // A client that does not read its last answer does not keep the connection.
            if now >= deadline, let context { closeWithReset(context.channel) }
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

/// Closes a TCP connection with a reset, so that nothing that was queued is delivered any more.
func closeWithReset(_ channel: any Channel) {
    if let provider = channel as? any SocketOptionProvider {
        _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    channel.close(promise: nil)
}
