// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import GatewaySupport
import Protocols

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
