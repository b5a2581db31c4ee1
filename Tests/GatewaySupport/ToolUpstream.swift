// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import GateSupport
import Protocols
import Synchronization

/// An MCP server whose tools change when a test wants it.
package final class ToolUpstream: Sendable {
    private let offer: Offer
    package let server: UpstreamServer

    private final class Offer: Sendable {
        let tools: Mutex<[String]>
        let result = Mutex(#"{"content":[{"type":"text","text":"found"}]}"#)

        init(_ tools: [String]) { self.tools = Mutex(tools) }
    }

    /// - Parameter tools: Their definitions as JSON.
    package init(_ tools: [String]) {
        let offer = Offer(tools)
        self.offer = offer
        server = UpstreamServer.http { Self.answer($0, offer) }
    }

    /// Names other tools from now on.
    package func replace(_ tools: [String]) { offer.tools.withLock { $0 = tools } }

    /// Answers calls with this from now on.
    package func answer(_ result: String) { offer.result.withLock { $0 = result } }

    /// The definition of a tool with one argument.
    package static func tool(_ name: String, _ description: String = "Does it.", argument: String = "id") -> String {
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
