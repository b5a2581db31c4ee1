// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols

/// The mediation of one exchange with an MCP server.
///
/// Bytes are read strictly, and what goes on is written anew from what was read. Nothing that the server sends reaches the
/// client without having its place in the exchange.
final class MCPMediation: Mediation {
    let service: MCPServiceState
    let settings: MCPServiceSettings
    let sessions: MCPSessions
    let book: ProvenanceBook?
    let context: any MediationContext

    /// The request, once it was read.
    var request: MCPRequest?
    /// The path at which it came.
    var path: String?
    /// What may come back for it.
    var exchange: MCPExchange?
    /// The definition of the tool that is called.
    var tool: MCPTool?
    /// What stands against the call whatever the policy says of it.
    var objection: Verdict?
    /// What is known of the tool, or of what else is read.
    var annotations: ToolAnnotations?
    /// The session as the server names it.
    var session: String?
    /// The state with which the request is repeated.
    var broughtState: BroughtState?
    /// The approval with which the request is repeated.
    var broughtApproval: ApprovalID?
    /// The session that the server opened with its answer, and as the client gets it.
    var upstreamSession: String?
    var sealedSession: String?
    /// The status of an answer that is a failure.
    var failure: UInt16?
    /// Where the values of this call are followed; set when it was admitted.
    var followed: ProvenanceBook.Key?
    /// The request that goes on in this exchange, and the last event of its stream.
    var resumed: MCPRequest?
    var resumedBehind: MCPResumption.Key?
    var lastEvent: String?
    /// The event stream that is read.
    var events: EventStreamParser?
    /// Whether the answer is an event stream that is read as a whole.
    var collectsEvents = false

    /// Where the values of an admitted call came from, for the record.
    var provenance: [ProvenanceRecord] = []

    /// A state that came back, opened.
    struct BroughtState {
        /// The task in which it was given.
        let task: String?
        /// The digest of the sealed text, by which it is counted once.
        let digest: [UInt8]
    }

    /// A mediation of one exchange.
    ///
    /// - Parameters:
    ///   - book: Where the values of tasks are followed; `nil` when nothing is known of any service's tools.
    init(
        service: MCPServiceState, sessions: MCPSessions, book: ProvenanceBook?, context: any MediationContext
    ) {
        self.service = service
        self.sessions = sessions
        self.book = book
        self.context = context
        settings = service.settings
    }

    /// Who is asking, as seals and tables name it.
    var caller: String { context.identity?.id.description ?? "" }

    // MARK: Answers of the gate

    func refusal(_ denial: MediatedDenial) -> MediatedAnswer? {
        guard let id = request?.id else { return nil }
        let verdict = denial.verdict
        var data = JSONObject()
        data["reason"] = .string(verdict.reason.rawValue)
        data["detail"] = verdict.detail.map { .string($0) }
        data["decision"] = .string(denial.decision.description)
        data["grant"] = denial.missingGrant.map { .string($0) }
        if !verdict.policyCodes.isEmpty { data["codes"] = .array(verdict.policyCodes.map { .string($0) }) }
        let isOurs = verdict.reason.fault == .gateway || verdict.reason.fault == .upstream
        return MCPAnswers.error(
            MCPAnswers.denied, verdict.reason.title, data: data, to: id,
            status: isOurs ? UInt16(exactly: verdict.reason.status) ?? 503 : 200)
    }

    /// Refuses a request that is in order by itself, in the form of the protocol where it has an answer.
    func refuse(
        _ reason: ReasonCode, _ detail: String, code: Int = MCPAnswers.denied, message: String
    ) -> MediatedReading {
        guard let id = request?.id else {
            let status = UInt16(exactly: reason.status) ?? 403
            return .refused(
                reason, detail: detail, MCPAnswers.error(code, message, data: .init(), to: nil, status: status))
        }
        var data = JSONObject()
        data["reason"] = .string(reason.rawValue)
        data["detail"] = .string(detail)
        return .refused(reason, detail: detail, MCPAnswers.error(code, message, data: data, to: id, status: 200))
    }
}

/// Answers that the gate makes by itself.
enum MCPAnswers {
    /// The number of the JSON-RPC error of a denial. It lies where implementations choose their own, and below what MCP
    /// reserves.
    static let denied = -32003

    static let fields = [MCPField("content-type", "application/json"), MCPField("cache-control", "no-store")]

    /// A JSON-RPC error.
    static func error(
        _ code: Int, _ message: String, data: JSONObject, to id: JSONRPCID?, status: UInt16
    ) -> MediatedAnswer {
        let error = JSONRPCErrorObject(
            code: JSONNumber(code), message: message, data: data.isEmpty ? nil : .object(data))
        let response = JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: .error(error)))
        return MediatedAnswer(status: status, fields: fields, body: response.value.bytes)
    }

    /// The answer to a message that breaks a rule.
    static func refusal(_ refusal: MCPRefusal, supported: [MCPRevision]) -> MediatedAnswer {
        var answer = MediatedAnswer(
            status: refusal.status, fields: fields, body: refusal.body(supported: supported))
        if case .request(.httpMethod) = refusal.cause { answer.fields.append(MCPField("allow", "POST")) }
        if refusal.fault == .server {
            answer.events.append(MediationEvent(code: refusal.code, detail: refusal.description))
        }
        return answer
    }
}
