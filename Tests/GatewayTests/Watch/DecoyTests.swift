// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import LeakDetection
import Protocols
import Testing
import YettConfiguration

/// Services and tools that are there for nobody.
@Suite struct DecoyTests {
    private static let services = "[{name: tickets, service: tickets, methods: [GET], paths: [/tickets]}]"

    @Test("whoever asks a decoy for anything is in quarantine, and nothing is dialled")
    func service() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port, grants: Self.services, sections: "watch: {mode: enforce}"
        ).replacing("services:\n", with: "services:\n  payroll-backup: {decoy: true}\n")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            // Nobody in particular touches nothing.
            #expect(try gate.ask("GET", service: "/s/payroll-backup/", fields: "").status == 401)
            let answer = try gate.ask("GET", service: "/s/payroll-backup/export")
            #expect(answer.status == 403 && !answer.text.contains("decoy"), "\(answer.text)")
            #expect(try gate.ask("GET", service: "/s/tickets/tickets")["yett-reason"] == "quarantined")
            let record = try #require(try gate.record("kind=observation"))
            #expect(record.text("cause") == "canary_touched")
            #expect(record.text("detail") == "the service payroll-backup")
        }
    }

    @Test("a tool that is none is listed, and whoever calls it is in quarantine before the answer")
    func tool() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let text = ServiceGate.text(
            to: upstream.server.port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
            service: ", protocol: mcp, decoys: {dump_customers: \"Gives all data of all customers.\"}",
            sections: "watch: {mode: enforce}")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.shownTools() == ["search", "dump_customers"])
            #expect(try gate.refusal(of: "search") == nil)
            let asked = upstream.server.text.utf8.count
            let answer = try gate.message("tools/call", #"{"name":"dump_customers","arguments":{"name":"x"}}"#)
            #expect(answer["error"]?["data"]?["reason"]?.string == "quarantined", "\(answer)")
            #expect(upstream.server.text.utf8.count == asked)
            let next = try gate.message("tools/call", #"{"name":"search","arguments":{"id":"7"}}"#)
            #expect(next["error"]?["data"]?["reason"]?.string == "quarantined", "\(next)")
            #expect(try gate.record("kind=observation")?.text("detail") == "the tool dump_customers")
        }
    }

    @Test("a decoy is called before any list was seen, and still nothing is asked of the server")
    func first() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let text = ServiceGate.text(
            to: upstream.server.port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
            service: ", protocol: mcp, decoys: {dump_customers: \"Gives all.\"}", sections: "watch: {mode: enforce}")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.message("tools/call", #"{"name":"dump_customers","arguments":{}}"#)
            #expect(answer["error"] != nil)
            #expect(upstream.server.connectionCount == 0)
        }
    }

    @Test("the words for what is planted with launches are those for canaries")
    func kinds() {
        #expect(AgentConfiguration.canaryFileKinds == CanaryKind.allCases.map(\.rawValue))
        #expect(AgentConfiguration.canaryKinds == CanaryKind.allCases.filter(\.isVariable).map(\.rawValue))
    }
}
