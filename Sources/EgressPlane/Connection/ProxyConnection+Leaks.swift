// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import LeakDetection
import NIOCore
import Protocols
import Transport

/// What is looked for in what one connection carries.
struct ConnectionLeaks {
    /// What the grants say about the request under way.
    var rules = LeakRules()
    /// Looks through the body of a request.
    var up: LeakStream?
    /// Looks through the body of an answer.
    var down: LeakStream?
    /// Looks through the messages of a WebSocket, for the request that opened it.
    var socket: (messages: LeakSocket, request: ProxyRequest)?
}

/// What must not get out is looked for before any name is resolved.
extension ProxyConnection {
    /// What refuses the request, should everything else allow it; nobody can be asked here.
    func findLeaks(_ request: ProxyRequest) -> Verdict? {
        leaks = ConnectionLeaks()
        let inspector = loop.shared.leaks
        guard inspector.isOn else { return nil }
        leaks.rules = loop.shared.authorizer.leakRules(for: request.facts)
        let hasBody = request.exchange.map { !$0.body.isDone } ?? false
        if hasBody {
            if let coding = request.exchange.flatMap({ WrittenHead.contentCoding(of: $0.head) }),
                !inspector.passesCoded(leaks.rules)
            {
                return .deny(
                    .leakFound, detail: "the body has the content coding \(coding), which is not looked through")
            }
            leaks.up = inspector.stream(leaks.rules, holding: .window)
        }
        let head = request.exchange.map { Array($0.head.readableBytesView) } ?? []
        guard let leak = inspector.judge(request.facts, leaks.rules, head: head) else { return nil }
        request.concealed = leak.concealed
        note(leak, of: request)
        return leak.action >= .hold ? .deny(.leakFound, detail: leak.detail) : nil
    }

    /// Looks through a piece of a body.
    ///
    /// - Returns: What may go on now; `nil` when the exchange is over.
    func screenUp(_ bytes: ByteBuffer, isLast: Bool) -> ByteBuffer? {
        guard var step = leaks.up?.take(bytes) else { return bytes }
        guard isClean(step.verdict) else { return nil }
        if isLast, var up = leaks.up.take() {
            let rest = up.finish()
            guard isClean(rest.verdict) else { return nil }
            step.bytes.writeImmutableBuffer(rest.bytes)
        }
        return step.bytes
    }

    private func isClean(_ leak: LeakVerdict?) -> Bool {
        guard let leak, let request else { return true }
        note(leak, of: request)
        guard leak.action >= .hold else { return true }
        refuseLate(.leakFound, detail: leak.detail)
        return false
    }

    // MARK: Answers

    /// The head of an answer without what is taken out of it; every byte keeps its place.
    ///
    /// - Returns: `nil` when the exchange is over.
    func screen(head message: ByteBuffer, _ head: HTTP1ResponseHead) -> ByteBuffer? {
        let inspector = loop.shared.leaks
        guard inspector.isOn, let request, !head.isInformational || head.status == 101,
            head.byteCount <= message.readableBytes
        else { return message }
        let (type, coding, hasExtensions) = message.withUnsafeReadableBytes { bytes in
            (
                head.fields.first(named: "content-type", in: bytes)?.value.text(in: bytes),
                head.fields.first(named: "content-encoding", in: bytes)?.value.text(in: bytes).lowercased(),
                head.fields.first(named: "sec-websocket-extensions", in: bytes) != nil
            )
        }
        if head.status == 101 {
            guard !hasExtensions else {
                refuseLate(.upstreamInvalid, detail: "the server chose extensions of WebSockets that were not offered")
                return nil
            }
        } else {
            if let coding, !coding.utf8.elementsEqual("identity".utf8),
                !inspector.passesCoded(leaks.rules, isAnswer: true)
            {
                refuseLate(
                    .upstreamInvalid,
                    detail: "the answer is compressed without being asked for, and cannot be looked through")
                return nil
            }
            leaks.down = inspector.stream(
                leaks.rules, isAnswer: true, holding: LeakStream.Holding(contentType: type))
        }
        let (clean, leak) = inspector.screen(
            head: Array(message.readableBytesView.prefix(head.byteCount)), leaks.rules)
        guard let leak else { return message }
        note(leak, of: request)
        guard let clean else {
            refuse(answerWith: leak)
            return nil
        }
        return ByteBuffer(bytes: clean)
    }

    /// Looks through a piece of an answer.
    ///
    /// - Returns: What may go on now; `nil` when the exchange is over.
    func screenDown(_ bytes: ByteBuffer) -> ByteBuffer? {
        guard let step = leaks.down?.take(bytes) else { return bytes }
        return isClean(answer: step.verdict) ? step.bytes : nil
    }

    /// What was held back of an answer; `nil` when the exchange is over.
    func screenEndDown() -> ByteBuffer? {
        guard var down = leaks.down.take() else { return ByteBuffer() }
        let step = down.finish()
        return isClean(answer: step.verdict) ? step.bytes : nil
    }

    private func isClean(answer leak: LeakVerdict?) -> Bool {
        guard let leak, let request else { return true }
        note(leak, of: request)
        guard leak.action >= .hold else { return true }
        refuse(answerWith: leak)
        return false
    }

    /// The server, not the agent, is at fault.
    private func refuse(answerWith leak: LeakVerdict) {
        refuseLate(.upstreamInvalid, detail: "the answer carries what may not come back: \(leak.detail)")
    }

    // MARK: WebSockets

    /// The exchange goes on as a WebSocket.
    func startSocket() {
        guard let request, let socket = loop.shared.leaks.socket(leaks.rules) else { return }
        leaks.socket = (socket, request)
    }

    /// Looks through the messages of one direction.
    ///
    /// - Returns: What may pass; `nil` when the connection is over.
    func screenMessages(_ bytes: ByteBuffer, isAnswer: Bool) -> ByteBuffer? {
        guard let request = leaks.socket?.request,
            let step = isAnswer ? leaks.socket?.messages.takeDown(bytes) : leaks.socket?.messages.takeUp(bytes)
        else { return bytes }
        guard !step.isBroken else {
            let side = isAnswer ? "server" : "client"
            closeSocket(
                isAnswer ? .upstreamInvalid : .protocolViolation,
                "the \(side) sent a frame that breaks the protocol of WebSockets")
            return nil
        }
        guard let leak = step.verdict else { return step.bytes }
        note(leak, of: request)
        guard leak.action >= .hold else { return step.bytes }
        closeSocket(isAnswer ? .upstreamInvalid : .leakFound, leak.detail)
        return nil
    }

    /// Says goodbye to the client and lets nothing more reach the server.
    private func closeSocket(_ reason: ReasonCode, _ detail: String) {
        leaks.socket = nil
        upstream.take()?.reset()
        write(LeakSocket.farewell)
        flush()
        end(CutReason(reason, detail: detail), isOrderly: true)
    }

    private func note(_ leak: LeakVerdict, of request: ProxyRequest) {
        loop.shared.leaks.count(leak)
        for observation in leak.observations {
            var event = AuditEvent(about: request.facts, kind: .observation, time: loop.context.clock.wall())
            event.decision = request.decision.description
            event.connection = id.description
            event.cause = observation.cause
            event.detail = observation.detail
            event.conceal(request.concealed)
            loop.context.record(event)
        }
    }
}
