// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MCPOperation {
    /// Finds the operation of a client's call. Parameters of a method that are not known stay in the message; those
    /// that are known have their type, and none is spelled in two ways.
    init(_ method: MCPMethod, _ params: JSONObject, limits: MCPLimits) throws(MCPRequestRefusalReason) {
        if MemberNames.hasAmbiguity(.object(params)) { throw .ambiguousName }
        if Self.knownParameters.hasLookalike(in: params) { throw .ambiguousName }
        let reader = ParameterReader(params: params, limits: limits)
        switch method {
        case .initialize: self = try reader.initialize()
        case .discover: self = .discover
        case .ping: self = .ping
        case .listTools, .listPrompts, .listResources, .listResourceTemplates, .listTasks:
            self = .list(method, cursor: try reader.optionalString("cursor"))
        case .callTool: self = try reader.callTool()
        case .getPrompt: self = try reader.getPrompt()
        case .readResource: self = .readResource(uri: try reader.uri())
        case .subscribe, .unsubscribe: self = .subscription(method, uri: try reader.uri())
        case .listen: self = try reader.listen()
        case .complete: self = try reader.complete()
        case .setLogLevel:
            let level = try reader.string("level")
            guard MCPRequestMeta.isLogLevel(level) else { throw .badParams }
            self = .setLogLevel(level)
        case .getTask, .taskResult, .cancelTask: self = .task(method, id: try reader.name("taskId"))
        default: self = try reader.notify(method)
        }
    }

    private static let knownParameters = MemberNames([
        "_meta", "argument", "arguments", "capabilities", "clientInfo", "context", "cursor", "inputResponses", "level",
        "name", "notifications", "progress", "progressToken", "protocolVersion", "ref", "requestId", "requestState",
        "task", "taskId", "uri",
    ])
}

/// Takes the parameters of a call apart.
private struct ParameterReader {
    let params: JSONObject
    let limits: MCPLimits

    func string(_ name: String) throws(MCPRequestRefusalReason) -> String {
        guard case .string(let text)? = params[name] else { throw .badParams }
        return text
    }

    func optionalString(_ name: String) throws(MCPRequestRefusalReason) -> String? {
        params[name] == nil ? nil : try string(name)
    }

    func name(_ name: String) throws(MCPRequestRefusalReason) -> String {
        let text = try string(name)
        guard MCPNames.isName(text, bytes: limits.nameBytes) else { throw .badName }
        return text
    }

    func uri() throws(MCPRequestRefusalReason) -> String {
        let text = try string("uri")
        if let reason = MCPNames.refusal(ofURI: text, bytes: limits.uriBytes) { throw reason }
        return text
    }

    private func arguments() throws(MCPRequestRefusalReason) -> JSONObject {
        switch params["arguments"] {
        case nil: return JSONObject()
        case .object(let arguments): return arguments
        default: throw .badParams
        }
    }

    func initialize() throws(MCPRequestRefusalReason) -> MCPOperation {
        guard case .object? = params["capabilities"], let client = params["clientInfo"],
            client["name"]?.string != nil, client["version"]?.string != nil
        else { throw .badParams }
        guard let revision = MCPRevision(version: try string("protocolVersion")) else { throw .unsupportedVersion }
        return .initialize(revision)
    }

    func callTool() throws(MCPRequestRefusalReason) -> MCPOperation {
        let name = try string("name")
        guard MCPNames.isToolName(name) else { throw .badToolName }
        if let task = params["task"] { guard case .object = task else { throw .badParams } }
        return .callTool(name: name, arguments: try arguments())
    }

    func getPrompt() throws(MCPRequestRefusalReason) -> MCPOperation {
        let arguments = try arguments()
        guard arguments.members.allSatisfy({ $0.value.string != nil }) else { throw .badParams }
        return .getPrompt(name: try name("name"), arguments: arguments)
    }

    func listen() throws(MCPRequestRefusalReason) -> MCPOperation {
        guard case .object(let filter)? = params["notifications"],
            let subscription = MCPSubscription(filter, limits: limits)
        else { throw .badParams }
        for uri in subscription.resources {
            if let reason = MCPNames.refusal(ofURI: uri, bytes: limits.uriBytes) { throw reason }
        }
        return .listen(subscription)
    }

    func complete() throws(MCPRequestRefusalReason) -> MCPOperation {
        guard case .object(let reference)? = params["ref"], case .string(let kind)? = reference["type"],
            case .object(let argument)? = params["argument"], case .string(let name)? = argument["name"],
            argument["value"]?.string != nil
        else { throw .badParams }
        guard MCPNames.isName(name, bytes: limits.nameBytes) else { throw .badName }
        if let context = params["context"] { guard case .object = context else { throw .badParams } }
        if kind.utf8.elementsEqual("ref/prompt".utf8), case .string(let prompt)? = reference["name"] {
            guard MCPNames.isName(prompt, bytes: limits.nameBytes) else { throw .badName }
            return .complete(.prompt(prompt), argument: name)
        }
        // A template's braces are no characters of a URI, so only what can hide is refused here.
        if kind.utf8.elementsEqual("ref/resource".utf8), case .string(let uri)? = reference["uri"] {
            guard MCPNames.isName(uri, bytes: limits.uriBytes) else { throw .badURI }
            return .complete(.resource(uri), argument: name)
        }
        throw .badParams
    }

    func notify(_ method: MCPMethod) throws(MCPRequestRefusalReason) -> MCPOperation {
        switch method {
        case .cancelled:
            if let id = params["requestId"] {
                guard JSONRPCID(id, bytes: limits.rpc.idBytes) != nil else { throw .badParams }
            }
        case .progress:
            guard let token = params["progressToken"], JSONRPCID(token, bytes: limits.rpc.idBytes) != nil,
                params["progress"]?.number != nil
            else { throw .badParams }
        default: break
        }
        return .notify(method, params: params)
    }
}

extension MCPSubscription {
    /// Reads a filter; nil when a member is not known or has a wrong type: an unknown subscription is not granted.
    init?(_ filter: JSONObject, limits: MCPLimits) {
        var changes: Set<MCPMethod> = []
        var resources: [String] = []
        for member in filter.members {
            switch (Array(member.name.utf8), member.value) {
            case (Array("toolsListChanged".utf8), .bool(let isWanted)):
                if isWanted { changes.insert(.toolsChanged) }
            case (Array("promptsListChanged".utf8), .bool(let isWanted)):
                if isWanted { changes.insert(.promptsChanged) }
            case (Array("resourcesListChanged".utf8), .bool(let isWanted)):
                if isWanted { changes.insert(.resourcesChanged) }
            case (Array("resourceSubscriptions".utf8), .array(let elements)):
                guard elements.count <= limits.subscriptions else { return nil }
                for element in elements {
                    guard case .string(let uri) = element else { return nil }
                    resources.append(uri)
                }
            default: return nil
            }
        }
        self.init(changes: changes, resources: resources)
    }
}
