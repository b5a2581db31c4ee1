// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Testing

@Suite("What the gate tells a collector") struct TelemetryTests {
    private static func text(service: UInt16, collector: UInt16) -> String {
        """
        agents:
          bot:
            attest: [{source: [127.0.0.1]}]
            grants: [{name: tickets, service: tickets, methods: [GET]}]
        services:
          tickets: {host: tickets.test, port: \(service)}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
        egress:
          resolver: {hosts: {tickets.test: [127.0.0.1]}}
          exceptions: [{host: tickets.test, port: \(service), cidr: 127.0.0.1/32}]
        telemetry:
          otlp:
            url: "http://127.0.0.1:\(collector)"
            headers: {X-Key: "file:$DIRECTORY/key"}
            interval: 100ms
            logs: true
            attributes: {deployment.environment.name: test}
            traces: {sample: 1}
        """
    }

    @Test("fits the official schema, after a refusal, and links agent, gate and service in one trace")
    func collector() async throws {
        let key = "collector-key-5d8e"
        let (program, port) = try await PythonPeer.serve(.otlp, "otlp_collector.py", [key])
        defer { program.stop() }
        let service = UpstreamServer.http { request in
            let parent = request["traceparent"] ?? "-"
            return "HTTP/1.1 200 OK\r\nContent-Length: \(parent.utf8.count)\r\n\r\n\(parent)"
        }
        defer { service.stop() }
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let agent = "00f067aa0ba902b7"
        try await RunningGate.run(
            Self.text(service: service.port, collector: port),
            prepare: { directory in
                _ = FileManager.default.createFile(
                    atPath: directory + "/key", contents: Data(key.utf8), attributes: [.posixPermissions: 0o600])
            }
        ) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write(
                "GET /s/tickets/a?secret=1 HTTP/1.1\r\nHost: gate\r\ntraceparent: 00-\(trace)-\(agent)-01\r\n\r\n")
            let seen = try HTTPText.readResponse(from: socket).text.split(separator: "-").map(String.init)
            #expect(seen.count == 4 && seen[0] == "00" && seen[1] == trace && seen[2] != agent && seen[3] == "01")
            try gate.quarantineBot()
            let isComplete = comesTrue {
                let text = program.text
                return ["span \(trace)", "point yett.decisions{", "log 10 "].allSatisfy { text.contains($0) }
                    && text.contains("point yett.exchange_duration{plane=service} 1\n")
            }
            #expect(isComplete, "\(program.text)")
            let lines = program.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            let spans = lines.filter { $0.first == "span" && $0[1] == trace }
            let server = try #require(spans.first { $0[4] == "2" })
            let client = try #require(spans.first { $0[4] == "3" })
            #expect(spans.count == 2)
            #expect(server[3] == agent)
            #expect(client[3] == server[2])
            #expect(client[2] == seen[2])
            #expect(server[5] == "GET")
            #expect(!program.text.contains("bad "), "\(program.text)")
            #expect(!program.text.contains("secret"))
            #expect(
                program.text.contains(
                    "point yett.decisions{plane=service,verdict=allow,reason=granted} 1\n"))
            let metrics = try gate.ask("GET", "metrics").text
            #expect(metrics.contains(#"yett_telemetry_sent_total{signal="traces"}"#))
            #expect(metrics.contains(#"yett_telemetry_failures_total{signal="traces"} 1"#))
        }
    }
}

extension RunningGate {
    /// Something that the gate's log tells of.
    fileprivate func quarantineBot() throws {
        _ = try ask("POST", "quarantine", body: #"{"agent":"bot","why":"test"}"#)
    }
}
