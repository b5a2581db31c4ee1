// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Transport

/// The mediation of one exchange with a service that has an OpenAPI document: the request is read as one of its
/// operations and written anew; the answer passes as it comes.
final class OpenAPIMediation: Mediation {
    private let service: DocumentedService
    private let description: ServiceDescription
    private let context: any MediationContext
    /// What stands against the request whatever the policy says of it.
    private var objection: Verdict?

    /// The most operations that an answer names.
    private static let namedOperations = 12

    /// The limits on bodies besides `service_proxy.limits.request_body`.
    private static let limits = JSONLimits(bytes: 64 << 20, values: 200_000, stringBytes: 64 << 20)

    init(service: DocumentedService, description: ServiceDescription, context: any MediationContext) {
        self.service = service
        self.description = description
        self.context = context
    }

    var passesAnswers: Bool { true }

    func read(_ request: MediatedRequest) -> MediatedReading {
        switch service.router.match(method: request.method, path: Self.path(request)) {
        case .operation(let number): return read(request, number)
        case .otherMethods(let methods):
            return service.allowsOthers
                ? pass(request)
                : refuse(.operationUnknown, "the path has \(methods.joined(separator: ", ")) only; \(known)")
        case .nothing:
            return service.allowsOthers
                ? pass(request) : refuse(.operationUnknown, "no operation of the service has this path; \(known)")
        }
    }

    private static func path(_ request: MediatedRequest) -> String { request.path.isEmpty ? "/" : request.path }

    private func read(_ request: MediatedRequest, _ number: Int) -> MediatedReading {
        let name = service.operations[number].name
        do throws(OpenAPIRefusal) {
            let read = try service.router.read(
                number, path: Self.path(request), query: request.query, fields: request.fields, body: request.body,
                limits: Self.limits)
            if let refusal = service.schemas[number].refusal(of: .object(read.arguments)) {
                throw OpenAPIRefusal(.schema, refusal)
            }
            let forwarded = ForwardedRequest(
                path: request.path + read.query, fields: fields(of: request, body: read.body), body: read.body)
            return .operation(
                Operation(.request, tool: name, arguments: .object(read.arguments)), forwarded)
        } catch {
            let detail = ["\(name): \(error.reason.rawValue)", error.reason.sentence, error.detail]
                .compactMap(\.self).joined(separator: ", ")
            let reason: ReasonCode =
                error.reason == .json || error.reason == .query ? .protocolViolation : .argumentRefused
            // Who may not call the operation in any case learns of that only.
            guard !context.wouldAllow(Self.inquiry(name)) else { return refuse(reason, detail, status: 400) }
            objection = .deny(reason, detail: detail)
            return .operation(Operation(.request, tool: name), ForwardedRequest(fields: [], body: []))
        }
    }

    /// Whether an operation may be called at all, whatever the arguments.
    private static func inquiry(_ name: String) -> Operation {
        var operation = Operation(.request, tool: name)
        operation.isInquiry = true
        return operation
    }

    /// A request that the document does not know, for services where that is allowed.
    private func pass(_ request: MediatedRequest) -> MediatedReading {
        let query = request.query.map { "?\($0)" } ?? ""
        return .operation(
            Operation(.request),
            ForwardedRequest(
                path: request.path + query, fields: fields(of: request, body: request.body), body: request.body))
    }

    /// The fields that pass: without what only describes the connection. The gate's own are gone already.
    private func fields(of request: MediatedRequest, body: [UInt8]) -> [MCPField] {
        var dropped = ["content-length", "expect", "te", "trailer"]
        // What is compressed cannot be looked through.
        if description.secrets != nil || description.searchesObtained { dropped.append("accept-encoding") }
        if body.isEmpty { dropped += ["content-type", "content-encoding"] }
        return request.fields.filter { field in
            !dropped.contains { $0.utf8.elementsEqual(field.name.utf8) }
        }
    }

    /// Some of the operations that the caller may call.
    private var known: String {
        var names: [String] = []
        for operation in service.operations where names.count < Self.namedOperations {
            guard context.wouldAllow(Self.inquiry(operation.name)) else { continue }
            names.append("\(operation.name) (\(operation.method) \(operation.template))")
        }
        return names.isEmpty ? "you may call none of its operations" : "you may call \(names.joined(separator: ", "))"
    }

    private func refuse(_ reason: ReasonCode, _ detail: String, status: Int? = nil) -> MediatedReading {
        let problem = Problem(
            .deny(reason, detail: detail), decision: context.decisionName ?? DecisionID(rawValue: 0),
            status: status ?? reason.status)
        let (fields, body) = problem.parts
        return .refused(
            reason, detail: detail,
            MediatedAnswer(
                status: UInt16(clamping: problem.status), fields: fields.map { MCPField($0.name, $0.value) },
                body: Array(body.utf8)))
    }

    func object(to facts: Facts) -> Verdict? { objection }

    func refusal(_ denial: MediatedDenial) -> MediatedAnswer? { nil }

    // The answer passes, so that none of these is asked.

    func begin(_ head: MediatedAnswerHead) -> AnswerPlan { .stream(fields: []) }

    func answer(_ body: [UInt8]) -> MediatedAnswer { MediatedAnswer(status: 502) }

    func stream(_ bytes: [UInt8]) -> StreamStep { StreamStep(bytes: bytes) }

    func endStream() -> StreamStep { StreamStep() }
}
