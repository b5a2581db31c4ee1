// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// What a server of the gate's own says in the Model Context Protocol.
struct BuiltInMessages {
    let information: BuiltInInformation
    /// The revision of the request.
    let revision: MCPRevision

    /// The answer to a message that is no call of a tool.
    func answer(_ body: [UInt8], limits: JSONRPCLimits) -> MediatedAnswer {
        guard let value = try? JSONValue(parsing: body, limits: limits.json),
            let message = try? JSONRPCMessage(value, limits: limits)
        else {
            // A request without a message: there is neither a stream nor a session.
            return MediatedAnswer(status: 405)
        }
        guard case .request(let id, let call) = message else { return MediatedAnswer(status: 202) }
        guard let method = MCPMethod(name: call.method), var result = result(of: method) else {
            return MCPAnswers.error(
                -32601, "The server of the gate has no such method.", data: JSONObject(), to: id, status: 200)
        }
        if revision.isStateless { result["resultType"] = "complete" }
        return Self.answer(result, to: id)
    }

    /// The answer to a call of a tool.
    func answer(_ outcome: BuiltInOutcome, to id: JSONRPCID?) -> MediatedAnswer {
        var result = JSONObject()
        if revision.isStateless { result["resultType"] = "complete" }
        result["content"] = [["type": "text", "text": .string(outcome.text)]]
        result["structuredContent"] = .object(outcome.fields)
        if outcome.isError { result["isError"] = true }
        return Self.answer(result, to: id)
    }

    private static func answer(_ result: JSONObject, to id: JSONRPCID?) -> MediatedAnswer {
        let response = JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: .result(.object(result))))
        return MediatedAnswer(status: 200, fields: MCPAnswers.fields, body: response.value.bytes)
    }

    private func result(of method: MCPMethod) -> JSONObject? {
        var result = JSONObject()
        switch method {
        case .initialize:
            introduce(&result)
            result["protocolVersion"] = .string(
                revision.isStateless ? MCPRevision.november2025.rawValue : revision.rawValue)
        case .discover:
            introduce(&result)
            result["supportedVersions"] = .array(MCPRevision.allCases.map { .string($0.rawValue) })
        case .ping: break
        case .listTools:
            result["tools"] = .array(information.tools)
            if revision.isStateless {
                result["ttlMs"] = 60_000
                result["cacheScope"] = "private"
            }
        default: return nil
        }
        return result
    }

    private func introduce(_ result: inout JSONObject) {
        result["capabilities"] = ["tools": [:]]
        result["serverInfo"] = ["name": .string(information.name), "version": .string(information.version)]
        result["instructions"] = .string(information.instructions)
    }
}
