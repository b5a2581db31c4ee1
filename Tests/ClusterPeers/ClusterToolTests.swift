// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import ProcessSupport
import Protocols
import Testing

extension ClusterSuites {
    /// What an operator has read at one gate need not be read at each.
    @Suite("A tool that is approved at one gate is approved at all")
    struct ClusterToolTests {
        static func sections(_ port: UInt16) -> String {
            ServiceGate.text(
                to: port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
                service: ", protocol: mcp, pin_tools: approved")
        }

        private static func send(_ gate: RunningGate, _ method: String, _ params: String = "{}") throws -> JSONValue {
            let answer = try gate.ask(
                "POST", service: "/s/tickets",
                fields: "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
                    + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n",
                body: #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#)
            return try JSONValue(parsing: answer.body)
        }

        static func isCalled(_ gate: RunningGate) throws -> Bool {
            try send(gate, "tools/call", #"{"name":"search","arguments":{"id":"7"}}"#)["error"] == nil
        }

        /// The definition that waits for an operator.
        static func held(_ gate: RunningGate) throws -> String? {
            _ = try send(gate, "tools/list")
            return try gate.ask("GET", "tools", for: ToolList.self).tools.first { $0.state == "held" }?.hash
        }

        static func approve(_ gate: RunningGate, _ hash: String) throws -> HTTPText {
            try gate.ask(
                "POST", "tools/tickets/approve", body: #"{"tools":[{"name":"search","hash":"\#(hash)"}],"why":"read"}"#)
        }

        @Test("an approval reaches the other gate, is of that definition only, and is not given while etcd is away")
        func approvals() async throws {
            let upstream = ToolUpstream([ToolUpstream.tool("search")])
            try await ClusterGates.run(
                2, members: 1, upstream: upstream.server, prepare: ServiceGate.prepare, sections: Self.sections
            ) { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                let hash = try #require(try Self.held(first))
                #expect(try Self.held(second) == hash)
                for gate in cluster.gates { #expect(try !Self.isCalled(gate)) }
                #expect(try Self.approve(first, hash).status == 200)
                try cluster.wait("it is called") { try Self.isCalled($0) }
                let record = try second.records("kind=admin_action").first { $0.text("operation") == "tool approve" }
                #expect(record?.text("tool") == "search")
                #expect(record?.text("detail")?.contains("another gate") == true)
                // Another definition needs another approval.
                upstream.replace([ToolUpstream.tool("search", "Sends it away.", argument: "note")])
                for gate in cluster.gates {
                    #expect(try Self.held(gate) != hash)
                    #expect(try !Self.isCalled(gate))
                }
                let next = try #require(try Self.held(second))
                cluster.servers.suspend(0)
                #expect(try Self.approve(second, next).status == 503)
                cluster.servers.resume(0)
                try cluster.wait("etcd is back") { try $0.status().cluster?.endpoint != nil }
                for gate in cluster.gates { #expect(try Self.held(gate) == next) }
                #expect(try Self.approve(second, next).status == 200)
            }
        }
    }
}
