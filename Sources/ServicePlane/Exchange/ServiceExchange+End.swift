// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Transport

/// How exchanges end: complete, overdue, cut, or because the client is gone.
extension ServiceExchange: Cuttable, DeadlineWatched {
    /// The answer is complete.
    func finish() {
        guard !isOver else { return }
        let stream = self.stream
        close()
        stream?.finish(trailers: answerTrailers)
        stream?.flush()
    }

    /// Ends without completing the answer; a cut lets not one more byte pass.
    func end(_ reason: CutReason) {
        guard !isOver else { return }
        if live != nil {
            loop.context.record(
                ServiceRecord.end(
                    of: self, reason, time: loop.context.clock.wall(), duration: loop.now &- startedAt))
        }
        abandon()
    }

    /// Ends without completing the answer.
    func abandon() {
        guard !isOver else { return }
        let stream = self.stream
        close()
        stream?.abort()
    }

    private func close() {
        phase = .over
        stream = nil
        leaveQuestion(comesBack: false)
        leaveEndpoint()
        abandonCredentials()
        upstream.take()?.reset()
        running.take()?.cancel()
        opening = nil
        repeatable = nil
        permit = nil
        mediation.take()?.close()
        joined.take()?.cancel()
        settleModels()
        draft = nil
        body = nil
        finishLive()
        keepSpans()
        loop.context.unwatch(self)
    }

    func finishLive() {
        guard let live = live.take() else { return }
        loop.shared.unregister(live)
        loop.context.counts.service.add(
            timing, duration: loop.now &- live.openedAt, up: live.bytesUp, down: live.bytesDown)
    }

    func clientClosed() {
        guard !isOver else { return }
        stream = nil
        end(CutReason(.closed, detail: "the client went away"))
    }

    func writabilityChanged() {
        if stream?.isWritable ?? false { upstream?.resumeReading() }
        joined?.work?.writabilityChanged()
    }

    func cut(_ reason: CutReason) {
        loop.eventLoop.execute {
            // Nothing has passed yet, so there is an answer.
            if self.phase == .held { self.refuseHeld(reason.code, detail: reason.detail) } else { self.end(reason) }
        }
    }

    func sweep(now: Int64) {
        if isActive {
            isActive = false
            lastActivity = now
        }
        if caller.hasCertificate, now >= certificateCheck {
            certificateCheck = now &+ ServiceSettings.certificateInterval
            caller.check(at: loop.time)
            if caller.isLost {
                return end(
                    CutReason(
                        .identityMissing, detail: "the client's certificate has expired or is not trusted any more"))
            }
        }
        let isIdle = now &- lastActivity >= loop.settings.idleTime
        switch phase {
        case .head, .recording, .dialing, .running, .over: break
        case .joined: joined?.work?.sweep(now: now)
        case .held: if now >= deadline { holdIsOver() } else { keepAlive(now: now) }
        case .collecting, .gathering:
            if isIdle { refuseEarly(.timeout, "the request was not complete within service_proxy.limits.idle_time") }
        case .resolving:
            guard now >= deadline else { return }
            unresolved(.nameServiceFailed, "the name was not resolved within service_proxy.limits.dial_time")
        case .obtaining:
            if now >= deadline {
                credentialIsOverdue()
            } else if isIdle, isReadingSignedBody {
                refuseLate(.timeout, detail: "the request was not complete within service_proxy.limits.idle_time")
            }
        case .exchanging, .relay:
            if now >= deadline {
                let limit = isAnswerStarted ? "total_time" : "answer_time"
                if isBodySent, upstream?.isUnanswered ?? false { endpointFailed("it did not answer in time") }
                refuseLate(
                    isAnswerStarted ? .timeout : .upstreamTimeout, detail: "service_proxy.limits.\(limit) is over")
            } else if isIdle {
                refuseLate(
                    isBodySent ? .upstreamTimeout : .timeout, detail: "service_proxy.limits.idle_time is over")
            }
        }
    }

    // MARK: What somebody should know

    func note(_ events: [MediationEvent]) {
        for event in events {
            loop.context.record(ServiceRecord.event(event, of: self, time: loop.context.clock.wall()))
        }
    }

    /// A secret that the gate keeps came back and was taken out.
    func noteRedaction() {
        note([
            MediationEvent(code: "secret_redacted", detail: "the answer held a secret that the gate adds to requests")
        ])
    }
}
