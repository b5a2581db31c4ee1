// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Protocols
import Synchronization

/// The MCP servers of a case: they answer as its steps say, and else as well-behaved servers do.
final class MCPAttackServer: Sendable {
    /// A request as a server saw it.
    struct Received: Sendable {
        let http: HTTPText
        let message: JSONValue?
        var method: String? { message?["method"]?.string }
    }

    private struct State {
        var catalogue: [JSONValue]
        var answers: [JSONValue] = []
        var isListing = false
        var received: [Received] = []
    }

    private let state: Mutex<State>

    init(catalogue: [JSONValue]) { state = Mutex(State(catalogue: catalogue)) }

    /// What came since ``script(_:)``.
    var received: [Received] { state.withLock { $0.received } }

    /// The tools that were listed last.
    var listed: [JSONValue] { state.withLock { $0.catalogue } }

    /// Says what the next requests are answered.
    ///
    /// - Parameter isListing: Whether the client asks for tools, so that such a question is not the gate's own.
    func script(_ answers: [JSONValue], isListing: Bool = false) {
        state.withLock { state in
            state.answers = answers
            state.isListing = isListing
            state.received = []
        }
    }

    func start() -> UpstreamServer {
        UpstreamServer { [self] connection in
            while let request = try HTTPText.readRequest(from: connection, within: 60) {
                guard try answer(request, on: connection) else { return }
            }
        }
    }

    /// False when the connection ends here.
    private func answer(_ request: HTTPText, on connection: RawSocket) throws -> Bool {
        let message = try? JSONValue(parsing: request.body)
        let scripted = next(Received(http: request, message: message))
        let id = message?["id"] ?? .null
        guard let scripted else {
            guard message?["id"] != nil else {
                try connection.write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                return true
            }
            let opened = message?["method"]?.string == "initialize" ? [("Mcp-Session-Id", Self.session)] : []
            let answer = JSONValue.object(Self.message(id, result: usual(message)))
            try connection.write(Self.plain(answer.bytes, 200, opened))
            return true
        }
        if scripted["body"]?["sse_comment_flood"] != nil {
            try connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            let comments = Array(String(repeating: ": ping\n\n", count: 128).utf8)
            while true { try connection.write(comments) }
        }
        if scripted["sse"]?.bool ?? false {
            try connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            for event in [scripted] + rest() { try connection.write("data: \(event["body"]?.text ?? "{}")\n\n") }
            return false
        }
        let fields = (scripted["headers"]?.object?.members ?? []).map { ($0.name, $0.value.string ?? "") }
        var body = scripted["body"]
        let isGates = message?["method"]?.string == "tools/list" && !state.withLock { $0.isListing }
        if case .object(var object)? = body, object["result"] != nil, isGates {
            object["id"] = id
            body = .object(object)
        }
        let raw =
            scripted["body_text"]?.string.map { Array($0.utf8) }
            ?? scripted["body_b64"]?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
        try connection.write(Self.plain(raw ?? body?.bytes ?? [], scripted["status"]?.integer ?? 200, fields))
        return true
    }

    /// What is scripted for the same stream.
    private func rest() -> [JSONValue] {
        state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// The step that answers a request. A list is answered by one: the gate may ask for the tools by itself.
    private func next(_ request: Received) -> JSONValue? {
        state.withLock { state in
            state.received.append(request)
            guard let first = state.answers.first else { return nil }
            let tools = first["body"]?["result"]?["tools"]?.array
            guard (tools != nil) == (request.method == "tools/list") else { return nil }
            state.answers.removeFirst()
            if let tools { state.catalogue = tools }
            return first
        }
    }

    private func usual(_ message: JSONValue?) -> JSONValue {
        switch message?["method"]?.string {
        case "tools/list":
            return [
                "resultType": "complete", "tools": .array(listed), "ttlMs": 60_000, "cacheScope": "private",
            ]
        case "tools/call":
            var fields = JSONObject()
            for member in message?["params"]?["arguments"]?.object?.members ?? [] {
                // What gives out handles is asked for one by the name of the argument it is for.
                if member.name == "for", let name = member.value.string { fields[name] = .string(Self.minted) }
            }
            return [
                "resultType": "complete", "content": [["type": "text", "text": "done"]],
                "structuredContent": .object(fields),
            ]
        case "initialize":
            return [
                "protocolVersion": message?["params"]?["protocolVersion"] ?? "2025-11-25",
                "capabilities": ["tools": [:]], "serverInfo": ["name": "tools", "version": "1"],
            ]
        default: return ["resultType": "complete"]
        }
    }

    /// The session that is opened.
    static let session = "s-71f0aa3c91d2"

    /// The handle that is given out.
    static let minted = "h-5Xq81-77"

    private static func message(_ id: JSONValue, result: JSONValue) -> JSONObject {
        JSONObject([("jsonrpc", "2.0"), ("id", id), ("result", result)]) ?? JSONObject()
    }

    private static func plain(
        _ body: [UInt8], _ status: Int64, _ fields: [(name: String, value: String)]
    ) -> [UInt8] {
        var head = "HTTP/1.1 \(status) Answer\r\n"
        let hasType = fields.contains { $0.name.lowercased() == "content-type" }
        if !body.isEmpty, !hasType { head += "Content-Type: application/json\r\n" }
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}
