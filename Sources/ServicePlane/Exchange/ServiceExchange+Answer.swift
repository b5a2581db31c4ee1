// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision
import NIOCore
import Protocols
import Transport

/// The answer of the service on its way down: judged, looked through, and written anew for the client.
extension ServiceExchange: UpstreamClient {
    var isWritable: Bool {
        guard let stream else { return false }
        if case .collect = answer { return true }
        return stream.isWritable
    }

    func flush() { stream?.flush() }

    func resumeReading() { stream?.resumeBody() }

    func sendBody() { stream?.resumeBody() }

    func judge(_ head: HTTP1ResponseHead, limits: HTTP1Limits) -> HTTP1Exchange.Verdict? {
        state.judge(head, limits: limits)
    }

    func responseHead(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing) {
        isActive = true
        repeatable = nil
        guard let stream, carry(down: head.byteCount) else { return }
        if head.status == 101, !isAgreed(head, in: message) {
            return refuseLate(.upstreamInvalid, detail: "the service's answer to the WebSocket does not fit its key")
        }
        if head.isInformational {
            // A request that was read as a whole has been told already.
            if mediation == nil { stream.send(head, in: message, framing: .none, isOwn: false) }
            return
        }
        deadline = startedAt &+ loop.settings.totalTime
        timing.answeredAt = loop.now
        timing.status = head.status
        endpointAnswered(head.status)
        if head.status == 401 { credentialWasRefused() }
        if let mediation, !mediation.passesAnswers { return begin(mediation, head, in: message) }
        if scanner != nil || looksThroughAnswers, isEncoded(head, in: message) {
            return refuseLate(
                .upstreamInvalid,
                detail: "the answer is compressed without being asked for, and cannot be looked through")
        }
        guard let clean = screen(head: redacted(message, of: head), head) else { return }
        isAnswerStarted = true
        stream.send(head, in: clean, framing: framing, isOwn: false)
    }

    private func isAgreed(_ head: HTTP1ResponseHead, in message: ByteBuffer) -> Bool {
        message.withUnsafeReadableBytes { bytes in
            guard let accept = head.fields.first(named: "sec-websocket-accept", in: bytes),
                head.fields.first(named: "sec-websocket-extensions", in: bytes) == nil
            else { return false }
            return webSocket?.isAnswered(by: accept.value.slice(of: bytes)) ?? false
        }
    }

    private func isEncoded(_ head: HTTP1ResponseHead, in message: ByteBuffer) -> Bool {
        message.withUnsafeReadableBytes { bytes in
            guard let coding = head.fields.first(named: "content-encoding", in: bytes) else { return false }
            return coding.value.text(in: bytes).lowercased() != "identity"
        }
    }

    /// The head without secrets; redaction keeps every byte in its place.
    private func redacted(_ message: ByteBuffer, of head: HTTP1ResponseHead) -> ByteBuffer {
        guard scanner != nil, let secrets, head.byteCount <= message.readableBytes else {
            return message
        }
        let bytes = Array(message.readableBytesView.prefix(head.byteCount))
        let (clean, hits) = secrets.redact(bytes)
        guard hits > 0 else { return message }
        noteRedaction()
        return ByteBuffer(bytes: clean)
    }

    func responseBody(_ payload: ByteBuffer, framing: HTTP1Framing) {
        isActive = true
        guard carry(down: payload.readableBytes) else { return }
        switch answer {
        case .pass:
            guard scanner != nil else { return sendDown(payload) }
            var released: [UInt8] = []
            payload.withUnsafeReadableBytes { scanner?.feed($0, into: &released) }
            if !released.isEmpty { sendDown(ByteBuffer(bytes: released)) }
        case .collect(var bytes, let limit):
            guard bytes.count &+ payload.readableBytes <= min(limit, loop.settings.responseBody) else {
                return refuseLate(
                    .upstreamInvalid, detail: "the answer is larger than service_proxy.limits.response_body")
            }
            answer = .dropped
            bytes.append(contentsOf: payload.readableBytesView)
            answer = .collect(bytes, limit: limit)
        case .stream:
            guard let mediation else { return }
            release(mediation.stream(Array(payload.readableBytesView)))
        case .dropped: break
        }
    }

    func responseFinished(framing: HTTP1Framing, isReusable: Bool) {
        upstream.take()?.release(isReusable: isReusable && isBodySent, to: loop.upstreams)
        switch answer {
        case .pass:
            guard finishScan() else { return }
            finish()
        case .collect(let bytes, _):
            if preparation != nil { return takeAnswer(bytes) }
            guard let mediation else { return }
            let answer = mediation.answer(bytes)
            note(answer.events)
            guard let answer = screen(answer) else { return }
            complete(with: answer)
        case .stream:
            guard let mediation else { return }
            release(mediation.endStream())
            guard !isOver, finishScan() else { return }
            finish()
        case .dropped: finish()
        }
    }

    func responseTrailers(_ trailers: [TrailerField]) {
        isActive = true
        guard case .pass = answer, carry(down: trailers.reduce(0) { $0 &+ $1.name.utf8.count &+ $1.value.utf8.count })
        else { return }
        answerTrailers = screen(trailers).compactMap { field in
            guard !field.belongsInHead else { return nil }
            guard let secrets else { return field }
            let (clean, hits) = secrets.redact(Array(field.value.utf8))
            guard hits > 0 else { return field }
            noteRedaction()
            return TrailerField(name: field.name, value: String(decoding: clean, as: UTF8.self))
        }
    }

    /// Sends what was held back.
    ///
    /// - Returns: False when the exchange is over because of it.
    private func finishScan() -> Bool {
        if var scanner = scanner.take() {
            let rest = scanner.end()
            if !rest.isEmpty { sendDown(ByteBuffer(bytes: rest)) }
            if scanner.hits > 0 { noteRedaction() }
        }
        return !isOver && screenEndDown()
    }

    func responseSwitched() {
        guard phase == .exchanging else { return }
        guard let upstream, let stream, isBodyReceived, webSocket != nil else {
            return refuseLate(.upstreamInvalid, detail: "the service switched protocols in the middle of a request")
        }
        phase = .relay
        answer = .pass
        leaks.socket = loop.shared.leaks.socket(leakRules)
        deadline = startedAt &+ loop.settings.totalTime
        stream.flush()
        stream.startRelay()
        guard upstream.startRelay() else { return abandon() }
        upstream.resumeReading()
        stream.resumeBody()
    }

    func responseFailed(_ reason: ReasonCode, detail: String) {
        // A kept connection that ends before it is used says nothing of the service.
        let isStale = permit != nil && upstream?.isUnanswered ?? false
        if reason == .upstreamUnreachable, !isStale { endpointFailed(detail) }
        if reason == .upstreamUnreachable, upstream?.isUnanswered ?? false, state.method.isIdempotent {
            guard !sendAgain(), !goElsewhere(reason, detail) else { return }
        }
        refuseLate(reason, detail: detail)
    }

    func responseRefused(detail: String) {
        guard !goElsewhere(.upstreamUnreachable, detail), !sendAgain() else { return }
        refuseLate(.upstreamUnreachable, detail: detail)
    }

    // MARK: A mediation's answers

    private func begin(_ mediation: any Mediation, _ head: HTTP1ResponseHead, in message: ByteBuffer) {
        let fields = message.withUnsafeReadableBytes { bytes in
            head.fields.all.compactMap { field -> MCPField? in
                guard field.knownName == .other, !head.fields.isNominated(field, in: bytes) else { return nil }
                return MCPField(field.name.text(in: bytes).lowercased(), field.value.text(in: bytes))
            }
        }
        let answerHead = MediatedAnswerHead(status: head.status, fields: fields)
        if let preparation {
            preparedHead = answerHead
            answer = .collect([], limit: preparation.limit)
            return
        }
        switch mediation.begin(answerHead) {
        case .collect(let limit): answer = .collect([], limit: limit)
        case .stream(let fields):
            answer = .stream
            leaks.down = loop.shared.leaks.stream(leakRules, isAnswer: true, holding: .events)
            isAnswerStarted = true
            if !continueStream() { send(status: head.status, fields, body: nil) }
        case .replace(let replacement):
            answer = .dropped
            note(replacement.events)
            upstream.take()?.reset()
            complete(with: replacement)
        }
    }

    private func release(_ step: StreamStep) {
        note(step.events)
        if !step.bytes.isEmpty {
            var bytes = step.bytes
            if scanner != nil { bytes = scanner?.feed(bytes) ?? [] }
            if !bytes.isEmpty { sendDown(ByteBuffer(bytes: bytes)) }
        }
        guard !isOver, step.isOver || step.failure != nil else { return }
        // The last event says so to the client, so it must arrive: the stream ends in order.
        if let failure = step.failure {
            loop.context.record(
                ServiceRecord.end(
                    of: self, CutReason(.upstreamInvalid, detail: failure), time: loop.context.clock.wall(),
                    duration: loop.now &- startedAt))
        }
        upstream.take()?.reset()
        guard finishScan() else { return }
        finish()
    }

    // MARK: Relay

    func relayDown(_ bytes: ByteBuffer) {
        isActive = true
        guard carry(down: bytes.readableBytes) else { return }
        guard let passed = webSocket?.takeDown(bytes) else {
            return breakRelay(.upstreamInvalid, "the service sent a frame that breaks the protocol of WebSockets")
        }
        guard let clean = screenMessages(passed, isAnswer: true) else { return }
        if clean.readableBytes > 0 { stream?.send(body: clean) }
    }

    /// Bytes of the client in a relay.
    func relayUp(_ bytes: ByteBuffer) {
        guard carry(up: bytes.readableBytes) else { return }
        guard let passed = webSocket?.takeUp(bytes) else {
            return breakRelay(.protocolViolation, "the client sent a frame that breaks the protocol of WebSockets")
        }
        guard let clean = screenMessages(passed, isAnswer: false), clean.readableBytes > 0 else { return }
        upstream?.relay(clean)
    }

    /// Says goodbye to the client and lets nothing more reach the service.
    func breakRelay(_ reason: ReasonCode, _ detail: String, farewell: ByteBuffer = WebSocketRelay.farewell) {
        loop.context.record(
            ServiceRecord.end(
                of: self, CutReason(reason, detail: detail), time: loop.context.clock.wall(),
                duration: loop.now &- startedAt))
        upstream.take()?.reset()
        stream?.send(body: farewell)
        finish()
    }

    func upstreamFinished() { finishRelay() }

    func upstreamLost() { finishRelay() }

    private func finishRelay() {
        guard phase == .relay else { return }
        upstream.take()?.close()
        finish()
    }
}
