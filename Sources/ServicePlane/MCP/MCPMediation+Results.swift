// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// What becomes of one message of a server.
struct ProcessedMessage {
    /// The message for the client; `nil` for one that is not passed on.
    var message: JSONRPCMessage?
    /// What happened that somebody should know.
    var events: [MediationEvent] = []
}

extension MCPMediation {
    /// Judges one message of the server, and changes what is to be changed.
    func process(_ message: MCPServerMessage) throws(MCPRefusal) -> ProcessedMessage {
        switch message.kind {
        case .result(let result): return try process(result: result, message)
        case .inputRequired(let methods, let result): return try process(input: methods, result, message)
        case .error(let error):
            let clean = JSONRPCErrorObject(
                code: error.code, message: HiddenText.removed(from: error.message),
                data: error.data.map { HiddenText.removed(from: $0) })
            let response = JSONRPCResponse(id: message.answers, outcome: .error(clean))
            return ProcessedMessage(message: .response(response))
        case .notification(let method, let params):
            let clean = HiddenText.removed(from: .object(params)).object ?? params
            return ProcessedMessage(
                message: .notification(JSONRPCCall(method: method.rawValue, params: clean.isEmpty ? nil : clean)))
        case .request(let id, let method, let params): return process(request: method, params, id, message)
        }
    }

    // MARK: Requests of servers

    private func process(
        request method: MCPMethod, _ params: JSONObject, _ id: JSONRPCID, _ message: MCPServerMessage
    ) -> ProcessedMessage {
        let isAllowed =
            method == .ping
            || settings.serverRequests.contains(method)
                && (method != .elicit || MCPElicitation.isAllowed(.object(params)))
        guard isAllowed else {
            return ProcessedMessage(
                message: nil, events: [MediationEvent(code: "mcp_server_request_refused", detail: method.rawValue)])
        }
        service.memory.open(MCPMemory.ServerRequest(caller: caller, session: session ?? "", id: id), method)
        return ProcessedMessage(message: Self.withoutHidden(message.message))
    }

    private static func withoutHidden(_ message: JSONRPCMessage) -> JSONRPCMessage {
        guard case .request(let id, var call) = message else { return message }
        call.params = call.params.flatMap { HiddenText.removed(from: .object($0)).object }
        return .request(id: id, call)
    }

    /// A wish for input: only of the kinds that are allowed, and with a state that nobody else can use.
    private func process(
        input methods: [MCPMethod], _ result: JSONObject, _ message: MCPServerMessage
    ) throws(MCPRefusal) -> ProcessedMessage {
        guard let request = asked, methods.allSatisfy(settings.inputs.contains),
            (result["inputRequests"]?.object?.members ?? []).allSatisfy({ member in
                !(member.value["method"]?.string?.utf8.elementsEqual(MCPMethod.elicit.rawValue.utf8) ?? false)
                    || MCPElicitation.isAllowed(member.value["params"])
            })
        else {
            throw MCPRefusal(.response(.inputNotAllowed), fault: .server, id: message.answers)
        }
        var result = clean(result).result
        let state = sessions.seal(
            state: result["requestState"]?.string, task: context.task?.task.id, of: stateBinding(request))
        result["requestState"] = .string(state)
        return ProcessedMessage(message: Self.response(result, to: message))
    }

    // MARK: Results

    private static func response(_ result: JSONObject, to message: MCPServerMessage) -> JSONRPCMessage {
        .response(JSONRPCResponse(id: message.answers, outcome: .result(.object(result))))
    }

    /// A result without hidden characters and without what only the gate says.
    private func clean(_ result: JSONObject) -> (result: JSONObject, events: [MediationEvent]) {
        var events: [MediationEvent] = []
        var clean = result
        if HiddenText.isPresent(in: .object(result)) {
            clean = HiddenText.removed(from: .object(result)).object ?? JSONObject()
            events.append(MediationEvent(code: "mcp_hidden_text", detail: asked?.operation.name ?? "answer"))
        }
        if case .object(var meta)? = clean["_meta"] {
            Self.removeOwn(&meta)
            clean["_meta"] = meta.isEmpty ? nil : .object(meta)
        }
        return (clean, events)
    }

    private func process(
        result: JSONObject, _ message: MCPServerMessage
    ) throws(MCPRefusal) -> ProcessedMessage {
        guard let request = asked, let method = request.method else {
            throw MCPRefusal(.response(.badResult), fault: .server, id: message.answers)
        }
        switch method {
        case .listTools, .listPrompts, .listResources, .listResourceTemplates, .listTasks:
            let page = try filter(result, method, request)
            return ProcessedMessage(message: Self.response(page.result, to: message), events: page.events)
        case .initialize: try begin(session: result)
        default: break
        }
        var (clean, events) = clean(result)
        switch method {
        case .callTool: events += try called(&clean, request)
        case .taskResult:
            if case .task(_, let id) = request.operation, let task = service.memory.task(id, of: caller) {
                let annotations = service.annotations(of: task.tool)
                note(clean, of: task.tool, arguments: task.arguments, annotations)
                label(&clean, annotations)
            }
        case .readResource, .getPrompt:
            note(
                clean, of: method.rawValue, arguments: .object(request.operation.arguments ?? JSONObject()), annotations
            )
            label(&clean, annotations)
        case .discover: discover(&clean)
        default: break
        }
        return ProcessedMessage(message: Self.response(clean, to: message), events: events)
    }

    /// The result of a tool, or the task that the server made of the call.
    private func called(
        _ result: inout JSONObject, _ request: MCPRequest
    ) throws(MCPRefusal) -> [MediationEvent] {
        guard case .callTool(let name, let arguments) = request.operation else { return [] }
        if let id = result["task"]?["taskId"]?.string {
            let isSmall = JSONValue.object(arguments).bytes.count <= 16 << 10
            service.memory.open(
                task: id,
                MCPMemory.ServerTask(caller: caller, tool: name, arguments: isSmall ? .object(arguments) : nil))
            return []
        }
        if let output = tool?.output, result["isError"]?.bool != true, let structured = result["structuredContent"],
            output.refusal(of: structured) != nil
        {
            // What does not keep to the server's own word must not count as its fields.
            throw MCPRefusal(.response(.badResult), fault: .server, id: request.id)
        }
        note(result, of: name, arguments: .object(arguments), annotations)
        label(&result, annotations)
        return []
    }

    /// Says in the result that text of others is in it, for whoever shows it to a model.
    private func label(_ result: inout JSONObject, _ annotations: ToolAnnotations?) {
        let isTrusted = annotations.map { !$0.readsUntrustedContent } ?? false
        guard !isTrusted || MCPResultParts(result, annotations).hasText else { return }
        var meta = result["_meta"]?.object ?? JSONObject()
        meta[Self.untrustedName] = true
        result["_meta"] = .object(meta)
    }

    /// Seals the session that the server opened.
    private func begin(session result: JSONObject) throws(MCPRefusal) {
        guard let upstreamSession else { return }
        guard let revision = result["protocolVersion"]?.string.flatMap(MCPRevision.init(version:)),
            settings.revisions.contains(revision),
            let sealed = sessions.seal(
                session: upstreamSession, revision: revision, caller: caller, service: service.name)
        else { throw MCPRefusal(.response(.badSession), fault: .server, id: request?.id) }
        sealedSession = sealed
    }

    /// Leaves out the revisions that the gate does not read.
    private func discover(_ result: inout JSONObject) {
        guard case .array(let versions)? = result["supportedVersions"] else { return }
        result["supportedVersions"] = .array(
            versions.filter { version in
                settings.revisions.contains { version.string?.utf8.elementsEqual($0.rawValue.utf8) ?? false }
            })
    }

    // MARK: Lists

    private func filter(
        _ result: JSONObject, _ method: MCPMethod, _ request: MCPRequest
    ) throws(MCPRefusal) -> (result: JSONObject, events: [MediationEvent]) {
        var events: [MediationEvent] = []
        if method == .listTools {
            let whole = try page(result, method, request) { _ in true }
            var cursor: String?
            if case .list(_, let asked) = request.operation { cursor = asked }
            events += Self.omissions(whole, of: result)
            events += service.learn(
                whole.items.compactMap(\.tool),
                MCPCatalogue.Page(cursor: cursor, next: result["nextCursor"]?.string))
        }
        let page = try page(result, method, request) { item in
            switch method {
            case .listTools:
                guard let tool = item.tool, service.shows(tool) else { return false }
                return context.wouldAllow(Self.inquiry(item.name))
            case .listPrompts: return context.wouldAllow(Self.prompt(item.name, nil))
            case .listResources, .listResourceTemplates: return context.wouldAllow(Self.reading(item.name))
            default: return service.memory.task(item.name, of: caller) != nil
            }
        }
        if method != .listTools { events += Self.omissions(page, of: result) }
        var filtered = page.result
        if method == .listTools { addDecoys(to: &filtered, of: request) }
        if case .object(var meta)? = filtered["_meta"] {
            Self.removeOwn(&meta)
            filtered["_meta"] = meta.isEmpty ? nil : .object(meta)
        }
        return (filtered, events)
    }

    private func page(
        _ result: JSONObject, _ method: MCPMethod, _ request: MCPRequest, isVisible: (MCPListPage.Item) -> Bool
    ) throws(MCPRefusal) -> MCPListPage {
        try MCPListPage(
            result, of: method, in: request.revision, limits: settings.answers, maximumAge: settings.listAge,
            isVisible: isVisible)
    }

    /// What is wrong with items that nobody gets to see.
    private static func omissions(_ page: MCPListPage, of result: JSONObject) -> [MediationEvent] {
        page.omitted.prefix(64).compactMap { index, reason in
            let code: String
            switch reason {
            case .denied: return nil
            case .duplicate: code = "mcp_duplicate_name"
            case .badName: code = "mcp_bad_name"
            case .hiddenText: code = "mcp_hidden_text"
            case .defect(let defect): code = defect.rawValue
            }
            let name = result["tools"]?[index]?["name"]?.string
            let detail = name.map(MCPNames.isToolName) ?? false ? name : nil
            return MediationEvent(code: code, detail: detail ?? "item \(index)")
        }
    }
}
