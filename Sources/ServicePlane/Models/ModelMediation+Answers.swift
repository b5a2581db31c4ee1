// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

extension ModelMediation {
    func begin(_ head: MediatedAnswerHead) -> AnswerPlan {
        guard let call else { return .replace(broken("The gate has no request for this answer.")) }
        let type: String?
        do throws(ModelFields.Repeated) {
            type = try ModelFields.value("content-type", in: head.fields)
            if let coding = try ModelFields.value("content-encoding", in: head.fields),
                !coding.lowercased().utf8.elementsEqual("identity".utf8)
            {
                return .replace(
                    broken("The provider's answer is refused: it is packed, although that was not asked for."))
            }
        } catch { return .replace(broken("The provider's answer is refused: the field \(error.name) stands twice.")) }
        let isJSON = MediaTypes.isUTF8(type, "application/json")
        releasedFields = ModelFields.released(head.fields)
        switch head.status {
        case 200: break
        case 400..<600:
            usage = nil
            failure = Self.status(head.status)
            return isJSON && failure != nil ? .collect(limit: 64 << 10) : .replace(failed(head.status))
        default: return .replace(broken("The provider's answer is refused: its status is \(head.status)."))
        }
        if isJSON { return .collect(limit: limits.answer.bytes) }
        guard call.isStreaming, MediaTypes.isUTF8(type, "text/event-stream"),
            let filter = ModelStreamFilter(call.api, limits: limits)
        else { return .replace(broken("The provider's answer is refused: it is not of a type that was asked for.")) }
        self.filter = filter
        return .stream(
            fields: releasedFields + [
                MCPField("content-type", "text/event-stream"), MCPField("cache-control", "no-store"),
                MCPField("x-accel-buffering", "no"),
            ])
    }

    /// An answer that breaks a rule outside of its body.
    private func broken(_ message: String) -> MediatedAnswer {
        var answer = replies.error(502, .upstreamInvalid, code: "model_answer_head", message)
        answer.events.append(MediationEvent(code: "model_answer_head", detail: message))
        return answer
    }

    // MARK: Failures

    /// The status of a failure that means something to a client. That the gate's own key was refused is nothing that the
    /// client could mend, and its text may quote the key.
    private static func status(_ status: UInt16) -> UInt16? {
        switch status {
        case 400, 403, 404, 408, 409, 413, 422, 424, 429, 500, 502, 503, 504, 529: status
        default: nil
        }
    }

    /// The answer to a failure of which nothing else is told.
    private func failed(_ status: UInt16) -> MediatedAnswer {
        let message = "The provider answered with the status \(status), and nothing of its answer is passed on."
        var answer = replies.error(failure ?? 502, .upstreamInvalid, code: "model_provider_failed", message)
        if failure == nil {
            answer.fields.append(MCPField("x-should-retry", "false"))
            answer.events.append(MediationEvent(code: "model_provider_failed", detail: message))
        } else {
            add(releasedFields, to: &answer)
        }
        return answer
    }

    private func add(_ fields: [MCPField], to answer: inout MediatedAnswer) {
        for field in fields where !answer.fields.contains(where: { $0.name.utf8.elementsEqual(field.name.utf8) }) {
            answer.fields.append(field)
        }
    }

    // MARK: Whole answers

    func answer(_ body: [UInt8]) -> MediatedAnswer {
        guard let call else { return broken("The gate has no request for this answer.") }
        var output = MediatedAnswer(status: failure ?? 200, fields: ModelReplies.fields + releasedFields)
        do throws(ModelRefusal) {
            if let failure {
                // An error's text, strictly read; it has no calls, whatever its members are called.
                guard let error = try? JSONValue(parsing: body), error.object != nil else { return failed(failure) }
                output.body = error.bytes
                return output
            }
            let answer = try ModelAnswer(call.api, body: body, limits: limits)
            count(answer.usage, bytes: body.count)
            for call in answer.calls {
                if case .deny(let code, let sentence) = judge(call) { return denied(call, code, sentence) }
            }
            output.body = call.api == .modelList ? try filtered(answer.body) : answer.body
            return output
        } catch {
            count(nil, bytes: body.count)
            return replies.refusal(error)
        }
    }

    /// Notes what the provider counted; without that, what the lengths let suppose.
    private func count(_ counted: ModelUsage?, bytes: Int) {
        guard var usage else { return }
        if let counted {
            usage = counted
        } else if call?.api.canCall ?? false {
            usage.output = Self.estimate(bytes)
        }
        self.usage = usage
    }

    private func denied(_ call: ModelToolCall, _ code: String, _ sentence: String) -> MediatedAnswer {
        var answer = replies.error(403, .toolNotGranted, code: code, sentence)
        answer.events.append(Self.event(call))
        return answer
    }

    /// The list without the models that the agent may not call.
    private func filtered(_ body: [UInt8]) throws(ModelRefusal) -> [UInt8] {
        guard var list = (try? JSONValue(parsing: body, limits: limits.answer))?.object else {
            throw ModelRefusal(.rule(.structure), fault: .provider)
        }
        guard let models = list["data"] else { return body }
        guard let models = models.array, models.count <= 4096 else {
            throw ModelRefusal(.rule(.structure), fault: .provider)
        }
        list["data"] = .array(
            models.filter { model in
                guard let id = model["id"]?.string, id.utf8.count <= 256 else { return false }
                return mayCall(model: id)
            })
        return JSONValue.object(list).bytes
    }

    // MARK: Calls

    /// Judges a call that is complete.
    private func judge(_ call: ModelToolCall, next: String = "") -> ModelToolVerdict {
        guard isOffered(call) else {
            return .deny(
                code: "tool_not_offered",
                sentence:
                    "The model's answer is refused: it calls the tool \(call.name), which the request did not offer."
                    + next)
        }
        guard server.toolRule == .granted else { return .allow }
        if context.wouldAllow(Operation(.toolCall, tool: call.name, arguments: call.arguments)) { return .allow }
        let sentence =
            "The model's answer is refused: it calls the tool \(call.name), which this agent may not call with these "
            + "arguments.\(next)"
        return .deny(code: ReasonCode.toolNotGranted.rawValue, sentence: sentence)
    }

    /// Whether the request offered the model what it calls. What the provider runs has names of its own.
    private func isOffered(_ call: ModelToolCall) -> Bool {
        guard let request = self.call else { return false }
        if call.isHosted { return !request.hostedTools.isEmpty }
        return request.toolNames.contains { $0.utf8.elementsEqual(call.name.utf8) }
    }

    private static func event(_ call: ModelToolCall) -> MediationEvent {
        MediationEvent(code: "model_call_denied", detail: call.name)
    }

    // MARK: Streams

    func stream(_ bytes: [UInt8]) -> StreamStep {
        let next = replies.next
        guard let step = filter?.feed(bytes, judge: { judge($0, next: next) }) else {
            return StreamStep(failure: "There is no stream.")
        }
        let output = released(step)
        // What is complete was spent, and is passed on.
        if case .finished = step.ending { return output }
        guard let filter, !output.isOver, !isCovered(filter) else { return output }
        let code = ReasonCode.budgetExhausted.rawValue
        let error = ModelErrorBody(
            message: "The answer ends here, because the budget of its models is spent.", code: code, kind: .denial)
        var ended = StreamStep(bytes: self.filter?.stop(error).bytes ?? [])
        ended.isOver = true
        ended.events = output.events + [MediationEvent(code: code, detail: "models")]
        return ended
    }

    func endStream() -> StreamStep {
        guard let step = filter?.end() else { return StreamStep() }
        return released(step)
    }

    private func released(_ step: ModelStreamFilter.Step) -> StreamStep {
        var output = StreamStep(bytes: step.bytes)
        switch step.ending {
        case .finished, .stopped, nil: break
        case .denied(let call, _):
            // The last event tells the client; to break the connection would take it away again.
            output.isOver = true
            output.events.append(Self.event(call))
        case .refused(let refusal):
            output.isOver = true
            output.failure = refusal.description
            output.events.append(MediationEvent(code: refusal.code, detail: refusal.description))
        }
        return output
    }
}
