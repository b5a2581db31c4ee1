// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Decision
import Protocols

extension MCPMediation {
    func read(_ request: MediatedRequest) -> MediatedReading {
        guard settings.paths.contains(where: { $0.utf8.elementsEqual(request.path.utf8) }) else {
            return .refused(
                .protocolViolation, detail: "mcp_path",
                MCPAnswers.error(
                    -32600, "The client's request is refused: the MCP server does not answer at this path.",
                    data: .init(),
                    to: nil, status: 404))
        }
        var negotiated: MCPRevision?
        if !context.carriesAnswers {
            session = Self.sessionField(request.fields)
        } else if let sealed = Self.sessionField(request.fields) {
            guard let opened = sessions.open(session: sealed, caller: caller, service: service.name) else {
                return .refused(.protocolViolation, detail: "mcp_unknown_session", Self.unknownSession(request.body))
            }
            (session, negotiated) = opened
        }
        let reader = MCPRequestReader(
            limits: settings.limits, revisions: settings.revisions, origins: settings.origins)
        do throws(MCPRefusal) {
            let read = try reader.read(
                MCPHTTPRequest(
                    method: request.method, query: request.query, fields: request.fields, body: request.body),
                negotiated: negotiated)
            self.request = read
            path = request.path
            exchange = MCPExchange(read, limits: settings.answers)
            return try judge(read, at: request.path)
        } catch {
            let reason: ReasonCode = error.status == 413 ? .requestTooLarge : .protocolViolation
            return .refused(
                reason, detail: error.code, MCPAnswers.refusal(error, supported: settings.revisions))
        }
    }

    /// The session id of a request that has exactly one; more than one is refused where fields are read.
    private static func sessionField(_ fields: [MCPField]) -> String? {
        let found = fields.filter { $0.name.utf8.elementsEqual("mcp-session-id".utf8) }
        return found.count == 1 ? found.first?.value : nil
    }

    /// 404 tells a client to begin a new session.
    private static func unknownSession(_ body: [UInt8]) -> MediatedAnswer {
        MCPAnswers.error(
            -32600, "The client's request is refused: there is no such session of this agent; begin a new one.",
            data: .init(), to: nil, status: 404)
    }

    // MARK: Operations

    private func judge(_ request: MCPRequest, at path: String) throws(MCPRefusal) -> MediatedReading {
        switch request.operation {
        case .openStream(after: let event?): resume(behind: event)
        case .notify(.cancelled, _) where session == nil:
            // Without a session a request has the number that its client gave it, and so may another client's.
            return .answered(MediatedAnswer(status: 202))
        case .callTool(let name, let arguments):
            if let refused = try judgeTool(name, arguments, request) { return refused }
        case .listen(let subscription):
            for uri in subscription.resources where !context.wouldAllowAtOnce(Self.reading(uri)) {
                return refuse(
                    .argumentRefused, "mcp_subscription",
                    message: "A resource of the subscription may not be read.")
            }
        case .task(_, let id):
            guard service.memory.task(id, of: caller) != nil else {
                return refuse(
                    .argumentRefused, "mcp_unknown_task", code: -32602,
                    message: "The client's request is refused: this agent has no such task at this server.")
            }
        case .respond(let response):
            guard let id = response.id, closes(id) else {
                throw MCPRefusal(.request(.unexpectedResponse), fault: .client)
            }
        default: break
        }
        var operation = Self.operation(request.operation)
        if operation.name == .toolCall, let annotations {
            operation.effect = annotations.effect
            operation.readsPrivateData = annotations.readsPrivateData
            operation.readsUntrustedContent = annotations.readsUntrustedContent
        }
        return .operation(operation, try forwarded(request, path))
    }

    /// Whether the response answers a request that the server sent to this client in this session.
    private func closes(_ id: JSONRPCID) -> Bool {
        service.memory.close(MCPMemory.ServerRequest(caller: caller, session: session ?? "", id: id)) != nil
    }

    /// Judges what is called against the definition in use; `nil` when nothing speaks against it.
    private func judgeTool(
        _ name: String, _ arguments: JSONObject, _ request: MCPRequest
    ) throws(MCPRefusal) -> MediatedReading? {
        if settings.decoys[name] != nil { return touchDecoy(name) }
        let tool: MCPTool
        switch service.tool(name) {
        case .success(let found): tool = found
        case .failure where !context.carriesAnswers && service.isUnlisted:
            annotations = service.annotations(of: name)
            return nil
        case .failure(let standing):
            let message = standing.hold.sentence(name, of: service.name)
            return object(.toolNotApproved, standing.hold.rawValue, message: message)
        }
        guard let schema = tool.schema else {
            return object(.toolNotApproved, MCPHold.unusable.rawValue, message: MCPHold.unusable.sentence)
        }
        if let refusal = schema.refusal(of: .object(arguments)) {
            return object(
                .argumentRefused, refusal, code: -32602,
                message:
                    "The client's request is refused: the arguments do not fit the tool's input schema (\(refusal)).")
        }
        try tool.definition.judge(request)
        self.tool = tool
        annotations = service.annotations(of: name)
        return nil
    }

    /// Refuses a call. Who may not make it in any case learns of the policy's refusal only, and nothing of tools.
    private func object(
        _ reason: ReasonCode, _ detail: String, code: Int = MCPAnswers.denied, message: String
    ) -> MediatedReading? {
        if let request, context.wouldAllow(Self.operation(request.operation)) {
            return refuse(reason, detail, code: code, message: message)
        }
        objection = .deny(reason, detail: detail)
        return nil
    }

    /// What is decided on.
    static func operation(_ operation: MCPOperation) -> Operation {
        switch operation {
        case .callTool(let name, let arguments):
            return Operation(.toolCall, tool: name, arguments: .object(arguments))
        case .readResource(let uri): return reading(uri)
        case .getPrompt(let name, let arguments): return prompt(name, arguments)
        case .subscription(.subscribe, let uri): return reading(uri)
        case .complete(.prompt(let name), let argument):
            return Operation(
                .promptGet, tool: name,
                arguments: ["method": .string(operation.name), "name": .string(name), "argument": .string(argument)])
        case .complete(.resource(let uri), let argument):
            return Operation(
                .resourceRead, tool: uri,
                arguments: ["method": .string(operation.name), "uri": .string(uri), "argument": .string(argument)])
        default: return Operation(.session)
        }
    }

    /// Whether a tool may be called at all, whatever the arguments.
    static func inquiry(_ tool: String) -> Operation {
        var operation = Operation(.toolCall, tool: tool)
        operation.isInquiry = true
        return operation
    }

    /// Reading a resource, also when somebody only asks to see it in a list.
    static func reading(_ uri: String) -> Operation {
        Operation(
            .resourceRead, tool: uri,
            arguments: ["method": .string(MCPMethod.readResource.rawValue), "uri": .string(uri)])
    }

    /// Reading a prompt.
    static func prompt(_ name: String, _ arguments: JSONObject?) -> Operation {
        var object = JSONObject()
        object["method"] = .string(MCPMethod.getPrompt.rawValue)
        object["name"] = .string(name)
        object["arguments"] = arguments.map { .object($0) }
        return Operation(.promptGet, tool: name, arguments: .object(object))
    }

    // MARK: Forwarding

    /// The member of `_meta` with a task's handle, and the prefix of all names that are the gate's own.
    static let ownPrefix = "io.yett/"
    private static let taskName = "io.yett/task"

    private func forwarded(_ request: MCPRequest, _ path: String) throws(MCPRefusal) -> ForwardedRequest {
        var handle: String?
        var message = request.message
        switch message {
        case .request(let id, var call):
            call.params = try forwarded(call.params, request, &handle)
            message = .request(id: id, call)
        case .notification(var call):
            call.params = try forwarded(call.params, request, &handle)
            message = .notification(call)
        case .response, nil: break
        }
        // The client's session id is sealed; the server knows its own.
        let fields = request.fields.compactMap { field -> MCPField? in
            guard field.name.utf8.elementsEqual("mcp-session-id".utf8) else { return field }
            return session.map { MCPField("mcp-session-id", $0) }
        }
        return ForwardedRequest(
            method: nil, path: path, fields: fields, body: message?.value.bytes ?? [], taskHandle: handle)
    }

    private static let understood: [MCPMethod: Set<String>] = [
        .callTool: ["_meta", "arguments", "inputResponses", "name", "requestState", "task"],
        .getPrompt: ["_meta", "arguments", "inputResponses", "name", "requestState"],
        .readResource: ["_meta", "inputResponses", "requestState", "uri"],
        .complete: ["_meta", "argument", "context", "ref"],
        .listTools: ["_meta", "cursor"], .listPrompts: ["_meta", "cursor"], .listResources: ["_meta", "cursor"],
        .listResourceTemplates: ["_meta", "cursor"], .listTasks: ["_meta", "cursor"],
    ]

    /// The parameters without what nobody decided on, and with the server's own state.
    private func forwarded(
        _ params: JSONObject?, _ request: MCPRequest, _ handle: inout String?
    ) throws(MCPRefusal) -> JSONObject? {
        guard var params else { return nil }
        if !request.revision.isStateless {
            params["requestState"] = nil
            params["inputResponses"] = nil
        }
        if request.revision != .november2025 { params["task"] = nil }
        if let method = request.method, let known = Self.understood[method] {
            for name in params.names where !known.contains(name) { params[name] = nil }
        }
        if case .object(var meta)? = params["_meta"] {
            if let value = meta[Self.taskName] {
                guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= 256,
                    text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
                else { throw MCPRefusal(.request(.badMeta), fault: .client, id: request.id) }
                handle = text
            }
            Self.removeOwn(&meta)
            params["_meta"] = meta.isEmpty ? nil : .object(meta)
        }
        if let sealed = request.state {
            guard let opened = sessions.open(state: sealed, of: stateBinding(request)) else {
                throw MCPRefusal(.request(.badParams), fault: .client, id: request.id)
            }
            if opened.isOwn {
                // The server knows nothing of it.
                params["requestState"] = nil
                params["inputResponses"] = nil
                broughtApproval = opened.state.flatMap { ApprovalID($0) }
                return params
            }
            params["requestState"] = opened.state.map { .string($0) }
            broughtState = BroughtState(
                task: opened.task, digest: Array(SHA256.hash(data: Array(sealed.utf8))))
        }
        return params
    }

    /// Removes what only the gate says.
    static func removeOwn(_ meta: inout JSONObject) {
        for name in meta.names {
            let start = name.utf8.prefix(ownPrefix.utf8.count).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            if start.elementsEqual(ownPrefix.utf8) { meta[name] = nil }
        }
    }

    /// What the state of a request belongs to: the same caller must repeat the same request.
    func stateBinding(_ request: MCPRequest) -> MCPSessions.Request {
        let arguments = JSONValue.object(request.operation.arguments ?? JSONObject()).canonicalBytes
        return MCPSessions.Request(
            caller: caller, service: service.name,
            operation: [request.operation.name, request.operation.subject ?? "", MCPTool.digest(arguments)])
    }
}
