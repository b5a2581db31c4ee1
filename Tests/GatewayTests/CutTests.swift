// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Testing

@Suite struct CutTests {
    @Test(
        "cuts what a selection names, and nothing else",
        arguments: [
            (#"{"agent":"bot"}"#, 2), (#"{"agent":"spiffe://gate.test/agent/bot"}"#, 2), (#"{"agent":"nobody"}"#, 0),
            (#"{"service":"web.test"}"#, 1), (#"{"service":"web.test","agent":"bot"}"#, 1),
            (#"{"service":"web.test","agent":"nobody"}"#, 0), (#"{"task":"t-1"}"#, 0), (#"{"service":"WEB.test"}"#, 0),
        ])
    func selections(selection: String, count: Int) async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let web = try gate.tunnel(to: "web.test", upstream.port)
            let other = try gate.tunnel(to: "other.test", upstream.port)
            let report = try gate.ask("POST", "cut", body: selection, for: CutReport.self)
            #expect(report.cut == count)
            if count > 0 { #expect(web.readToEnd().ending != .stillOpen) }
            if count > 1 { #expect(other.readToEnd().ending != .stillOpen) }
            if count < 2 { #expect(try gate.echoes(other)) }
        }
    }

    @Test("cuts one connection by its id and records who asked and why")
    func connection() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let web = try gate.tunnel(to: "web.test", upstream.port)
            let id = try #require(try gate.connections().first?.connection)
            let body = #"{"connection":"\#(id)","why":"it looked odd"}"#
            #expect(try gate.ask("POST", "cut", body: body, for: CutReport.self).cut == 1)
            #expect(web.readToEnd().ending != .stillOpen)
            let record = try #require(try gate.records("kind=cut").first)
            #expect(record.text("cause") == "it looked odd")
            #expect(record.text("source") == "uid:\(getuid())")
            #expect(record.text("connection") == id)
            let end = try #require(try gate.record("kind=connection_end"))
            #expect(end.text("cause") == "operator_cut")
            #expect(try gate.ask("POST", "cut", body: body).status == 404)
            #expect(try gate.ask("POST", "cut", body: #"{"connection":"c-zz"}"#).status == 400)
            #expect(try gate.ask("POST", "cut", body: #"{"agent":"a b"}"#).status == 400)
        }
    }

    @Test("denies everything to a quarantined agent until it is released")
    func quarantine() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let web = try gate.tunnel(to: "web.test", upstream.port)
            let body = #"{"agent":"bot","why":"strange questions"}"#
            let report = try gate.ask("POST", "quarantine", body: body, for: QuarantineReport.self)
            #expect(report.cut == 1)
            #expect(web.readToEnd().ending != .stillOpen)
            let refusal = try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", upstream.port)
            #expect(refusal.status == 403)
            #expect(refusal["yett-reason"] == "quarantined")
            #expect(try gate.status().quarantined == ["spiffe://gate.test/agent/bot"])
            // A reload does not end it.
            _ = try gate.ask("POST", "reload")
            #expect(
                try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", upstream.port).status == 403)

            #expect(try gate.ask("POST", "release", body: body).status == 200)
            #expect(try gate.echoes(gate.tunnel(to: "web.test", upstream.port)))
            #expect(try gate.ask("POST", "release", body: body).status == 409)
            let actions = try gate.records("kind=admin_action")
            #expect(actions.map { $0.text("operation") } == ["quarantine", "release"])
            #expect(actions.allSatisfy { $0.text("source") == "uid:\(getuid())" })
        }
    }
}
