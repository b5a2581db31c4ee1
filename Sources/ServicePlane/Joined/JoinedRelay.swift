// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// A request that one member answers. A session with the member is begun first where there is none yet.
final class JoinedRelay: JoinedWork, MemberCall.Sink {
    private enum Step {
        case opening
        case telling
        case relaying
    }

    private let run: JoinedRun
    private let member: String
    private let message: JSONRPCMessage
    private let subject: String?
    private var step = Step.relaying
    private var call: MemberCall?
    private var answer = MemberAnswer()
    private var events: EventStreamParser?
    private var hasBegunAnew = false
    private let deadline: Int64

    init(_ run: JoinedRun, member: String, message: JSONRPCMessage, subject: String?) {
        self.run = run
        self.member = member
        self.message = message
        self.subject = subject
        deadline = run.exchange.loop.now &+ run.exchange.loop.settings.memberTime
    }

    private var known: JoinedSessions.Member? { run.session.flatMap { run.joined[$0]?.members[member] } }

    func start() {
        if let opening = JoinedOpening.message(of: member, in: run) {
            ask(.opening, opening)
        } else {
            ask(.relaying, message, subject)
        }
    }

    private func ask(_ step: Step, _ message: JSONRPCMessage, _ subject: String? = nil) {
        self.step = step
        answer = MemberAnswer()
        events = nil
        call = run.ask(member, message, subject: subject, known: step == .opening ? nil : known, sink: self)
        run.send()
    }

    // MARK: The answer

    func began(_ call: MemberCall, status: UInt16, type: String, session: String?) {
        guard step == .relaying, status == 200, type.utf8.starts(with: "text/event-stream".utf8) else {
            return answer.begin(status: status, type: type, session: session)
        }
        events = EventStreamParser(limits: EventStreamLimits(eventBytes: MemberAnswer.limit))
        run.exchange.send(status: 200, EventStream.fields, body: nil)
    }

    func received(_ call: MemberCall, _ bytes: ByteBuffer) {
        guard var parser = events else { return answer.take(bytes) }
        do {
            let found = try parser.feed(Array(bytes.readableBytesView))
            events = parser
            for event in found { pass(event) }
            // A comment keeps a connection open on which nothing else happens.
            if found.isEmpty, bytes.readableBytesView.first == UInt8(ascii: ":") { send(Array(":\n\n".utf8)) }
        } catch {
            call.cancel()
            run.exchange.abandon()
        }
    }

    private func pass(_ event: EventStreamEvent) {
        guard !event.data.isEmpty, let value = try? JSONValue(parsing: event.data, limits: Self.limits) else { return }
        let renamed = JoinedMessages.renamed(value, of: member, to: run.request?.method)
        send(EventStreamEvent(data: renamed.bytes).bytes)
    }

    private static let limits = JSONLimits(
        bytes: MemberAnswer.limit, values: 400_000, stringBytes: MemberAnswer.limit)

    private func send(_ bytes: [UInt8]) { run.exchange.stream?.send(body: ByteBuffer(bytes: bytes)) }

    func ended(_ call: MemberCall, isComplete: Bool) {
        self.call = nil
        switch step {
        case .opening:
            guard isComplete, JoinedOpening.take(answer, of: member, in: run) else { return failed(isComplete) }
            ask(.telling, .notification(JSONRPCCall(method: MCPMethod.initialized.rawValue)))
        case .telling: ask(.relaying, message, subject)
        case .relaying: relayed(isComplete)
        }
    }

    private func relayed(_ isComplete: Bool) {
        guard events == nil else { return isComplete ? run.exchange.finish() : run.exchange.abandon() }
        if answer.status == 404, let session = run.session, known?.id != nil, !hasBegunAnew {
            // The member has forgotten the session, of which the client knows nothing.
            hasBegunAnew = true
            run.joined.set(nil, of: member, in: session)
            return start()
        }
        if isComplete, answer.status == 202 { return run.exchange.complete(with: MediatedAnswer(status: 202)) }
        guard isComplete, let message = answer.message else { return failed(isComplete) }
        let renamed = JoinedMessages.renamed(message, of: member, to: run.request?.method)
        run.exchange.complete(
            with: MediatedAnswer(status: answer.status, fields: MCPAnswers.fields, body: renamed.bytes))
    }

    /// The member cannot be asked, or the client may not ask it, which it is told in the gate's words.
    private func failed(_ isComplete: Bool) {
        guard isComplete, answer.isRefusal, let error = answer.message?["error"], let id = run.request?.id else {
            return run.fail(member, answer.failure(isComplete: isComplete))
        }
        var object = JSONObject()
        object["jsonrpc"] = "2.0"
        object["id"] = id.value
        object["error"] = error
        run.exchange.complete(
            with: MediatedAnswer(status: 200, fields: MCPAnswers.fields, body: JSONValue.object(object).bytes))
    }

    // MARK: Time and room

    var isWritable: Bool { run.exchange.stream?.isWritable ?? false }

    func flushed() { run.exchange.stream?.flush() }

    func writabilityChanged() { call?.writabilityChanged() }

    func sweep(now: Int64) {
        guard step != .relaying, now >= deadline else { return }
        cancel()
        run.fail(member, memberTimeIsOver)
    }

    func cancel() {
        let call = call
        self.call = nil
        call?.cancel()
    }
}
