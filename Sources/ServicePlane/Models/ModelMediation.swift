// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// The mediation of one exchange with a provider of models.
///
/// A request is read strictly and sent on without anything that nobody decided on. Calls of tools in the answer reach the
/// client only when they are complete, unambiguous and allowed.
final class ModelMediation: Mediation {
    let server: ModelServer
    let limits: ModelLimits
    let context: any MediationContext

    /// Makes the gate's own answers.
    var replies = ModelReplies()
    /// The request, once it was read.
    var call: ModelCall?
    /// What stands in front of the names of operations: `/v1`, or nothing where the service's own path has it.
    private var versionPath = ""
    /// The one model that is asked about.
    private var askedModel: String?
    /// The status of an answer that is a failure.
    var failure: UInt16?
    /// Fields of the provider's answer that go on.
    var releasedFields: [MCPField] = []
    /// Watches an answer that is a stream.
    var filter: ModelStreamFilter?
    /// What the exchange took as far as it is known; `nil` when it took nothing.
    var usage: ModelUsage?

    /// A mediation of one exchange, whose context is told at the end what the call took: as the provider counts, else as
    /// estimated from lengths.
    init(server: ModelServer, context: any MediationContext, limits: ModelLimits = .standard) {
        self.server = server
        self.context = context
        self.limits = limits
    }

    // MARK: The request

    func read(_ request: MediatedRequest) -> MediatedReading {
        replies.decision = context.decisionName
        let isAnthropic = request.fields.contains { $0.name.utf8.elementsEqual("anthropic-version".utf8) }
        if isAnthropic { replies.form = .messages }
        let route: ModelRoute
        do throws(ModelRoute.Failure) {
            route = try ModelRoute(request)
        } catch { return refuse(error) }
        if !isAnthropic { replies.form = route.api }
        if route.api != .modelList, let refused = refuseType(request) { return refused }
        do throws(ModelRefusal) {
            let call = try ModelRequestReader(limits: limits).read(route.api, body: request.body)
            let fields: [MCPField]
            do throws(ModelFields.Repeated) {
                fields = try ModelFields.forwarded(request.fields, call)
            } catch {
                return refuse(400, "model_repeated_field", "the field \(error.name) stands twice; send it once.")
            }
            self.call = call
            askedModel = route.model
            versionPath = request.path.utf8.starts(with: "/v1/".utf8) ? "/v1" : ""
            let forwarded = ForwardedRequest(
                method: nil, path: route.target, fields: fields, body: call.body, taskHandle: nil)
            return .operation(Self.operation(call), forwarded)
        } catch { return .refused(ModelReplies.reason(error), detail: error.code, replies.refusal(error)) }
    }

    /// What is decided on.
    private static func operation(_ call: ModelCall) -> Operation {
        // The list is filtered by what may be called.
        guard call.api != .modelList else { return Operation(.session) }
        var arguments = JSONObject()
        arguments["api"] = .string(call.api.rawValue)
        arguments["model"] = .string(call.model)
        arguments["stream"] = .bool(call.isStreaming)
        arguments["max_tokens"] = call.maximumTokens.map { .integer($0) }
        arguments["tools"] = .array(call.toolNames.map { .string($0) })
        arguments["hosted_tools"] = .array(call.hostedTools.map { .string($0) })
        return Operation(.modelCall, tool: call.model, arguments: .object(arguments))
    }

    /// Whether a model may be called at all, whatever the arguments, by any of the requests that call models.
    func mayCall(model: String) -> Bool {
        var operation = Operation(.modelCall, tool: model)
        operation.isInquiry = true
        return context.wouldAllow(operation, byAny: Self.calls.map { ($0.method, versionPath + $0.path.dropFirst(3)) })
    }

    private static let calls = ModelAPI.allCases.filter { $0 != .modelList }

    /// Whether a tool may be called at all.
    private static func inquiry(tool: String) -> Operation {
        var operation = Operation(.toolCall, tool: tool)
        operation.isInquiry = true
        return operation
    }

    private func refuse(_ failure: ModelRoute.Failure) -> MediatedReading {
        switch failure {
        case .path: return refuse(404, "model_path", "nothing is read at this path. Read are \(ModelRoute.readable).")
        case .query: return refuse(400, "model_query", "the query has a meaning that is not known; send none.")
        case .method(let allowed):
            return refuse(405, "model_method", "the path takes \(allowed) only.", [MCPField("allow", allowed)])
        }
    }

    /// Refuses a body of another type: pages of other origins can send those without asking.
    private func refuseType(_ request: MediatedRequest) -> MediatedReading? {
        let type = try? ModelFields.value("content-type", in: request.fields)
        if MediaTypes.isUTF8(type, "application/json") { return nil }
        return refuse(415, "model_content_type", "the body is not sent as application/json, once.")
    }

    private func refuse(
        _ status: UInt16, _ code: String, _ sentence: String, _ fields: [MCPField] = []
    ) -> MediatedReading {
        let message = "The client's request is refused: \(sentence)"
        var answer = replies.error(status, .protocolViolation, code: code, message)
        answer.fields += fields
        return .refused(.protocolViolation, detail: code, answer)
    }

    // MARK: The decision

    func object(to facts: Facts) -> Verdict? {
        guard let call else { return nil }
        if let askedModel, !mayCall(model: askedModel) {
            return .deny(.toolNotGranted, detail: "the model is not one that the agent may call")
        }
        if server.toolRule == .granted {
            for name in call.toolNames + call.hostedTools where !context.wouldAllow(Self.inquiry(tool: name)) {
                return .deny(.toolNotGranted, detail: "the request offers the model the tool \(name)")
            }
        }
        // From here on the provider may read the request, whatever becomes of the answer.
        guard call.api != .modelList else { return nil }
        if context.limitsCost, server.price(of: call.model) == nil {
            return .deny(
                .budgetExhausted,
                detail: "the budget is in money and the model has no price; ask the gate's operator to add it to "
                    + "services.<name>.prices")
        }
        let read = ModelUsage(input: Self.estimate(call.body.count))
        guard context.take(spending(of: read)) else {
            return .deny(
                .budgetExhausted, detail: "what is left of the tokens or of the money is less than the request takes")
        }
        usage = read
        return nil
    }

    /// What an answer may take at most is taken before: nobody counts it.
    func objectToUnseenAnswer() -> Verdict? {
        guard let call, call.api.canCall, let usage else { return nil }
        let (output, isTooMuch) = (call.maximumTokens ?? Self.unbounded).multipliedReportingOverflow(by: call.answers)
        let most = isTooMuch ? Self.unbounded : min(output, Self.unbounded)
        guard !context.take(spending(of: ModelUsage(input: usage.input, output: most))) else { return nil }
        return .deny(
            .budgetExhausted,
            detail: "what is left of the tokens or of the money is less than the answer may take, which nobody counts "
                + "here; send a smaller max_tokens")
    }

    /// Tokens of an answer to which the request sets no end.
    private static let unbounded: Int64 = 1 << 40

    /// Whether the tokens of a stream are covered as far as it has come.
    func isCovered(_ filter: ModelStreamFilter) -> Bool {
        guard let usage else { return true }
        return context.take(spending(of: Self.counted(filter, usage)))
    }

    func refusal(_ denial: MediatedDenial) -> MediatedAnswer? {
        switch denial.verdict.reason {
        case .upstreamTimeout, .upstreamInvalid, .timeout: break
        default: usage = nil
        }
        guard call != nil, denial.verdict.answer?.body == nil else { return nil }
        replies.decision = denial.decision
        return replies.denial(denial.verdict, missingGrant: denial.missingGrant)
    }

    // MARK: What it took

    /// Tokens of a text of so many bytes.
    static func estimate(_ bytes: Int) -> Int64 { (Int64(bytes) &+ 3) / 4 }

    func close() {
        if let filter, let read = usage { usage = Self.counted(filter, read) }
        guard let usage else { return }
        self.usage = nil
        context.note(usage, cost: spending(of: usage).cost)
    }

    /// What a stream took as far as it has come.
    private static func counted(_ filter: ModelStreamFilter, _ read: ModelUsage) -> ModelUsage {
        filter.usage.input > 0 ? filter.usage : ModelUsage(input: read.input, output: filter.usage.output)
    }

    /// What tokens come to in budgets.
    private func spending(of usage: ModelUsage) -> ModelSpending {
        var spending = ModelSpending(tokens: Int(clamping: usage.input &+ usage.output))
        guard let price = call.flatMap({ server.price(of: $0.model) }) else { return spending }
        let cached = min(usage.cached, usage.input)
        spending.cost =
            price.input.cost(ofTokens: usage.input &- cached) + price.cached.cost(ofTokens: cached)
            + price.output.cost(ofTokens: usage.output)
        return spending
    }
}
