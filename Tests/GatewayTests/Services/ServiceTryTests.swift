// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Protocols
import Testing

/// Requests that are judged and not made.
@Suite struct ServiceTryTests {
    private static let grants =
        "[{name: tickets, service: tickets, tools: {search: {}, send: {}}, budget: {calls: 2, per: day}}]"
    private static let tools = ", protocol: mcp, tools: {send: {effect: external, arguments: {to: destination}}}"

    private static func text(_ upstream: ToolUpstream) -> String {
        ServiceGate.text(to: upstream.server.port, grants: grants, service: tools)
    }

    private static func attempt(
        _ gate: RunningGate, _ tool: String, _ arguments: String = #"{"id":"7"}"#, task: String? = nil
    ) throws -> TrialReport {
        var request = TrialRequest(agent: "bot", service: "tickets")
        request.tool = tool
        request.arguments = arguments
        request.task = task
        let body = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        return try gate.ask("POST", "try", body: body, for: TrialReport.self)
    }

    @Test func `A call of a tool is judged like a real one, and nothing is sent or spent`() async throws {
        let upstream = ToolUpstream(["search", "send", "delete"].map { ToolUpstream.tool($0) })
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(upstream), prepare: ServiceGate.prepare) { gate throws in
            let early = try Self.attempt(gate, "search")
            #expect(early.verdict == "deny" && early.detail == "tool_never_listed")
            _ = try gate.shownTools()
            let connections = upstream.server.connectionCount
            let records = try gate.records().count
            // More often than the budget has calls.
            for _ in 0..<4 {
                let report = try Self.attempt(gate, "search")
                #expect(report.verdict == "allow", "\(report)")
                #expect(report.now?.grant?.hasSuffix("tickets") == true)
            }
            let ungranted = try Self.attempt(gate, "delete")
            #expect(ungranted.verdict == "deny" && ungranted.reason == "tool_not_granted")
            #expect(ungranted.suggestion?.contains("delete") == true)
            let misfit = try Self.attempt(gate, "search", #"{"id":7}"#)
            #expect(misfit.reason == "argument_refused" && misfit.message?.contains("input schema") == true)
            #expect(upstream.server.connectionCount == connections)
            let after = try gate.records().count
            #expect(after == records)
            let real = try gate.refusal(of: "search")
            #expect(real == nil)
        }
    }

    @Test func `Within a task it is asked where values come from, and the task does not notice`() async throws {
        let send =
            #"{"name":"send","inputSchema":{"type":"object","properties":{"to":{"type":"string"}}}}"#
        let upstream = ToolUpstream([ToolUpstream.tool("search"), send])
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(upstream), prepare: ServiceGate.prepare) { gate throws in
            _ = try gate.shownTools()
            let start = try gate.ask(
                "POST", "tasks",
                body: #"{"agent":"bot","purpose":"Write to ann@example.org","grants":[{"name":"tickets","calls":1}]}"#,
                for: TaskStartReport.self)
            for task in [start.task.id, start.handle, start.task.id] {
                let named = try Self.attempt(gate, "send", #"{"to":"ann@example.org"}"#, task: task)
                #expect(named.verdict == "allow", "\(named)")
                #expect(named.provenance.contains { $0.hasPrefix("to: ") }, "\(named.provenance)")
            }
            let foreign = try Self.attempt(gate, "send", #"{"to":"eve@evil.test"}"#, task: start.task.id)
            #expect(foreign.reason == "provenance_refused", "\(foreign)")
            let status = try gate.status()
            #expect(status.followedTasks == 0)
            let real = try gate.refusal(of: "send", #"{"to":"ann@example.org"}"#, task: start.handle)
            #expect(real == nil)
            let followed = try gate.status().followedTasks
            #expect(followed == 1)
            _ = try gate.ask("POST", "tasks/\(start.task.id)/stop", body: "{}", for: TaskStopReport.self)
            let forgotten = try gate.status().followedTasks
            #expect(forgotten == 0)
            let over = try Self.attempt(gate, "send", #"{"to":"ann@example.org"}"#, task: start.task.id)
            #expect(over.reason == "task_stopped", "\(over)")
        }
    }

    @Test func `A request over HTTP is tried by its method and path`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port)
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            func attempt(_ method: String, _ path: String) throws -> TrialReport {
                try gate.ask(
                    "POST", "try",
                    body: #"{"agent":"bot","service":"tickets","method":"\#(method)","path":"\#(path)"}"#,
                    for: TrialReport.self)
            }
            let allowed = try attempt("GET", "/tickets/7?full=1")
            #expect(allowed.verdict == "allow", "\(allowed)")
            let method = try attempt("DELETE", "/tickets/7")
            #expect(method.reason == "method_not_granted")
            let climbing = try attempt("GET", "/tickets/../users")
            #expect(climbing.verdict == "deny", "\(climbing)")
            #expect(upstream.connectionCount == 0)
            for body in [
                #"{"agent":"bot","service":"tickets"}"#, #"{"agent":"bot","service":"tickets","tool":"x"}"#,
                #"{"agent":"bot","service":"tickets","path":"/a b"}"#,
                #"{"agent":"bot","service":"tickets","path":"/a\r\nX: y"}"#,
            ] {
                let answer = try gate.ask("POST", "try", body: body)
                #expect(answer.status == 400, "\(body) \(answer.text)")
            }
        }
    }
}
