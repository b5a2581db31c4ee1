// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

extension MCPMediation {
    func begin(_ head: MediatedAnswerHead) -> AnswerPlan {
        guard let request else { return .replace(Self.noRequest) }
        do throws(MCPRefusal) {
            return try plan(MCPAnswerHead(status: head.status, fields: head.fields, to: request), head, request)
        } catch { return .replace(MCPAnswers.refusal(error, supported: settings.revisions)) }
    }

    /// What is answered to an answer to nothing, which cannot come to pass.
    private static let noRequest = MCPAnswers.error(
        -32603, "The gate has no request for this answer.", data: .init(), to: nil, status: 502)

    private func plan(
        _ answer: MCPAnswerHead, _ head: MediatedAnswerHead, _ request: MCPRequest
    ) throws(MCPRefusal) -> AnswerPlan {
        let limit = settings.answers.rpc.json.bytes
        upstreamSession = answer.session
        switch answer.form {
        case .json: return .collect(limit: limit)
        case .accepted:
            // Whatever the server says to a notification, nobody reads it. The end of a session is no message, and
            // clients take 202 for a failure there.
            if case .endSession = request.operation { return .replace(MediatedAnswer(status: 200)) }
            return .replace(MediatedAnswer(status: 202))
        case .failed(let status, let isJSON):
            failure = Self.status(status)
            if isJSON, request.id != nil { return .collect(limit: min(limit, 64 << 10)) }
            return .replace(failed())
        case .eventStream:
            events = EventStreamParser(limits: settings.streams)
            if request.method == .initialize {
                // The session can be sealed only when the revision is known, and that stands in the stream.
                collectsEvents = true
                return .collect(limit: limit)
            }
            return .stream(fields: EventStream.fields)
        }
    }

    /// The status that a client gets for a server's: those that mean something to it, 502 for the rest. That the gate's
    /// own credentials were refused is nothing that a client could mend.
    private static func status(_ status: UInt16) -> UInt16 {
        switch status {
        case 400, 404, 405, 409, 410, 422, 429, 503: status
        default: 502
        }
    }

    /// The answer to a failure of which nothing else is told.
    private func failed() -> MediatedAnswer {
        let status = failure ?? 502
        let message = "The server's answer is a failure without more in it."
        return MCPAnswers.error(-32603, message, data: .init(), to: request?.id, status: status)
    }

    func answer(_ body: [UInt8]) -> MediatedAnswer {
        do throws(MCPRefusal) {
            if collectsEvents { return try answer(events: body) }
            guard var exchange else { return Self.noRequest }
            defer { self.exchange = exchange }
            let message = try exchange.readBody(body, isFailure: failure != nil)
            let step = try process(message)
            return whole(step)
        } catch {
            if failure != nil { return failed() }
            return MCPAnswers.refusal(error, supported: settings.revisions)
        }
    }

    /// The answer to `initialize` out of an event stream.
    private func answer(events body: [UInt8]) throws(MCPRefusal) -> MediatedAnswer {
        guard var exchange, var parser = events else { return Self.noRequest }
        defer { self.exchange = exchange }
        let found: [EventStreamEvent]
        do throws(EventStreamError) {
            found = try parser.feed(body)
            try parser.end()
        } catch { throw MCPRefusal(.stream(error), fault: .server, id: request?.id) }
        for event in found {
            guard let message = try exchange.readEvent(event), message.answers != nil else { continue }
            return whole(try process(message))
        }
        throw MCPRefusal(.response(.missingResponse), fault: .server, id: request?.id)
    }

    private func whole(_ step: ProcessedMessage) -> MediatedAnswer {
        var answer = MediatedAnswer(status: failure ?? 200, fields: MCPAnswers.fields, events: step.events)
        answer.body = step.message?.value.bytes ?? []
        if let sealedSession { answer.fields.append(MCPField("mcp-session-id", sealedSession)) }
        return answer
    }

    // MARK: Streams

    func stream(_ bytes: [UInt8]) -> StreamStep {
        var step = StreamStep()
        guard var parser = events, var exchange else {
            step.failure = "There is no stream."
            return step
        }
        defer {
            events = parser
            self.exchange = exchange
        }
        do throws(MCPRefusal) {
            let found: [EventStreamEvent]
            do throws(EventStreamError) {
                found = try parser.feed(bytes)
            } catch { throw MCPRefusal(.stream(error), fault: .server, id: request?.id) }
            for event in found { try release(event, &exchange, &step) }
            // A comment keeps a connection open on which nothing else happens.
            if found.isEmpty, bytes.first == UInt8(ascii: ":") { step.bytes = Array(":\n\n".utf8) }
        } catch { fail(error, isAnswered: exchange.isAnswered, &step) }
        return step
    }

    func endStream() -> StreamStep {
        var step = StreamStep()
        guard var parser = events, let exchange else { return step }
        defer { events = parser }
        do throws(MCPRefusal) {
            do throws(EventStreamError) {
                try parser.end()
            } catch { throw MCPRefusal(.stream(error), fault: .server, id: request?.id) }
            if !keepForResumption(exchange) { try exchange.end() }
        } catch { fail(error, isAnswered: exchange.isAnswered, &step) }
        return step
    }

    private func release(
        _ event: EventStreamEvent, _ exchange: inout MCPExchange, _ step: inout StreamStep
    ) throws(MCPRefusal) {
        var event = event
        if let id = event.id { lastEvent = id }
        if let message = try exchange.readEvent(event) {
            if exchange.isAnswered, let resumedBehind { service.memory.end(resumedBehind) }
            let processed = try process(message)
            step.events += processed.events
            guard let message = processed.message else { return }
            event.data = message.value.bytes
        }
        step.bytes += event.bytes
    }

    /// Ends a stream, with an answer to the request if there was none.
    private func fail(_ refusal: MCPRefusal, isAnswered: Bool, _ step: inout StreamStep) {
        step.failure = refusal.description
        step.events.append(MediationEvent(code: refusal.code, detail: refusal.description))
        guard let id = asked?.id, !isAnswered else { return }
        var refusal = refusal
        refusal.id = id
        step.bytes += EventStreamEvent(data: refusal.body(supported: settings.revisions)).bytes
    }
}
