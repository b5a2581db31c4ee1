// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Protocols

/// A client of MCP servers behind a gate, over one connection that it keeps as long as the gate does.
final class ToolClient {
    /// What came back for a message.
    struct Answer {
        /// The answer as it came.
        let http: HTTPText

        /// The messages: the body, or each event of a stream.
        var messages: [JSONValue] {
            let isStream = http["content-type"]?.hasPrefix("text/event-stream") ?? false
            guard isStream else { return (try? JSONValue(parsing: http.body)).map { [$0] } ?? [] }
            return http.text.split(separator: "\n").filter { $0.hasPrefix("data:") }
                .compactMap { try? JSONValue(parsing: $0.dropFirst(5).drop { $0 == " " }.description) }
        }

        /// Whether the answer is a result; quicker than reading all of it.
        var isResult: Bool {
            http.status == 200 && http.body.prefix(64).firstRange(of: Array("\"result\":".utf8)) != nil
        }
        /// The result, when there is one.
        var result: JSONValue? { messages.compactMap { $0["result"] }.last }
        /// The error, when there is one.
        var error: JSONValue? { messages.compactMap { $0["error"] }.last }
        /// Whether the message was refused: an error status, or an error in the answer.
        var isRefused: Bool { http.status >= 400 || error != nil }
        /// In short, for whoever reads of a failure.
        var summary: String { "\(http.status) \(http.text.prefix(300))" }
    }

    private let gate: GateHarness
    private var socket: RawSocket?

    init(_ gate: GateHarness) { self.gate = gate }

    deinit { socket?.close() }

    /// Sends a request and reads the answer.
    func send(
        _ target: String, method: String = "POST", fields: [(name: String, value: String)], body: [UInt8]
    ) throws -> Answer {
        let socket = try socket ?? gate.connectToServices()
        self.socket = nil
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !fields.contains(where: { $0.name.lowercased() == "host" }) { head += "Host: gate.test\r\n" }
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        // Who is refused early may find the connection closed; the answer is there.
        try? socket.write(Array(head.utf8) + body)
        let start = socket.transcript.count
        let answer: Answer
        do {
            answer = Answer(http: try HTTPText.readResponse(from: socket))
        } catch SocketFailure.timeout {
            throw SocketFailure.timeout
        } catch {
            return try Answer(http: Self.cut(Array(socket.transcript.dropFirst(start))))
        }
        if answer.http["connection"]?.lowercased() == "close" { socket.close() } else { self.socket = socket }
        return answer
    }

    /// An answer that was cut, as far as it came.
    private static func cut(_ bytes: [UInt8]) throws -> HTTPText {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw SocketFailure.ended(bytes) }
        var message = HTTPText.parseHead(Array(bytes[..<end.upperBound]))
        message.body = Array(bytes[end.upperBound...])
        return message
    }

    /// Sends a message of the newest revision with the fields that belong to it.
    func ask(
        _ service: String, _ method: String, _ params: JSONObject = JSONObject(), name: String? = nil,
        fields: [(name: String, value: String)] = []
    ) throws -> Answer {
        var params = params
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
        ]
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(params),
        ]
        var all: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"),
            ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method),
        ]
        if let name { all.append(("Mcp-Name", MCPFieldValue.encode(name))) }
        return try send("/s/\(service)/mcp", fields: all + fields, body: message.bytes)
    }

    /// Calls a tool.
    func call(
        _ service: String, _ tool: String, _ arguments: JSONValue, fields: [(name: String, value: String)] = []
    ) throws -> Answer {
        var params = JSONObject()
        params["name"] = .string(tool)
        params["arguments"] = arguments
        return try ask(service, "tools/call", params, name: tool, fields: fields)
    }
}
