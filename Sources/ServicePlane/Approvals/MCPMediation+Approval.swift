// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// Calls of MCP to which a person has to agree.
extension MCPMediation {
    /// Members of `_meta` that differ from one attempt to the next, or that only say who is asking.
    private static let volatileMeta: Set<String> = ["baggage", "progressToken", "traceparent", "tracestate"]
    private static let protocolPrefix = "io.modelcontextprotocol/"

    /// The arguments, and whatever else of the request means something to the server.
    var heldContent: HeldContent? {
        guard let request else { return nil }
        let arguments = Self.operation(request.operation).arguments ?? .object(JSONObject())
        let secrets = annotations?.roles.filter { $0.value == .secret }.map { Array($0.key.utf8) } ?? []
        var bound = arguments.bytes
        var shown = Self.withoutSecrets(arguments, "", Set(secrets), 0).bytes
        let rest = JSONValue.object(rest(of: request))
        if rest.object?.isEmpty == false {
            bound += [0] + rest.bytes
            shown += [0x0A] + rest.bytes
        }
        return HeldContent(bound: bound, shown: shown)
    }

    private func rest(of request: MCPRequest) -> JSONObject {
        var rest = JSONObject()
        if tool == nil {
            rest["method"] = .string(request.operation.name)
            rest["subject"] = request.operation.subject.map { .string($0) }
        }
        guard case .request(_, let call)? = request.message, let params = call.params else { return rest }
        for name in params.names where !["name", "arguments", "requestState", "uri", "_meta"].contains(name) {
            if broughtApproval != nil, name.utf8.elementsEqual("inputResponses".utf8) { continue }
            rest[name] = params[name]
        }
        if case .object(var meta)? = params["_meta"] {
            Self.removeOwn(&meta)
            for name in meta.names
            where Self.volatileMeta.contains(name) || name.utf8.starts(with: Self.protocolPrefix.utf8) {
                meta[name] = nil
            }
            if !meta.isEmpty { rest["_meta"] = .object(meta) }
        }
        return rest
    }

    /// A value with a mark in the place of each argument that is a secret.
    private static func withoutSecrets(
        _ value: JSONValue, _ path: String, _ secrets: Set<[UInt8]>, _ depth: Int
    ) -> JSONValue {
        guard !secrets.isEmpty, depth < 64 else { return value }
        switch value {
        case .object(var object):
            for name in object.names {
                let inner = path.isEmpty ? name : "\(path).\(name)"
                guard let member = object[name] else { continue }
                object[name] =
                    secrets.contains(Array(inner.utf8))
                    ? "[a secret]" : withoutSecrets(member, inner, secrets, depth &+ 1)
            }
            return .object(object)
        case .array(let elements):
            return .array(elements.map { withoutSecrets($0, path, secrets, depth &+ 1) })
        default: return value
        }
    }

    // MARK: Clients that wait

    /// A comment, or progress for a client that asked to be told of it. A notification of progress starts the time anew
    /// for which many clients wait, and each says more than the one before; it is far less than a server begins with.
    func waitingSign(_ count: Int) -> [UInt8]? {
        guard let request, request.id != nil else { return nil }
        guard let token = request.meta.progressToken,
            let progress = JSONNumber(Double(count &+ 1) / Self.signsOfOne)
        else { return Array(": a person has to agree\n\n".utf8) }
        let notification = JSONRPCMessage.notification(
            JSONRPCCall(
                method: MCPMethod.progress.rawValue,
                params: JSONObject([
                    ("progressToken", token.value), ("progress", .number(progress)),
                    ("message", "A person has to agree to this call first."),
                ])))
        return EventStreamEvent(data: notification.value.bytes).bytes
    }

    /// So many signs would be the progress 1.
    private static let signsOfOne = 1_000_000.0

    // MARK: Clients that come back

    /// Since 2026-07-28 a client that can ask its user is told to repeat the request. One that repeats it already, with
    /// what the server asked for, waits: it has one state only to bring along.
    func pending(_ approval: ApprovalID) -> MediatedAnswer? {
        guard let request, request.revision.isStateless, request.method?.takesInput == true, let id = request.id,
            request.meta.capabilities?["elicitation"] != nil, broughtState == nil,
            broughtApproval != nil || !request.bringsInput
        else { return nil }
        var result = JSONObject()
        result["resultType"] = "input_required"
        result["inputRequests"] = [
            "approval": [
                "method": .string(MCPMethod.elicit.rawValue),
                "params": [
                    "mode": "form",
                    "message": .string(
                        "A person has to agree to this call first: yett approvals show \(approval). Go on when this is done."
                    ),
                    "requestedSchema": ["type": "object", "properties": [:]],
                ],
            ]
        ]
        result["requestState"] = .string(
            sessions.seal(
                state: approval.description, task: context.task?.task.id, of: stateBinding(request), isOwn: true))
        let response = JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: .result(.object(result))))
        return MediatedAnswer(status: 200, fields: MCPAnswers.fields, body: response.value.bytes)
    }
}
