// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MCPRequestReader {
    /// Judges one message against the header fields and finds its operation.
    func judge(
        _ message: JSONRPCMessage, _ fields: MCPRequestFields, _ negotiated: MCPRevision?
    ) throws(MCPRequestRefusalReason) -> MCPRequest {
        let call: JSONRPCCall
        var id: JSONRPCID?
        switch message {
        case .response(let response): return try respond(response, message, fields, negotiated)
        case .notification(let found): call = found
        case .request(let found, let request): (id, call) = (found, request)
        }
        let meta = try MCPRequestMeta(call.params, limits: limits)
        let revision = try self.revision(of: call, meta, fields, negotiated)
        guard let method = MCPMethod(name: call.method), method.isFromClient(in: revision) else {
            if let named = fields.method, !named.utf8.elementsEqual(call.method.utf8) { throw .methodMismatch }
            throw .unknownMethod
        }
        guard method.isNotification == (id == nil) else {
            throw method.isNotification ? .notificationWithID : .requestWithoutID
        }
        if revision.isStateless, id != nil {
            guard meta.version != nil, meta.capabilities != nil else { throw .missingMeta }
        }
        let operation = try MCPOperation(method, call.params ?? JSONObject(), limits: limits)
        if case .initialize(let asked) = operation {
            guard fields.session == nil else { throw .sessionAtStart }
            guard revisions.contains(asked), asked == revision else { throw .unsupportedVersion }
        }
        try compare(fields, method, operation, revision)
        let state = call.params?["requestState"]
        let input = call.params?["inputResponses"]
        if revision.isStateless, state != nil || input != nil {
            guard method.takesInput else { throw .stateNotAllowed }
            guard state == nil || state?.string != nil, input == nil || input?.object != nil else { throw .badParams }
        }
        return MCPRequest(
            revision: revision, operation: operation, method: method, id: id, meta: meta,
            session: revision.isStateless ? nil : fields.session,
            state: revision.isStateless ? state?.string : nil, bringsInput: revision.isStateless && input != nil,
            parameterFields: fields.parameters, message: message)
    }

    /// The revision of a call: what the header field says, what the body says and what the session knows must agree.
    private func revision(
        of call: JSONRPCCall, _ meta: MCPRequestMeta, _ fields: MCPRequestFields, _ negotiated: MCPRevision?
    ) throws(MCPRequestRefusalReason) -> MCPRevision {
        if let version = fields.version, let stated = meta.version, !version.utf8.elementsEqual(stated.utf8) {
            throw .versionMismatch
        }
        if call.method.utf8.elementsEqual(MCPMethod.initialize.rawValue.utf8) {
            guard case .string(let asked)? = call.params?["protocolVersion"] else {
                if let version = fields.version { return try revision(version) }
                throw .badParams
            }
            for stated in [fields.version, meta.version] {
                if let stated, !stated.utf8.elementsEqual(asked.utf8) { throw .versionMismatch }
            }
            let revision = try revision(asked)
            guard !revision.isStateless else { throw .unsupportedVersion }
            return revision
        }
        guard let version = fields.version else {
            guard meta.version == nil, let negotiated else { throw .missingVersion }
            return negotiated
        }
        let revision = try revision(version)
        if let negotiated, negotiated != revision { throw .versionMismatch }
        return revision
    }

    /// What the header fields repeat must be what the body says, in every revision: an intermediary may have believed
    /// them.
    private func compare(
        _ fields: MCPRequestFields, _ method: MCPMethod, _ operation: MCPOperation, _ revision: MCPRevision
    ) throws(MCPRequestRefusalReason) {
        if let named = fields.method {
            guard named.utf8.elementsEqual(method.rawValue.utf8) else { throw .methodMismatch }
        } else if revision.isStateless, !method.isNotification {
            throw .missingMethodField
        }
        if let named = fields.name {
            guard let subject = operation.subject, named.utf8.elementsEqual(subject.utf8) else { throw .nameMismatch }
        } else if revision.isStateless, method.takesInput {
            throw .missingNameField
        }
        if !fields.parameters.isEmpty, method != .callTool { throw .parameterMismatch }
    }

    /// A client's answer to a request of the server, which only revisions with sessions have.
    private func respond(
        _ response: JSONRPCResponse, _ message: JSONRPCMessage, _ fields: MCPRequestFields,
        _ negotiated: MCPRevision?
    ) throws(MCPRequestRefusalReason) -> MCPRequest {
        var revision = negotiated
        if let version = fields.version {
            revision = try self.revision(version)
            if let negotiated, negotiated != revision { throw .versionMismatch }
        }
        guard let revision else { throw .missingVersion }
        guard !revision.isStateless, response.id != nil else { throw .unexpectedResponse }
        guard fields.method == nil else { throw .methodMismatch }
        guard fields.name == nil else { throw .nameMismatch }
        guard fields.parameters.isEmpty else { throw .parameterMismatch }
        if case .result(let result) = response.outcome {
            guard case .object = result else { throw .badParams }
            if MemberNames.hasAmbiguity(result) { throw .ambiguousName }
        }
        return MCPRequest(
            revision: revision, operation: .respond(response), method: nil, id: nil, meta: MCPRequestMeta(),
            session: fields.session, state: nil, bringsInput: false, parameterFields: [], message: message)
    }
}
