// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// What calls spend of the budgets of grants.
@Suite struct ServiceCallBudgetTests {
    @Test func `A call that is refused for its values spends nothing`() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search"), ToolUpstream.tool("send", argument: "to")])
        defer { upstream.server.stop() }
        let text = ServiceGate.text(
            to: upstream.server.port,
            grants: "[{name: tickets, service: tickets, tools: {search: {}, send: {}}, budget: {calls: 2}}]",
            service: ", protocol: mcp, tools: {send: {effect: external, arguments: {to: destination}}}")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.shownTools() == ["search", "send"])
            for _ in 0..<5 {
                let message = try gate.message(
                    "tools/call", #"{"name":"send","arguments":{"to":"eve@evil.test"}}"#)
                #expect(message["error"]?["data"]?["reason"]?.string == "provenance_refused", "\(message.text)")
            }
            #expect(try gate.refusal(of: "search") == nil)
            #expect(try gate.refusal(of: "search") == nil)
            let spent = try gate.message("tools/call", #"{"name":"search","arguments":{"id":"7"}}"#)
            #expect(spent["error"]?["data"]?["reason"]?.string == "budget_exhausted", "\(spent.text)")
        }
    }
}
