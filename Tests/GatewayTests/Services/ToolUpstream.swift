// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Synchronization
import Testing

/// An MCP server whose tools change when a test wants it.
final class ToolUpstream: Sendable {
    private let offer: Offer
    let server: UpstreamServer

    private final class Offer: Sendable {
        let tools: Mutex<[String]>
        let result = Mutex(#"{"content":[{"type":"text","text":"found"}]}"#)

        init(_ tools: [String]) { self.tools = Mutex(tools) }
    }

    /// - Parameter tools: Their definitions as JSON.
    init(_ tools: [String]) {
        let offer = Offer(tools)
        self.offer = offer
        server = UpstreamServer.http { Self.answer($0, offer) }
    }

    /// Names other tools from now on.
    func replace(_ tools: [String]) { offer.tools.withLock { $0 = tools } }

    /// Answers calls with this from now on.
    func answer(_ result: String) { offer.result.withLock { $0 = result } }

    /// The definition of a tool with one argument.
    static func tool(_ name: String, _ description: String = "Does it.", argument: String = "id") -> String {
        #"{"name":"\#(name)","description":"\#(description)","#
            + #""inputSchema":{"type":"object","properties":{"\#(argument)":{"type":"string"}}}}"#
    }

    private static func answer(_ request: HTTPText, _ offer: Offer) -> String {
        let message = try? JSONValue(parsing: request.body)
        guard let id = message?["id"]?.text else { return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n" }
        let result: String
        switch message?["method"]?.string {
        case "initialize":
            result =
                #"{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}"#
        case "tools/list": result = #"{"tools":[\#(offer.tools.withLock { $0.joined(separator: ",") })]}"#
        default: result = offer.result.withLock { $0 }
        }
        let body = #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

extension RunningGate {
    /// Sends one message of MCP and reads the answer.
    func message(_ method: String, _ params: String = "{}", task: String? = nil) throws -> JSONValue {
        let fields =
            "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
            + (task.map { "Yett-Task: \($0)\r\n" } ?? "")
        let answer = try ask(
            "POST", service: "/s/tickets", fields: fields,
            body: #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#)
        return try JSONValue(parsing: answer.body)
    }

    /// The names of the tools that the agent is shown.
    func shownTools() throws -> [String] {
        try message("tools/list")["result"]?["tools"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    /// Why a call is refused; `nil` when it is not.
    func refusal(of tool: String, _ arguments: String = #"{"id":"7"}"#, task: String? = nil) throws -> String? {
        let answer = try message("tools/call", #"{"name":"\#(tool)","arguments":\#(arguments)}"#, task: task)
        return
            (answer["error"]?["data"]?["detail"] ?? answer["error"]?["data"]?["reason"] ?? answer["error"]?["message"])?
            .string
    }
}
