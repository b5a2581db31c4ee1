// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// A call of a tool as plain HTTP: the body of a POST is the tool's arguments.
struct BuiltInPlainCall {
    /// The same as a message of MCP.
    let request: MediatedRequest
    /// Whether output is to be told of while it comes.
    let isStreamed: Bool

    /// Why it is none.
    struct Refusal: Error {
        var reason = ReasonCode.protocolViolation
        let detail: String
        let status: Int
    }

    /// A revision in which a call stands for itself.
    static let revision = MCPRevision.june2025

    /// Reads a request.
    static func message(
        for tool: String, _ request: MediatedRequest, _ limits: JSONLimits
    ) -> Result<BuiltInPlainCall, Refusal> {
        guard request.method.utf8.elementsEqual("POST".utf8) else {
            return .failure(Refusal(detail: "a run is asked for with POST", status: 405))
        }
        guard request.query == nil else {
            return .failure(Refusal(detail: "a run has no query; its arguments are the body", status: 400))
        }
        let types = values(of: "content-type", in: request.fields)
        guard types.count == 1, let type = types.first, isJSON(type) else {
            return .failure(Refusal(detail: "the body is application/json in UTF-8", status: 415))
        }
        let arguments: JSONValue
        do throws(JSONError) {
            arguments = try JSONValue(parsing: request.body, limits: limits)
        } catch {
            return .failure(Refusal(detail: "the body is no JSON that is read here: \(error)", status: 400))
        }
        guard arguments.object != nil else {
            return .failure(Refusal(detail: "the body is a JSON object", status: 400))
        }
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": .string(MCPMethod.callTool.rawValue),
            "params": ["name": .string(tool), "arguments": arguments],
        ]
        let accepted = values(of: "accept", in: request.fields)
        var fields = request.fields.filter { field in
            !["accept", "content-type"].contains { field.name.utf8.elementsEqual($0.utf8) }
                && !field.name.utf8.starts(with: "mcp-".utf8)
        }
        fields += [
            MCPField("content-type", "application/json"), MCPField("accept", "application/json, text/event-stream"),
            MCPField("mcp-protocol-version", revision.rawValue),
        ]
        return .success(
            BuiltInPlainCall(
                request: MediatedRequest(
                    method: request.method, path: "/", query: nil, fields: fields, body: message.bytes),
                isStreamed: accepted.count == 1 && accepted.allSatisfy(wantsEvents)))
    }

    private static func values(of name: String, in fields: [MCPField]) -> [String] {
        fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    private static func isJSON(_ type: String) -> Bool {
        let parts = type.lowercased().split(separator: ";").map { part in
            part.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\"") }
        }
        guard parts.first?.elementsEqual("application/json".utf8) ?? false else { return false }
        return parts.dropFirst().allSatisfy { $0.elementsEqual("charset=utf-8".utf8) }
    }

    /// Whether nothing but a stream of events is wanted.
    private static func wantsEvents(_ accepted: String) -> Bool {
        accepted.lowercased().utf8.elementsEqual("text/event-stream".utf8)
    }
}
