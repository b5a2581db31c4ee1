// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Protocols

/// `_meta` as a client of 2026-07-28 sends it.
let modernMeta: JSONValue = [
    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
]

/// Header fields of a client of 2026-07-28.
func modernFields(_ method: String, name: String? = nil) -> [MCPField] {
    var fields = [
        MCPField("Content-Type", "application/json"), MCPField("Accept", "application/json, text/event-stream"),
        MCPField("MCP-Protocol-Version", "2026-07-28"), MCPField("Mcp-Method", method),
    ]
    if let name { fields.append(MCPField("Mcp-Name", name)) }
    return fields
}

/// Header fields of a client with a session.
func sessionFields(_ version: String? = "2025-11-25", session: String? = nil) -> [MCPField] {
    var fields = [
        MCPField("content-type", "application/json"), MCPField("accept", "application/json, text/event-stream"),
    ]
    if let version { fields.append(MCPField("mcp-protocol-version", version)) }
    if let session { fields.append(MCPField("mcp-session-id", session)) }
    return fields
}

/// A POST of a JSON value.
func post(_ fields: [MCPField], _ body: JSONValue, query: String? = nil) -> MCPHTTPRequest {
    MCPHTTPRequest(method: "POST", query: query, fields: fields, body: body.bytes)
}

/// A request of 2026-07-28 with `_meta` and matching fields.
func modern(_ method: String, _ params: JSONValue = [:], name: String? = nil) -> MCPHTTPRequest {
    var params = params.object ?? JSONObject()
    if params["_meta"] == nil { params["_meta"] = modernMeta }
    return post(
        modernFields(method, name: name),
        ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(params)])
}

/// A tool call of 2026-07-28.
func toolCall(_ name: String, _ arguments: JSONValue = [:]) -> MCPHTTPRequest {
    modern("tools/call", ["name": .string(name), "arguments": arguments], name: name)
}

/// A request with a session, of 2025-11-25.
func legacy(_ method: String, _ params: JSONValue? = nil, version: String? = "2025-11-25") -> MCPHTTPRequest {
    var body = JSONObject([("jsonrpc", "2.0"), ("id", 1), ("method", .string(method))]) ?? JSONObject()
    body["params"] = params
    return post(sessionFields(version), .object(body))
}

/// The code for which a request is refused, or nil.
func refusalCode(
    _ request: MCPHTTPRequest, _ reader: MCPRequestReader = MCPRequestReader(), negotiated: MCPRevision? = nil
) -> String? {
    do throws(MCPRefusal) {
        _ = try reader.read(request, negotiated: negotiated)
        return nil
    } catch { return error.code }
}

/// The code for which something is refused, or nil.
func refusalCode(_ body: () throws(MCPRefusal) -> Void) -> String? {
    do throws(MCPRefusal) {
        try body()
        return nil
    } catch { return error.code }
}
