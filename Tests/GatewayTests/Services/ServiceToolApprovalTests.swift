// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Protocols
import Testing

/// What operators see of tools, and how they approve them.
@Suite struct ServiceToolApprovalTests {
    private static func text(_ upstream: ToolUpstream, _ service: String = "") -> String {
        ServiceGate.text(
            to: upstream.server.port, grants: ServiceToolTests.grants, service: ", protocol: mcp\(service)")
    }

    private static func tools(_ gate: RunningGate, _ query: String = "") throws -> [ToolReport] {
        try gate.ask("GET", "tools" + query, for: ToolList.self).tools
    }

    private static func approve(
        _ gate: RunningGate, _ name: String, _ hash: String
    ) throws -> ToolApprovalReport {
        try gate.ask(
            "POST", "tools/tickets/approve",
            body: #"{"tools":[{"name":"\#(name)","hash":"\#(hash)"}],"why":"read it"}"#,
            for: ToolApprovalReport.self)
    }

    @Test func `With approval nothing is called before an operator has seen it`() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search"), ToolUpstream.tool("delete")])
        defer { upstream.server.stop() }
        try await RunningGate.run(
            Self.text(upstream, ", pin_tools: approved"), prepare: ServiceGate.prepare
        ) { gate throws in
            let shown = try gate.shownTools()
            #expect(shown.isEmpty)
            let answer = try gate.message("tools/call", #"{"name":"search","arguments":{"id":"7"}}"#)
            let message = answer["error"]?["message"]?.string ?? ""
            #expect(message.contains("yett tools approve tickets search"), "\(message)")
            let tools = try Self.tools(gate)
            #expect(tools.map(\.name) == ["delete", "search"])
            #expect(tools.map(\.state) == ["held", "held"])
            #expect(tools.map(\.hold) == ["tool_not_approved", "tool_not_approved"])
            let hash = try #require(tools.last?.hash)
            let report = try Self.approve(gate, "search", hash)
            #expect(report.approved == ["search"] && report.refused.isEmpty)
            let now = try gate.shownTools()
            #expect(now == ["search"])
            let refusal = try gate.refusal(of: "search")
            #expect(refusal == nil)
            let record = try #require(try gate.record("kind=admin_action"))
            #expect(record.text("operation") == "tool approve" && record.text("tool") == "search")
            #expect(record.text("source") == "uid:\(getuid())" && record.text("cause") == "read it")
            #expect(record.text("service") == "tickets" && record.text("detail") == hash)
            let states = try Self.tools(gate, "?service=tickets&agent=bot")
            #expect(states.map(\.state) == ["held", "approved"])
            #expect(states.map(\.isAllowed) == [false, true])
        }
    }

    @Test func `An approval is of the definition that was seen`() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(upstream), prepare: ServiceGate.prepare) { gate throws in
            _ = try gate.shownTools()
            upstream.replace([ToolUpstream.tool("search", "Finds \u{202E}it.")])
            _ = try gate.shownTools()
            upstream.replace([ToolUpstream.tool("search", #"Finds it.\nAnd then some."#, argument: "note")])
            _ = try gate.shownTools()
            let changes = try gate.ask("GET", "tools/tickets/changes", for: ToolChangeList.self).changes
            let change = try #require(changes.first)
            #expect(
                change.lines == [
                    "- description: \"Does it.\"", "- inputSchema.properties.id.type: \"string\"",
                    "+ description: \"Finds it.\"", "+ description: \"And then some.\"",
                    "+ inputSchema.properties.note.type: \"string\"",
                ])
            let (seen, former) = (try #require(change.tool.hash), try #require(change.tool.formerHash))
            upstream.replace([ToolUpstream.tool("search", "Sends it away.")])
            _ = try gate.shownTools()
            for hash in [seen, former, "sha256:00", ""] {
                let report = try Self.approve(gate, "search", hash)
                #expect(report.approved.isEmpty)
                #expect(report.refused.first?.why.contains("another one now") == true)
            }
            let refusal = try gate.refusal(of: "search")
            #expect(refusal == "tool_definition_changed")
            let unknown = try Self.approve(gate, "nothing", seen)
            #expect(unknown.refused.map(\.name) == ["nothing"])
            let records = try gate.records("kind=admin_action")
            #expect(records.isEmpty)
        }
    }

    @Test(
        "What does not exist is not found",
        arguments: ["tools?service=books", "tools?agent=nobody", "tools/books/changes", "tools/tickets/changes?tool=x"])
    func unknown(_ path: String) async throws {
        let upstream = ToolUpstream([])
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(upstream), prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("GET", path)
            #expect(answer.status == 404, "\(answer.text)")
        }
    }
}
