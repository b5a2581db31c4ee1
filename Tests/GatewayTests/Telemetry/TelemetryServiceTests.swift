// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Telemetry from the configuration to a collector, and what becomes of it when there is none.
@Suite struct TelemetryServiceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(trace)-00f067aa0ba902b7-01"

    private static func section(_ port: UInt16, traces: String = "{sample: 1}", more: String = "") -> String {
        """
        telemetry:
          otlp: {url: "http://127.0.0.1:\(port)", compression: none, interval: 100ms, traces: \(traces)\(more)}
        """
    }

    /// A service that answers with what it was told of the trace.
    private static func service() -> UpstreamServer {
        UpstreamServer.http { request in
            let text = "\(request["traceparent"] ?? "none") \(request["tracestate"] ?? "none")"
            return "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
        }
    }

    private static func ask(_ gate: RunningGate, _ fields: String = "") throws -> [String] {
        let answer = try gate.ask(
            "GET", service: "/s/tickets/tickets?q=1",
            fields: "Authorization: Bearer \(ServiceGate.token)\r\n\(fields)")
        return answer.text.split(separator: " ").map(String.init)
    }

    private static func value(_ span: JSONValue, _ key: String) -> JSONValue? {
        span["attributes"]?.array?.first { $0["key"]?.string == key }?["value"]
    }

    private static func metric(_ gate: RunningGate, _ series: String) throws -> Int {
        let lines = try gate.ask("GET", "metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix(series + " ") }.flatMap { Int($0.dropFirst(series.utf8.count + 1)) } ?? 0
    }

    @Test("an exchange becomes two spans, of which the service hears the inner one")
    func spans() async throws {
        let (service, collector) = (Self.service(), FakeCollector())
        defer { service.stop(); collector.stop() }
        try await RunningGate.run(
            ServiceGate.text(to: service.port, sections: Self.section(collector.port)), prepare: ServiceGate.prepare
        ) { gate throws in
            let seen = try Self.ask(gate, "traceparent: \(Self.parent)\r\ntracestate: a=1\r\n")
            #expect(seen.first?.hasPrefix("00-\(Self.trace)-") == true && seen.last == "a=1")
            let denied = try gate.ask(
                "GET", service: "/s/tickets/secret",
                fields: "Authorization: Bearer \(ServiceGate.token)\r\ntraceparent: \(Self.parent)\r\n")
            #expect(denied.status == 403)
            #expect(comesTrue { collector.spans.count == 3 })
            let spans = collector.spans
            let client = try #require(spans.first { $0["kind"]?.integer == 3 })
            let server = try #require(spans.first { $0["spanId"] == client["parentSpanId"] })
            let refused = try #require(spans.first { $0["status"] != nil })
            #expect(client["spanId"]?.string == seen[0].split(separator: "-")[2].description)
            #expect(server["parentSpanId"]?.string == "00f067aa0ba902b7")
            #expect(Self.value(server, "yett.service")?["stringValue"]?.string == "tickets")
            #expect(Self.value(server, "url.path")?["stringValue"]?.string == "/tickets")
            #expect(Self.value(client, "http.response.status_code")?["intValue"]?.string == "200")
            #expect(refused["status"]?["message"]?.string == "path_not_granted")
            #expect(Self.value(refused, "http.response.status_code")?["intValue"]?.string == "403")
            let decision = try #require(Self.value(server, "yett.decision")?["stringValue"]?.string)
            #expect(try gate.records().contains { $0.text("decision") == decision })
            #expect(comesTrue { !collector.requests(to: "/v1/metrics").isEmpty })
            #expect(try Self.metric(gate, #"yett_exchanges_total{plane="service",status="2xx"}"#) == 1)
            #expect(
                try Self.metric(
                    gate, #"yett_decisions_total{plane="service",verdict="deny",reason="path_not_granted"}"#) == 1)
            #expect(try Self.metric(gate, #"yett_agent_decisions_total{agent="bot",verdict="allow"}"#) == 1)
        }
    }

    @Test("the forward proxy tells the destination of its span as well")
    func egress() async throws {
        let (service, collector) = (Self.service(), FakeCollector())
        defer { service.stop(); collector.stop() }
        try await RunningGate.run(Sample.tunnels(to: service.port, limits: Self.section(collector.port))) {
            gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write(
                "GET http://web.test:\(service.port)/a HTTP/1.1\r\nHost: web.test:\(service.port)\r\n"
                    + "traceparent: \(Self.parent)\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket).text
            #expect(answer.hasPrefix("00-\(Self.trace)-") && !answer.contains("00f067aa0ba902b7"))
            #expect(comesTrue { collector.spans.count == 2 })
            #expect(try Self.metric(gate, #"yett_exchanges_total{plane="egress",status="2xx"}"#) == 1)
        }
    }

    @Test("the agent's word passes untouched where nothing is traced, and not at all where traces begin anew")
    func contexts() async throws {
        let service = Self.service()
        defer { service.stop() }
        let fields = "traceparent: \(Self.parent)\r\ntracestate: a=1\r\n"
        for (traces, seen) in [
            ("{sample: 0}", [Self.parent, "a=1"]), ("{sample: 0.000001, context: restart}", ["none", "none"]),
        ] {
            let section = Self.section(1, traces: traces)
            try await RunningGate.run(
                ServiceGate.text(to: service.port, sections: section), prepare: ServiceGate.prepare
            ) { gate throws in
                #expect(try Self.ask(gate, fields) == seen)
            }
        }
    }

    @Test("what a collector refuses at first comes later, and what it refuses for good does not")
    func refusals() async throws {
        let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
        let bad = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
        let (service, collector) = (Self.service(), FakeCollector(answers: [busy, bad]))
        defer { service.stop(); collector.stop() }
        let section = Self.section(collector.port, more: ", metrics: false")
        try await RunningGate.run(
            ServiceGate.text(to: service.port, sections: section), prepare: ServiceGate.prepare
        ) { gate throws in
            _ = try Self.ask(gate)
            let lost = #"yett_telemetry_dropped_total{signal="traces",cause="collector_refused"}"#
            #expect(try comesTrue { try Self.metric(gate, lost) == 2 })
            #expect(try Self.metric(gate, #"yett_telemetry_failures_total{signal="traces"}"#) == 2)
            _ = try Self.ask(gate)
            #expect(comesTrue { collector.spans.count == 2 })
            #expect(try comesTrue { try Self.metric(gate, #"yett_telemetry_sent_total{signal="traces"}"#) == 2 })
        }
    }

    @Test(
        "no request waits for a collector that is down, silent or endless",
        arguments: ["down", "silent", "endless"])
    func absent(collector kind: String) async throws {
        let service = Self.service()
        let collector = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection, within: 60)
            guard kind == "endless" else {
                _ = try connection.readSome(within: 60)
                return
            }
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n")
            while true { try connection.write(Array(repeating: UInt8(ascii: "x"), count: 65_536)) }
        }
        defer { service.stop(); collector.stop() }
        if kind == "down" { collector.stop() }
        let section = Self.section(collector.port, more: ", timeout: 100ms")
        try await RunningGate.run(
            ServiceGate.text(to: service.port, sections: section), prepare: ServiceGate.prepare
        ) { gate throws in
            let failures = #"yett_telemetry_failures_total{signal="metrics"}"#
            #expect(try comesTrue { try Self.metric(gate, failures) > 0 })
            for _ in 0..<20 { #expect(try Self.ask(gate).count == 2) }
        }
    }

    @Test("hostile values make no series")
    func series() async throws {
        let service = Self.service()
        defer { service.stop() }
        try await RunningGate.run(ServiceGate.text(to: service.port), prepare: ServiceGate.prepare) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\n"
            _ = try gate.ask("GET", service: "/s/tickets/x", fields: fields, on: socket)
            let before = try gate.ask("GET", "metrics").text.split(separator: "\n").count
            for index in 0..<300 {
                _ = try gate.ask(
                    "GET", service: "/s/tickets/x\(index)%22", fields: fields + "X-A: \(index)\r\n",
                    host: "h\(index).test", on: socket)
            }
            let page = try gate.ask("GET", "metrics").text
            // A record of a new kind that came meanwhile, such as a checkpoint, adds a line; none of the values does.
            #expect(page.split(separator: "\n").count <= before + 8)
            #expect(!page.contains("x299"))
        }
    }
}
