// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Protocols

extension A2AMediation {
    func begin(_ head: MediatedAnswerHead) -> AnswerPlan {
        guard let request else { return .replace(broken(.answerForm)) }
        let memory = service.memory
        let owner = owner
        reader = A2AAnswerReader(request, limits: limits) { id in
            owner.map { memory.owns(.task, id, $0) } ?? false
        }
        var type: String?
        for field in head.fields.prefix(512) {
            if field.name.utf8.elementsEqual("content-type".utf8) {
                guard type == nil else { return .replace(broken(.answerType)) }
                type = field.value
            } else if field.name.utf8.elementsEqual("content-encoding".utf8),
                !field.value.lowercased().utf8.elementsEqual("identity".utf8)
            {
                return .replace(broken(.answerType))
            }
        }
        let isJSON =
            MediaTypes.isUTF8(type, "application/json") || MediaTypes.isUTF8(type, "application/a2a+json")
            || MediaTypes.isUTF8(type, "application/problem+json")
        switch head.status {
        case 204 where request.isHTTP && request.method == .deletePush:
            return .replace(MediatedAnswer(status: 204, fields: [MCPField("cache-control", "no-store")]))
        case 200..<300: break
        case 400..<600:
            failure = Self.status(head.status)
            guard isJSON, failure != nil else { return .replace(failed()) }
            return .collect(limit: 64 << 10)
        default: return .replace(broken(.status))
        }
        if isJSON { return .collect(limit: limits.answer.json.bytes) }
        guard request.method?.isStream ?? false, MediaTypes.isUTF8(type, "text/event-stream") else {
            return .replace(broken(.answerType))
        }
        events = EventStreamParser(limits: limits.streams, allowsTypes: request.isHTTP)
        return .stream(fields: [
            MCPField("content-type", "text/event-stream"), MCPField("cache-control", "no-store"),
            MCPField("x-accel-buffering", "no"),
        ])
    }

    /// The answer to an answer that breaks a rule outside of its body.
    private func broken(_ reason: A2ARefusalReason) -> MediatedAnswer {
        A2AReplies.refusal(A2ARefusal(.rule(reason), fault: .agent, id: request?.id, isHTTP: isHTTP))
    }

    /// The status that a client gets for the agent's: those that mean something to it. That the gate's own credentials
    /// were refused is nothing that a client could mend.
    private static func status(_ status: UInt16) -> UInt16? {
        switch status {
        case 400, 404, 405, 409, 410, 415, 422, 429, 500, 501, 503, 504: status
        default: nil
        }
    }

    /// The answer to a failure of which nothing else is told.
    private func failed() -> MediatedAnswer {
        A2AReplies.error(
            -32603, "The agent's answer is a failure without more in it.", reason: "upstream_failed",
            status: failure ?? 502, isHTTP: isHTTP, id: request?.id)
    }

    // MARK: Whole answers

    func answer(_ body: [UInt8]) -> MediatedAnswer {
        guard let reader else { return broken(.answerForm) }
        do throws(A2ARefusal) {
            let step = try process(reader.read(body, isEvent: false, isFailure: failure != nil))
            let status: UInt16 = failure ?? (step.isFailure && isHTTP ? 502 : 200)
            return MediatedAnswer(
                status: status, fields: A2AReplies.fields, body: step.value.bytes, events: step.events)
        } catch {
            if failure != nil { return failed() }
            return A2AReplies.refusal(error)
        }
    }

    /// What becomes of one message of the agent.
    private struct Step {
        var value: JSONValue
        var isFailure = false
        var events: [MediationEvent] = []
    }

    private func process(_ answer: A2AAnswerReader.Answer) throws(A2ARefusal) -> Step {
        switch answer {
        case .failure(let value): return Step(value: HiddenText.removed(from: value), isFailure: true)
        case .error(let error):
            let clean = JSONRPCErrorObject(
                code: error.code, message: HiddenText.removed(from: error.message),
                data: error.data.map { HiddenText.removed(from: $0) })
            return Step(value: wrapped(.error(clean)), isFailure: true)
        case .result(let result):
            var step = Step(value: result.value)
            do throws(A2ARefusalReason) {
                try take(result, &step)
            } catch {
                throw A2ARefusal(.rule(error), fault: .agent, id: request?.id, isHTTP: isHTTP)
            }
            step.value = isHTTP ? step.value : wrapped(.result(step.value))
            return step
        }
    }

    private func wrapped(_ outcome: JSONRPCResponse.Outcome) -> JSONValue {
        JSONRPCMessage.response(JSONRPCResponse(id: request?.id, outcome: outcome)).value
    }

    private func take(_ result: A2AResult, _ step: inout Step) throws(A2ARefusalReason) {
        guard let request else { throw .answerForm }
        guard let method = request.method, method != .extendedCard else { return try take(card: result.value, &step) }
        try claim(result, request, method, &step)
        note(result.texts)
        if HiddenText.isPresent(in: step.value) {
            step.value = HiddenText.removed(from: step.value)
            step.events.append(MediationEvent(code: "a2a_hidden_text", detail: Self.subject(request)))
        }
        if method == .listTasks, case .object(var page) = step.value, let token = page["nextPageToken"]?.string {
            page["nextPageToken"] = .string(sealedPage(token))
            step.value = .object(page)
        }
    }

    // MARK: Whose it is

    /// Makes what the agent began for this caller the caller's. What is another's has no place in the answer.
    private func claim(
        _ result: A2AResult, _ request: A2ARequest, _ method: A2AMethod, _ step: inout Step
    ) throws(A2ARefusalReason) {
        guard let owner else { throw .foreignTask }
        let asked = method.isMessage ? nil : request.tasks.first
        for task in result.tasks {
            if method != .listTasks, let asked, !asked.utf8.elementsEqual(task.id.utf8) { throw .foreignTask }
            switch service.memory.claim(.task, task.id, owner) {
            case .refused: throw .foreignTask
            case .own: break
            case .new:
                let within = owner.task.map { "task \($0)" } ?? "no task"
                step.events.append(MediationEvent(code: "a2a_task_began", detail: "\(task.id), within \(within)"))
            }
            if let conversation = task.context { try claim(.context, conversation, owner) }
        }
        for task in result.mentionedTasks { try claim(.task, task, owner) }
        for conversation in result.contexts { try claim(.context, conversation, owner) }
    }

    private func claim(
        _ kind: A2AMemory.Kind, _ id: String, _ owner: A2AMemory.Owner
    ) throws(A2ARefusalReason) {
        if case .refused = service.memory.claim(kind, id, owner) { throw .foreignTask }
    }

    // MARK: The card

    private func take(card value: JSONValue, _ step: inout Step) throws(A2ARefusalReason) {
        let entrance = context.entrance ?? "https://gate.invalid/s/\(service.name)"
        let hosts = [description.host] + description.endpoints.map(\.place.host)
        let base = description.path.utf8.elementsEqual("/".utf8) ? "" : description.path
        let context = context
        let card = try A2ACard(
            value,
            terms: A2ACard.Terms(
                entrance: entrance, base: base, isOwnHost: { hosts.contains($0.endpoint.host) },
                isVisible: { context.wouldAllow(Self.inquiry(skill: $0)) }))
        if card.droppedInterfaces > 0 {
            step.events.append(
                MediationEvent(
                    code: "a2a_card_interfaces",
                    detail: "\(card.droppedInterfaces) interfaces lead elsewhere or speak what is not read"))
        }
        if card.unnamedSkills > 0 {
            step.events.append(
                MediationEvent(
                    code: "a2a_card_skills", detail: "\(card.unnamedSkills) skills have no name that can be called"))
        }
        step.value = card.signed(signature(of: card))
    }

    private func signature(of card: A2ACard) -> (protected: String, signature: String)? {
        guard let token = signer?(card.signedBytes) else { return nil }
        let parts = token.split(separator: 0x2e, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[2], as: UTF8.self))
    }

    // MARK: Streams

    func stream(_ bytes: [UInt8]) -> StreamStep {
        var step = StreamStep()
        guard var parser = events, let reader else {
            step.failure = "There is no stream."
            return step
        }
        defer { events = parser }
        do throws(A2ARefusal) {
            let found: [EventStreamEvent]
            do throws(EventStreamError) {
                found = try parser.feed(bytes)
            } catch { throw refusal(.stream(error)) }
            for event in found { try release(event, reader, &step) }
            // A comment keeps a connection open on which nothing else happens.
            if found.isEmpty, bytes.first == UInt8(ascii: ":") { step.bytes = Array(":\n\n".utf8) }
        } catch { fail(error, &step) }
        return step
    }

    private func refusal(_ cause: A2ARefusal.Cause) -> A2ARefusal {
        A2ARefusal(cause, fault: .agent, id: request?.id, isHTTP: isHTTP)
    }

    private func release(
        _ event: EventStreamEvent, _ reader: A2AAnswerReader, _ step: inout StreamStep
    ) throws(A2ARefusal) {
        guard !event.data.isEmpty else { return }
        var isFailure = false
        if let type = event.type, !type.utf8.elementsEqual("message".utf8) {
            guard isHTTP, type.utf8.elementsEqual("error".utf8) else { throw refusal(.stream(.unknownEvent)) }
            isFailure = true
        }
        let taken = try process(reader.read(event.data, isEvent: true, isFailure: isFailure))
        isAnswered = true
        step.events += taken.events
        step.bytes +=
            EventStreamEvent(
                data: taken.value.bytes, id: event.id, type: isFailure ? "error" : nil
            ).bytes
    }

    func endStream() -> StreamStep {
        var step = StreamStep()
        guard var parser = events else { return step }
        defer { events = parser }
        do throws(A2ARefusal) {
            do throws(EventStreamError) {
                try parser.end()
            } catch { throw refusal(.stream(error)) }
            guard isAnswered else { throw refusal(.rule(.answerForm)) }
        } catch { fail(error, &step) }
        return step
    }

    /// Ends a stream with an event that says why.
    private func fail(_ refusal: A2ARefusal, _ step: inout StreamStep) {
        step.failure = refusal.description
        step.events.append(MediationEvent(code: refusal.code, detail: refusal.description))
        step.bytes += A2AReplies.event(refusal)
    }
}
