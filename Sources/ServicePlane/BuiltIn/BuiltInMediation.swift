// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Transport

/// The mediation of one exchange with a server of the gate's own.
///
/// It is that of MCP, whichever way the client asks: a call as plain HTTP becomes the very call of the tool before it is
/// read, so that the two cannot be judged differently. What grants and policies see of the arguments is what the server
/// makes of them.
final class BuiltInMediation: Mediation {
    private let inner: MCPMediation
    private let server: any BuiltInServer
    private let context: any MediationContext
    /// The call of a tool, once its arguments were read.
    private(set) var call: BuiltInCall?
    /// Whether the client asks by plain HTTP.
    private var isPlain = false
    /// Whether the client asks to be told of output while it comes.
    private(set) var isStreamed = false

    init(_ inner: MCPMediation, server: any BuiltInServer, context: any MediationContext) {
        self.inner = inner
        self.server = server
        self.context = context
    }

    /// What the server says to the messages of this exchange.
    var messages: BuiltInMessages {
        BuiltInMessages(
            information: server.information, revision: inner.request?.revision ?? BuiltInPlainCall.revision)
    }

    /// The limits on messages.
    var limits: JSONRPCLimits { inner.settings.answers.rpc }

    /// The identifier of the client's request.
    var id: JSONRPCID? { inner.request?.id }

    // MARK: Requests

    func read(_ request: MediatedRequest) -> MediatedReading {
        call = nil
        isPlain = request.path.utf8.elementsEqual(server.information.plainPath.utf8)
        var message = request
        if isPlain {
            switch BuiltInPlainCall.message(for: server.information.plainTool, request, inner.settings.limits.rpc.json)
            {
            case .success(let plain):
                message = plain.request
                isStreamed = plain.isStreamed
            case .failure(let refusal): return refused(refusal.reason, refusal.detail, status: refusal.status)
            }
        }
        switch inner.read(message) {
        case .operation(let operation, let forwarded): return .operation(prepared(operation), forwarded)
        case .refused(let reason, let detail, let answer):
            guard isPlain else { return .refused(reason, detail: detail, answer) }
            let message = (try? JSONValue(parsing: answer.body))?["error"]?["message"]?.string
            return refused(reason, detail, message, status: Int(answer.status))
        case .answered(let answer): return .answered(answer)
        }
    }

    private func prepared(_ operation: Operation) -> Operation {
        guard operation.name == .toolCall, let tool = operation.tool, let arguments = operation.arguments?.object else {
            return operation
        }
        var operation = operation
        do throws(BuiltInRefusal) {
            let call = try server.prepare(tool: tool, arguments: arguments)
            operation.arguments = call.facts
            self.call = call
        } catch {
            // Who may not call the tool at all learns no more than that.
            operation.arguments = [:]
            if inner.objection == nil { inner.objection = .deny(error.reason, detail: error.detail) }
        }
        return operation
    }

    /// A refusal as plain HTTP has it.
    private func refused(
        _ reason: ReasonCode, _ detail: String, _ message: String? = nil, status: Int
    ) -> MediatedReading {
        let detail = message.map { "\(detail): \($0)" } ?? detail
        guard let decision = context.decisionName else {
            return .refused(
                reason, detail: detail,
                MCPAnswers.error(MCPAnswers.denied, detail, data: JSONObject(), to: nil, status: 403))
        }
        // The arguments are all there is of the request.
        let own = reason == .argumentRefused ? 400 : reason.status
        let problem = Problem(
            .deny(reason, detail: detail), decision: decision, status: status >= 400 ? status : own)
        return .refused(reason, detail: detail, ServiceExchange.answer(problem))
    }

    func preparation() -> (any MediationPreparation)? { inner.preparation() }

    func object(to facts: Facts) -> Verdict? { inner.object(to: facts) }

    func object(to facts: Facts, under verdict: Verdict) -> Verdict? {
        // What the server cannot do does not count as a call.
        if inner.objection == nil, let call, let refusal = server.object(to: call, under: verdict.sandbox) {
            return .deny(refusal.reason, detail: refusal.detail)
        }
        return inner.object(to: facts)
    }

    func foresee(_ facts: Facts) -> Verdict? { inner.foresee(facts) }

    var broughtApproval: ApprovalID? { inner.broughtApproval }

    var heldContent: HeldContent? { inner.heldContent }

    func pending(_ approval: ApprovalID) -> MediatedAnswer? {
        guard isPlain else { return inner.pending(approval) }
        return context.decisionName.map { ApprovalAnswers.pending(approval, $0) }
    }

    func waitingSign(_ count: Int) -> [UInt8]? { isPlain ? nil : inner.waitingSign(count) }

    var provenance: [ProvenanceRecord] { inner.provenance }

    func refusal(_ denial: MediatedDenial) -> MediatedAnswer? {
        guard !isPlain, var answer = inner.refusal(denial) else { return nil }
        if let seconds = Problem.retrySeconds(after: denial.verdict.reason) {
            answer.fields.append(MCPField("retry-after", "\(seconds)"))
        }
        return answer
    }

    // MARK: Answers

    func begin(_ head: MediatedAnswerHead) -> AnswerPlan { inner.begin(head) }

    func answer(_ body: [UInt8]) -> MediatedAnswer {
        let answer = inner.answer(body)
        guard isPlain else { return answer }
        guard let value = try? JSONValue(parsing: answer.body, limits: limits.json),
            let fields = value["result"]?["structuredContent"]
        else { return MediatedAnswer(status: 502, fields: MCPAnswers.fields, body: answer.body, events: answer.events) }
        return MediatedAnswer(status: 200, fields: MCPAnswers.fields, body: fields.bytes, events: answer.events)
    }

    func stream(_ bytes: [UInt8]) -> StreamStep { inner.stream(bytes) }

    func endStream() -> StreamStep { inner.endStream() }

    func close() { inner.close() }
}
