// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// The header fields that streamable HTTP has beside a message, which a message on a pipe lacks. They are made from the
/// message itself; whether they are right is judged by the gate.
struct MessageFields {
    /// What `initialize` came to, where there was one.
    struct Session: Sendable {
        /// The session's identifier.
        var id: String?
        /// The revision.
        var version: String?
    }

    private static let versionName = "io.modelcontextprotocol/protocolVersion"

    /// The arguments of tools that stand in fields, by tool.
    private(set) var parameters: [String: [MCPParameterHeader]] = [:]
    var session: Session?

    /// The fields of a message; those that cannot be made are left out.
    func fields(of message: JSONValue?) -> [(String, String)] {
        var fields = [
            ("content-type", "application/json"), ("accept", "application/json, text/event-stream"),
        ]
        let method = message?["method"]?.string
        let params = message?["params"]
        guard let version = params?["_meta"]?[Self.versionName]?.string else {
            if method?.utf8.elementsEqual("initialize".utf8) != true { fields += sessionFields }
            return fields
        }
        add("mcp-protocol-version", version, &fields)
        guard let method else { return fields }
        add("mcp-method", method, &fields)
        let subject: String? =
            switch method {
            case "tools/call", "prompts/get": params?["name"]?.string
            case "resources/read": params?["uri"]?.string
            default: nil
            }
        if let subject { fields.append(("mcp-name", MCPFieldValue.encode(subject))) }
        guard method.utf8.elementsEqual("tools/call".utf8), let subject else { return fields }
        for parameter in parameters[subject] ?? [] {
            var value = params?["arguments"]
            for name in parameter.path { value = value?[name] }
            guard let text = value.flatMap({ Self.text($0) }) else { continue }
            fields.append((parameter.field, MCPFieldValue.encode(text)))
        }
        return fields
    }

    /// Those of the session.
    var sessionFields: [(String, String)] {
        var fields: [(String, String)] = []
        if let version = session?.version { add("mcp-protocol-version", version, &fields) }
        if let id = session?.id { add("mcp-session-id", id, &fields) }
        return fields
    }

    private func add(_ name: String, _ value: String, _ fields: inout [(String, String)]) {
        guard value.utf8.count <= 4096, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return }
        fields.append((name, value))
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.text
        case .null, .array, .object: nil
        }
    }

    /// Takes note of the tools in a list, whose calls have fields.
    mutating func learn(_ result: JSONValue) {
        for tool in result["tools"]?.array ?? [] {
            guard case .object(let object) = tool, let definition = try? MCPToolDefinition(object) else { continue }
            guard parameters[definition.name] != nil || parameters.count < 4096 else { return }
            parameters[definition.name] = definition.parameters.isEmpty ? nil : definition.parameters
        }
    }
}

/// Messages that the bridge makes by itself.
enum BridgeMessage {
    /// The gate or the server failed (JSON-RPC 2.0: internal error).
    static let failed = -32603
    /// The client's message breaks a rule (JSON-RPC 2.0: invalid request).
    static let invalid = -32600

    /// An error that answers a request.
    static func error(_ code: Int, _ text: String, to id: JSONRPCID?, data: JSONValue? = nil) -> [UInt8] {
        let error = JSONRPCErrorObject(code: JSONNumber(code), message: text, data: data)
        return JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: .error(error))).value.bytes
    }

    /// Tells a server that nobody waits for an answer any more.
    static func cancelled(_ id: JSONRPCID) -> [UInt8] {
        JSONRPCMessage.notification(
            JSONRPCCall(
                method: "notifications/cancelled", params: JSONObject([("requestId", id.value), ("reason", "ended")]))
        ).value.bytes
    }
}

extension JSONLimits {
    /// What a line may hold that is read here only to be passed on.
    static func line(_ bytes: Int) -> JSONLimits { JSONLimits(bytes: bytes, values: 1_000_000, stringBytes: bytes) }
}
