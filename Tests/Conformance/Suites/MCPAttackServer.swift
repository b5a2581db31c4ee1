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
        var received: [Received] = []
    }

    private let state: Mutex<State>

    init(catalogue: [JSONValue]) { state = Mutex(State(catalogue: catalogue)) }

    /// What came since ``script(_:)``.
    var received: [Received] { state.withLock { $0.received } }

    /// The tools that were listed last.
    var listed: [JSONValue] { state.withLock { $0.catalogue } }

    /// Says what the next requests are answered.
    func script(_ answers: [JSONValue]) {
        state.withLock { state in
            state.answers = answers
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
            try connection.write(Self.plain(.object(Self.message(id, result: usual(message)))))
            return true
        }
        if scripted["body"]?["sse_comment_flood"] != nil {
            try connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            let comments = Array(String(repeating: ": ping\n\n", count: 128).utf8)
            while true { try connection.write(comments) }
        }
        if scripted["sse"]?.bool ?? false {
            let data = scripted["body"]?.text ?? "{}"
            try connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: \(data)\n\n")
            return false
        }
        let fields = (scripted["headers"]?.object?.members ?? []).map { ($0.name, $0.value.string ?? "") }
        var body = scripted["body"]
        if case .object(var object)? = body, object["result"] != nil || object["error"] != nil {
            object["id"] = id
            body = .object(object)
        }
        let status = scripted["status"]?.integer ?? 200
        try connection.write(Self.plain(body, status, fields))
        return true
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
        default: return ["resultType": "complete"]
        }
    }

    /// The handle that is given out.
    static let minted = "h-5Xq81-77"

    private static func message(_ id: JSONValue, result: JSONValue) -> JSONObject {
        JSONObject([("jsonrpc", "2.0"), ("id", id), ("result", result)]) ?? JSONObject()
    }

    private static func plain(
        _ value: JSONValue?, _ status: Int64 = 200, _ fields: [(name: String, value: String)] = []
    ) -> [UInt8] {
        let body = value?.bytes ?? []
        var head = "HTTP/1.1 \(status) Answer\r\n"
        if !body.isEmpty { head += "Content-Type: application/json\r\n" }
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}
