// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols
import Testing

@testable import ServicePlane

extension MCPFixture {
    static let base = [
        MCPField("content-type", "application/json"), MCPField("accept", "application/json, text/event-stream"),
    ]

    /// A request of the revision without sessions.
    static func request(
        _ method: String, _ params: JSONValue = [:], id: JSONValue? = 1, name: String? = nil, meta: JSONValue = [:],
        fields: [MCPField] = [], query: String? = nil
    ) -> MediatedRequest {
        var parameters = params.object ?? JSONObject()
        var own = meta.object ?? JSONObject()
        own["io.modelcontextprotocol/protocolVersion"] = "2026-07-28"
        if own["io.modelcontextprotocol/clientCapabilities"] == nil {
            own["io.modelcontextprotocol/clientCapabilities"] = [:]
        }
        parameters["_meta"] = .object(own)
        var message = JSONObject()
        message["jsonrpc"] = "2.0"
        message["id"] = id
        message["method"] = .string(method)
        message["params"] = .object(parameters)
        var all = base + [MCPField("mcp-protocol-version", "2026-07-28"), MCPField("mcp-method", method)]
        if let name { all.append(MCPField("mcp-name", MCPFieldValue.encode(name))) }
        return MediatedRequest(
            method: "POST", path: "/", query: query, fields: all + fields, body: JSONValue.object(message).bytes)
    }

    static func call(
        _ tool: String, _ arguments: JSONValue = [:], params: JSONValue = [:], meta: JSONValue = [:],
        fields: [MCPField] = []
    ) -> MediatedRequest {
        var all = params.object ?? JSONObject()
        all["name"] = .string(tool)
        all["arguments"] = arguments
        return request("tools/call", .object(all), name: tool, meta: meta, fields: fields)
    }

    /// A request of a revision with sessions.
    static func older(
        _ method: String, _ params: JSONValue? = nil, id: JSONValue? = 1, session: String? = nil,
        version: String? = "2025-11-25", http: String = "POST"
    ) -> MediatedRequest {
        var message = JSONObject()
        message["jsonrpc"] = "2.0"
        message["id"] = id
        message["method"] = .string(method)
        message["params"] = params
        var fields = base
        if let version { fields.append(MCPField("mcp-protocol-version", version)) }
        if let session { fields.append(MCPField("mcp-session-id", session)) }
        return MediatedRequest(
            method: http, path: "/", query: nil, fields: fields,
            body: http == "POST" ? JSONValue.object(message).bytes : [])
    }

    static func raw(_ body: String, fields: [MCPField] = []) -> MediatedRequest {
        MediatedRequest(
            method: "POST", path: "/", query: nil,
            fields: base + [MCPField("mcp-protocol-version", "2026-07-28"), MCPField("mcp-method", "tools/call")]
                + fields,
            body: Array(body.utf8))
    }

    static func tool(
        _ name: String, _ description: String = "Does something.", properties: JSONValue = [:],
        required: JSONValue? = nil
    ) -> JSONValue {
        var schema = JSONObject()
        schema["type"] = "object"
        schema["properties"] = properties
        schema["required"] = required
        return ["name": .string(name), "description": .string(description), "inputSchema": .object(schema)]
    }

    static let weather = tool("get_weather", "Current weather for a city.", properties: ["city": ["type": "string"]])

    @discardableResult
    func list(_ tools: [JSONValue], as agent: String = "bot", cursor: String? = nil, next: String? = nil) throws
        -> Outcome
    {
        var result: JSONObject = JSONObject()
        result["resultType"] = "complete"
        result["tools"] = .array(tools)
        result["ttlMs"] = 60_000
        result["cacheScope"] = "public"
        result["nextCursor"] = next.map { .string($0) }
        let params: JSONValue = cursor.map { ["cursor": .string($0)] } ?? [:]
        return try play(Self.request("tools/list", params), as: agent, answer: .result(.object(result)))
    }

    /// The names that a list shows.
    static func names(_ outcome: Outcome) -> [String] {
        (outcome.result?["tools"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    func call(
        _ tool: String, _ arguments: JSONValue = [:], as agent: String = "bot", result: JSONValue = ["content": []]
    ) throws -> Outcome {
        try play(Self.call(tool, arguments), as: agent, answer: .result(result))
    }

    /// Text as a tool gives it.
    static func text(_ text: String) -> JSONValue { ["content": [["type": "text", "text": .string(text)]]] }

    /// A task of an agent, or a part that it hands on.
    func task(
        _ number: UInt128, _ purpose: String, agent: String = "bot", origin: String = "uid:1000",
        tools: [String]? = nil,
        calls: Int? = nil, under parent: AgentTask? = nil
    ) throws -> AgentTask {
        var grant: JSONObject = JSONObject()
        grant["name"] = "tools"
        grant["tools"] = tools.map { .array($0.map { .string($0) }) }
        grant["calls"] = calls.map { .integer($0) }
        var object = JSONObject()
        object["id"] = .string(TaskID(rawValue: number).description)
        object["handle"] = .array((0..<32).map { .integer($0 == 0 ? Int(truncatingIfNeeded: number) & 127 : 0) })
        object["origin"] = .string(origin)
        object["agent"] = .string(try SPIFFEID(agent: agent, in: domain).description)
        object["purpose"] = .string(purpose)
        object["grants"] = [.object(grant)]
        object["started"] = .integer(clock.now)
        object["expires"] = .integer(clock.now + 3600)
        object["parent"] = parent.map { .string($0.id.description) }
        return try #require(AgentTask(.object(object)))
    }
}
