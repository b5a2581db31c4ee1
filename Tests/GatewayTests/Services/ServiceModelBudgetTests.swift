// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Budgets in tokens and in money of models behind a running gate.
@Suite struct ServiceModelBudgetTests {
    private static func chunk(_ text: String) -> String {
        #"data: {"choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"# + "\n\n"
    }

    /// A provider that writes a text and then says what it took.
    ///
    /// - Parameter isEndless: Whether it then says nothing more, and lets the stream stand open.
    private static func provider(
        _ chunks: [String], input: Int, output: Int, isEndless: Bool = false
    ) -> UpstreamServer {
        let end =
            #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
            + #"data: {"choices":[],"usage":{"prompt_tokens":\#(input),"completion_tokens":\#(output)}}"#
            + "\n\ndata: [DONE]\n\n"
        let body = chunks.map(chunk).joined() + (isEndless ? "" : end)
        let length = body.utf8.count + (isEndless ? 100_000 : 0)
        return UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(length)\r\n\r\n\(body)"
        }
    }

    private static func text(_ upstream: UpstreamServer, budget: String, prices: String = "") -> String {
        ServiceGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets, tools: {small: {}}\(budget)}]",
            service: ", protocol: llm\(prices)")
    }

    private static func ask(_ gate: RunningGate, task: String? = nil) throws -> HTTPText {
        let fields =
            "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
            + (task.map { "Yett-Task: \($0)\r\n" } ?? "")
        return try gate.ask(
            "POST", service: "/s/tickets/v1/chat/completions", fields: fields,
            body: #"{"model":"small","stream":true,"messages":[{"role":"user","content":"hi"}]}"#)
    }

    @Test func `What the provider counted is spent, and what is spent is spent`() async throws {
        let upstream = Self.provider(["Good day."], input: 30, output: 20)
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(upstream, budget: ", budget: {tokens: 90, per: day}"), prepare: ServiceGate.prepare
        ) { gate throws in
            let first = try Self.ask(gate)
            #expect(first.status == 200 && first.text.contains("[DONE]"), "\(first.text)")
            // 50 of 90 are spent; the next call gets in and overdraws with its last count, the one after does not.
            #expect(try comesTrue { try gate.records().contains { $0.text("cause") == "model_usage" } })
            let second = try Self.ask(gate)
            #expect(second.status == 200, "\(second.text)")
            let denied = try Self.ask(gate)
            #expect(denied.status == 429, "\(denied.text)")
            #expect(denied.text.contains("budget_exhausted"), "\(denied.text)")
            let record = try #require(try gate.record("verdict=deny"))
            #expect(record.text("tool") == "small")
        }
    }

    @Test func `A stream ends where the budget of its task ends`() async throws {
        let upstream = Self.provider(
            (0..<40).map { _ in String(repeating: "word ", count: 20) }, input: 30, output: 900, isEndless: true)
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(upstream, budget: ""), prepare: ServiceGate.prepare) { gate throws in
            let start = try gate.ask(
                "POST", "tasks",
                body: #"{"agent":"bot","purpose":"Talk","grants":[{"name":"tickets"}],"tokens":200}"#,
                for: TaskStartReport.self)
            #expect(start.task.tokens == 200)
            let answer = try Self.ask(gate, task: start.handle)
            #expect(answer.status == 200)
            #expect(answer.text.contains("budget of its models is spent"), "\(answer.text)")
            #expect(!answer.text.contains("[DONE]"))
            let denied = try Self.ask(gate, task: start.handle)
            #expect(denied.status == 429, "\(denied.text)")
            let report = try gate.ask("GET", "tasks/\(start.task.id)", for: TaskReport.self)
            #expect((report.usedTokens ?? 0) > 0)
        }
    }

    /// A token that is read costs 0.01, one that is written 0.1, one that the provider had kept nothing.
    private static let prices = ", prices: {small: {input: 10000, cached: 0, output: 100000}}"

    @Test func `Money is spent by the price of each model`() async throws {
        // 10 read for 0.1, 20 written for 2.
        let upstream = Self.provider(["Good day."], input: 10, output: 20)
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(upstream, budget: ", budget: {cost: 4.15, per: day}", prices: Self.prices),
            prepare: ServiceGate.prepare
        ) { gate throws in
            for number in 1...2 {
                let answer = try Self.ask(gate)
                #expect(answer.status == 200 && answer.text.contains("[DONE]"), "\(number): \(answer.text)")
                #expect(
                    try comesTrue { try gate.records().count { $0.text("cause") == "model_usage" } == number })
            }
            // 4.2 of 4.15 are spent.
            let denied = try Self.ask(gate)
            #expect(denied.status == 429 && denied.text.contains("budget_exhausted"), "\(denied.text)")
        }
    }

    @Test func `A stream ends where the money of its task ends, and a part has no more than the whole`() async throws {
        let upstream = Self.provider(
            (0..<40).map { _ in String(repeating: "word ", count: 20) }, input: 30, output: 900, isEndless: true)
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(upstream, budget: "", prices: Self.prices), prepare: ServiceGate.prepare
        ) { gate throws in
            func start(_ more: String) throws -> HTTPText {
                try gate.ask(
                    "POST", "tasks",
                    body: #"{"agent":"bot","purpose":"Talk","grants":[{"name":"tickets"}],\#(more)}"#)
            }
            for bad in ["1,5", "0", "-1", "1e3", "1000001", "1.1234567", "", "01", "1.", ".5", "\u{661}"] {
                let answer = try start("\"cost\":\"\(bad)\"")
                #expect((400..<500).contains(answer.status), "\(bad): \(answer.text)")
            }
            let task = try gate.ask(
                "POST", "tasks",
                body: #"{"agent":"bot","purpose":"Talk","grants":[{"name":"tickets"}],"cost":"20.50"}"#,
                for: TaskStartReport.self)
            #expect(task.task.cost == "20.5")
            let wider = try start("\"parent\":\"\(task.task.id)\",\"cost\":\"20.500001\"")
            #expect((400..<500).contains(wider.status), "\(wider.text)")
            let answer = try Self.ask(gate, task: task.handle)
            #expect(answer.status == 200 && answer.text.contains("budget of its models is spent"), "\(answer.text)")
            #expect(try Self.ask(gate, task: task.handle).status == 429)
            let report = try gate.ask("GET", "tasks/\(task.task.id)", for: TaskReport.self)
            #expect(report.usedCost.flatMap { Double($0) }.map { $0 >= 20.5 && $0 < 60 } == true, "\(report)")
        }
    }

    @Test func `A model without a price is not called on a budget in money`() async throws {
        let upstream = Self.provider(["Good day."], input: 10, output: 20)
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(upstream, budget: ", budget: {cost: 1}", prices: ", prices: {large: {input: 1, output: 1}}"),
            prepare: ServiceGate.prepare
        ) { gate throws in
            let denied = try Self.ask(gate)
            #expect(denied.status == 429 && denied.text.contains("services.<name>.prices"), "\(denied.text)")
            #expect(upstream.text.isEmpty)
        }
    }

    @Test func `A request that is refused spends nothing`() async throws {
        let upstream = UpstreamServer.http { _ in
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        }
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.text(upstream, budget: ", budget: {tokens: 30, per: day}"), prepare: ServiceGate.prepare
        ) { gate throws in
            for _ in 0..<4 {
                let answer = try Self.ask(gate)
                #expect(answer.status == 400, "\(answer.text)")
            }
        }
    }
}
