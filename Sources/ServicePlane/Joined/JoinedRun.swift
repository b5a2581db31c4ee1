// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import NIOCore
import Protocols

/// One request to an endpoint that joins several servers.
///
/// It decides nothing: whatever reaches a member is a request of the client to that member, under the member's own names,
/// in an exchange of its own (``MemberCall``).
final class JoinedRun {
    let exchange: ServiceExchange
    let endpoint: JoinedEndpoint
    /// The fields of the client's request that say who is asking and what for.
    let identification: [MCPField]
    /// The client's request, once it was read.
    var request: MCPRequest?
    /// The client's session with the endpoint.
    var session: String?
    /// What is under way.
    var work: (any JoinedWork)?

    init(_ exchange: ServiceExchange, _ endpoint: JoinedEndpoint, identification: [MCPField]) {
        self.exchange = exchange
        self.endpoint = endpoint
        self.identification = identification
    }

    private var sessions: MCPSessions { exchange.loop.core.sessions }
    var joined: JoinedSessions { exchange.loop.core.joined }
    private var caller: String { exchange.identity?.id.description ?? "" }

    // MARK: The request

    /// Takes the complete request of the client.
    func start(_ draft: MediatedDraft) {
        guard ["", "/", "/mcp"].contains(where: { $0.utf8.elementsEqual(draft.path.utf8) }) else {
            return refuse("mcp_path", "the endpoint does not answer at this path", status: 404)
        }
        var negotiated: MCPRevision?
        let sealed = draft.fields.filter { $0.name.utf8.elementsEqual("mcp-session-id".utf8) }
        if sealed.count == 1, let sealed = sealed.first?.value {
            guard let opened = sessions.open(session: sealed, caller: caller, service: endpoint.name),
                joined[opened.session] != nil
            else {
                return refuse(
                    "mcp_unknown_session", "there is no such session of this agent; begin a new one", status: 404)
            }
            (session, negotiated) = opened
        }
        do throws(MCPRefusal) {
            let request = try MCPRequestReader(origins: endpoint.origins).read(
                MCPHTTPRequest(
                    method: draft.method, query: draft.query, fields: draft.fields, body: draft.body),
                negotiated: negotiated)
            self.request = request
            try answer(request)
        } catch {
            record(error.status == 413 ? .requestTooLarge : .protocolViolation, error.code)
            exchange.complete(with: MCPAnswers.refusal(error, supported: MCPRevision.allCases))
        }
    }

    private func answer(_ request: MCPRequest) throws(MCPRefusal) {
        switch request.operation {
        case .initialize, .discover: begin(JoinedIntroduction(self, request))
        case .ping: result(JSONObject())
        case .list(let method, let cursor):
            if method == .listTasks { throw MCPRefusal(.request(.unknownMethod), fault: .client, id: request.id) }
            begin(JoinedList(self, request, method, cursor: try pages(cursor, method)))
        case .callTool(let name, _), .getPrompt(let name, _), .complete(.prompt(let name), _):
            try relay(JoinedNames.split(name).map { ($0.member, $0.name) })
        case .readResource(let uri), .subscription(_, let uri), .complete(.resource(let uri), _):
            try relay(JoinedNames.split(uri: uri).map { ($0.member, $0.uri) })
        case .respond(let response):
            guard let (member, id) = response.id.flatMap({ JoinedNames.split($0) }), endpoint.has(member) else {
                throw MCPRefusal(.request(.unexpectedResponse), fault: .client)
            }
            let own = JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: response.outcome))
            begin(JoinedRelay(self, member: member, message: own, subject: nil))
        case .setLogLevel, .endSession: begin(JoinedNotice(self, request))
        case .notify(let method, _):
            // Each member was told of the beginning when its own session began.
            guard method != .initialized, session != nil else {
                return exchange.complete(with: MediatedAnswer(status: 202))
            }
            begin(JoinedNotice(self, request))
        case .listen, .openStream: begin(JoinedStream(self, request))
        case .task: throw MCPRefusal(.request(.unknownMethod), fault: .client, id: request.id)
        }
    }

    /// Passes a request on to the member that it names.
    private func relay(_ subject: (member: String, name: String)?) throws(MCPRefusal) {
        guard let request, let message = request.message else { return }
        guard let subject, endpoint.has(subject.member) else {
            record(.argumentRefused, "no server of the endpoint has a thing of this name")
            var data = JSONObject()
            data["reason"] = .string(ReasonCode.argumentRefused.rawValue)
            data["servers"] = .array(endpoint.members.map { .string($0) })
            return exchange.complete(
                with: MCPAnswers.error(
                    -32602, "The client's request is refused: no server of this endpoint is named by it.", data: data,
                    to: request.id, status: 200))
        }
        begin(
            JoinedRelay(
                self, member: subject.member, message: Self.named(message, subject.name, request),
                subject: subject.name))
    }

    /// The message with the member's own name of what it is about.
    private static func named(_ message: JSONRPCMessage, _ name: String, _ request: MCPRequest) -> JSONRPCMessage {
        guard case .request(let id, var call) = message, var params = call.params else { return message }
        // Nobody could ask for the task later.
        params["task"] = nil
        switch request.operation {
        case .callTool, .getPrompt: params["name"] = .string(name)
        case .readResource, .subscription: params["uri"] = .string(name)
        case .complete(let target, _):
            if case .object(var reference)? = params["ref"] {
                if case .prompt = target { reference["name"] = .string(name) } else { reference["uri"] = .string(name) }
                params["ref"] = .object(reference)
            }
        default: break
        }
        call.params = params
        return .request(id: id, call)
    }

    private func begin(_ work: any JoinedWork) {
        self.work = work
        work.start()
    }

    // MARK: Pages of lists

    private func binding(_ method: MCPMethod) -> MCPSessions.Request {
        MCPSessions.Request(caller: caller, service: endpoint.name, operation: ["cursor", method.rawValue, ""])
    }

    /// The members that have more, with their own cursors; `nil` for the first page.
    private func pages(_ cursor: String?, _ method: MCPMethod) throws(MCPRefusal) -> [String: String]? {
        guard let cursor else { return nil }
        guard let text = sessions.open(state: cursor, of: binding(method))?.state,
            case .object(let pages)? = try? JSONValue(parsing: text)
        else { throw MCPRefusal(.request(.badParams), fault: .client, id: request?.id) }
        return Dictionary(pages.members.compactMap { entry in entry.value.string.map { (entry.name, $0) } }) { $1 }
    }

    /// The cursor behind which these members go on.
    func cursor(_ pages: [(member: String, cursor: String)], _ method: MCPMethod) -> String? {
        guard !pages.isEmpty else { return nil }
        var object = JSONObject()
        for page in pages { object[page.member] = .string(page.cursor) }
        return sessions.seal(state: JSONValue.object(object).text, task: nil, of: binding(method))
    }

    // MARK: Answers of the endpoint's own

    /// Answers with a result, and with the session that began.
    func result(_ result: JSONObject, opening: String? = nil) {
        guard let request, let id = request.id else { return exchange.complete(with: MediatedAnswer(status: 202)) }
        var result = result
        if request.revision.isStateless, result["resultType"] == nil { result["resultType"] = "complete" }
        let response = JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: .result(.object(result))))
        var answer = MediatedAnswer(status: 200, fields: MCPAnswers.fields, body: response.value.bytes)
        if let opening,
            let sealed = sessions.seal(
                session: opening, revision: request.revision, caller: caller, service: endpoint.name)
        {
            answer.fields.append(MCPField("mcp-session-id", sealed))
        }
        exchange.complete(with: answer)
    }

    /// Answers that a member could not be asked.
    func fail(_ member: String, _ why: String) {
        var data = JSONObject()
        data["reason"] = .string(ReasonCode.upstreamUnreachable.rawValue)
        data["service"] = .string(member)
        exchange.complete(
            with: MCPAnswers.error(
                -32603, "The server \(member) of this endpoint does not answer: \(why).", data: data, to: request?.id,
                status: 502))
    }

    private func refuse(_ code: String, _ sentence: String, status: UInt16) {
        record(.protocolViolation, code)
        exchange.complete(
            with: MCPAnswers.error(
                -32600, "The client's request is refused: \(sentence).", data: .init(), to: nil, status: status))
    }

    /// What is refused before any member hears of it.
    private func record(_ reason: ReasonCode, _ detail: String) {
        exchange.verdict = .deny(reason, detail: detail)
        exchange.recordDecision(isWaitedFor: false)
    }

    // MARK: Members

    /// Asks a member.
    ///
    /// - Parameters:
    ///   - message: `nil` for GET and DELETE.
    ///   - subject: What `Mcp-Name` names.
    ///   - known: The session with the member.
    func ask(
        _ member: String, _ message: JSONRPCMessage?, method: String = "POST", subject: String? = nil,
        known: JoinedSessions.Member? = nil, sink: any MemberCall.Sink
    ) -> MemberCall {
        let call = MemberCall(member, sink: sink)
        pending.append((call, method, fields(message, subject, known, method), message?.value.bytes ?? []))
        return call
    }

    private var pending: [(call: MemberCall, method: String, fields: [MCPField], body: [UInt8])] = []

    /// Sends what was asked; whoever asked knows the calls by now, whose answers may come at once.
    func send() {
        let calls = pending
        pending = []
        for (call, method, fields, body) in calls {
            call.start(method, fields, body, loop: exchange.loop, caller: exchange.caller)
        }
    }

    private func fields(
        _ message: JSONRPCMessage?, _ subject: String?, _ known: JoinedSessions.Member?, _ method: String
    ) -> [MCPField] {
        guard let request else { return identification }
        var fields = identification
        let called: String? =
            switch message {
            case .request(_, let call), .notification(let call): call.method
            case .response, nil: nil
            }
        if message != nil { fields.append(MCPField("content-type", "application/json")) }
        let accepted = message == nil ? "text/event-stream" : "application/json, text/event-stream"
        fields.append(MCPField("accept", accepted))
        let begins = called?.utf8.elementsEqual(MCPMethod.initialize.rawValue.utf8) == true
        if !begins {
            let revision = known?.revision ?? request.revision
            fields.append(MCPField("mcp-protocol-version", revision.rawValue))
            if let id = known?.id { fields.append(MCPField("mcp-session-id", id)) }
        }
        guard request.revision.isStateless else { return fields }
        if let called { fields.append(MCPField("mcp-method", called)) }
        if let subject, request.method?.takesInput == true {
            fields.append(MCPField("mcp-name", MCPFieldValue.encode(subject)))
        }
        return fields + request.parameterFields
    }

    // MARK: The end

    /// The client went away, or the exchange ends.
    func cancel() {
        let work = work
        self.work = nil
        work?.cancel()
    }
}

/// What one kind of request takes.
protocol JoinedWork: AnyObject {
    func start()
    func cancel()
    /// Looks at the time.
    func sweep(now: Int64)
    func writabilityChanged()
}
