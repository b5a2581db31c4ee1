// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols

/// The mediation of one exchange with an agent that is a service.
///
/// A message is read strictly and written anew; tasks and conversations are their caller's; what the agent says of itself
/// leads back to the gate.
final class A2AMediation: Mediation {
    /// Signs bytes: the compact form of a JWS, or `nil` where nobody signs.
    typealias Signer = @Sendable ([UInt8]) -> [UInt8]?

    let service: A2AServiceState
    let description: ServiceDescription
    let settings: AgentServer
    let sessions: MCPSessions
    let book: ProvenanceBook
    let context: any MediationContext
    let limits: A2ALimits
    let signer: Signer?

    /// The request, once it was read.
    var request: A2ARequest?
    /// Whether a task or conversation is named that is not the caller's.
    var namesUnknown = false
    /// Reads what comes back.
    var reader: A2AAnswerReader?
    /// The status of an answer that is a failure.
    var failure: UInt16?
    /// The event stream that is read.
    var events: EventStreamParser?
    /// Whether anything came back on the stream.
    var isAnswered = false
    /// Where the values of this exchange are followed; set when it was admitted.
    var followed: ProvenanceBook.Key?
    /// Where the values of an admitted message came from, for the record.
    var provenance: [ProvenanceRecord] = []

    init(
        service: A2AServiceState, description: ServiceDescription, sessions: MCPSessions, book: ProvenanceBook,
        context: any MediationContext, limits: A2ALimits = .standard, signer: Signer? = nil
    ) {
        self.service = service
        self.description = description
        self.sessions = sessions
        self.book = book
        self.context = context
        self.limits = limits
        self.signer = signer
        settings = service.settings
    }

    /// Who is asking, as tables name it.
    var owner: A2AMemory.Owner? {
        guard let identity = context.identity else { return nil }
        let task = context.taskLinks.last?.id ?? context.task.flatMap { TaskID($0.task.id) }
        return A2AMemory.Owner(agent: identity.id, task: task)
    }

    var isHTTP: Bool { request?.isHTTP ?? true }

    // MARK: The request

    func read(_ request: MediatedRequest) -> MediatedReading {
        let reader = A2ARequestReader(limits: limits)
        do throws(A2ARefusal) {
            var read = try reader.read(
                method: request.method, path: request.path, query: request.query, fields: request.fields,
                body: request.body)
            try openPage(&read)
            self.request = read
            let forwarded = ForwardedRequest(
                method: nil, path: request.path + read.queryText, fields: Self.fields(read, of: request.fields),
                body: read.body, taskHandle: read.taskHandle)
            return .operation(Self.operation(read), forwarded)
        } catch {
            let reason: ReasonCode = error.status == 413 ? .requestTooLarge : .protocolViolation
            return .refused(reason, detail: error.code, A2AReplies.refusal(error))
        }
    }

    /// What is decided on: a message to the skill that it names, else the method by its own name.
    private static func operation(_ request: A2ARequest) -> Operation {
        guard let method = request.method, method != .extendedCard else { return Operation(.session) }
        return Operation(
            .skillCall, tool: method.isMessage ? request.skill ?? method.operationName : method.operationName,
            arguments: .object(request.params))
    }

    /// Whether a skill may be called at all, whatever is said to it.
    static func inquiry(skill: String) -> Operation {
        var operation = Operation(.skillCall, tool: skill)
        operation.isInquiry = true
        return operation
    }

    private static func fields(_ request: A2ARequest, of fields: [MCPField]) -> [MCPField] {
        var output: [MCPField] = []
        if let version = request.version { output.append(MCPField("a2a-version", version)) }
        if let extensions = request.extensions { output.append(MCPField("a2a-extensions", extensions)) }
        for field in fields where field.name.utf8.elementsEqual("user-agent".utf8) && output.count < 3 {
            let isPlain = field.value.utf8.count <= 256 && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
            if isPlain { output.append(field) }
        }
        let isStream = request.method?.isStream ?? false
        output.append(MCPField("accept", isStream ? "text/event-stream, application/json" : "application/json"))
        // What is packed cannot be read.
        output.append(MCPField("accept-encoding", "identity"))
        if !request.body.isEmpty { output.append(MCPField("content-type", request.contentType ?? "application/json")) }
        return output
    }

    // MARK: Pages of lists

    /// Names of pages may hold names of tasks of others, so that they are sealed.
    private var pageBinding: MCPSessions.Request {
        MCPSessions.Request(
            caller: context.identity?.id.description ?? "", service: service.name, operation: ["a2a", "page"])
    }

    private func openPage(_ request: inout A2ARequest) throws(A2ARefusal) {
        guard request.method == .listTasks, let sealed = request.params["pageToken"]?.string else { return }
        if sealed.isEmpty {
            request.params["pageToken"] = nil
            return
        }
        guard let token = sessions.open(state: sealed, of: pageBinding)?.state else {
            throw A2ARefusal(.rule(.params), fault: .client, id: request.id, isHTTP: request.isHTTP)
        }
        request.params["pageToken"] = .string(token)
        if let index = request.query.firstIndex(where: { $0.name.utf8.elementsEqual("pageToken".utf8) }) {
            request.query[index].value = token
        }
    }

    /// The name of a page as the client gets it.
    func sealedPage(_ token: String) -> String {
        token.isEmpty ? "" : sessions.seal(state: token, task: nil, of: pageBinding)
    }

    // MARK: Denials

    func refusal(_ denial: MediatedDenial) -> MediatedAnswer? {
        guard let request, request.method != nil, denial.verdict.answer?.body == nil else { return nil }
        if namesUnknown { return A2AReplies.unknownTask(isHTTP: request.isHTTP, id: request.id) }
        return A2AReplies.denial(denial, isHTTP: request.isHTTP, id: request.id)
    }
}
