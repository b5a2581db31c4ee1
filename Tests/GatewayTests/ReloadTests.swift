// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Testing
import Transport

@Suite struct ReloadTests {
    @Test("cuts the live tunnels that a withdrawn grant carried, and leaves the others")
    func withdrawn() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        try await RunningGate.run(Sample.tunnels(to: port)) { gate throws in
            let web = try gate.tunnel(to: "web.test", port)
            let other = try gate.tunnel(to: "other.test", port)
            #expect(try gate.echoes(web) && gate.echoes(other))

            let grants = "[{name: other, hosts: [other.test], ports: [\(port)], tls: any}]"
            try gate.rewrite(Sample.tunnels(to: port, grants: grants))
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted)
            #expect(report.revision == 2)
            #expect(report.cut == 1)
            #expect(web.readToEnd().ending != .stillOpen)
            #expect(try gate.echoes(other))
            #expect(try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", port).status == 403)

            let end = try #require(try gate.record("kind=connection_end"))
            #expect(end.text("cause") == "grant_withdrawn")
            let change = try #require(try gate.records("kind=grant_change").first)
            #expect(change.text("grant") == "web")
            #expect(change.text("cause") == "withdrawn")
            #expect(change.text("agent") == "spiffe://gate.test/agent/bot")
            #expect(try gate.records("kind=reload").first?.text("verdict") == "allow")
        }
    }

    @Test("keeps serving the old snapshot when the file has mistakes, and names every one")
    func mistakes() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        try await RunningGate.run(Sample.tunnels(to: port)) { gate throws in
            let tunnel = try gate.tunnel(to: "web.test", port)
            try gate.rewrite(Sample.tunnels(to: port) + "\nagnets: {}\nservices: 7\n")
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!report.isAccepted)
            #expect(report.revision == 1)
            #expect(report.diagnostics.count == 2)
            #expect(report.diagnostics.contains { $0.contains("agnets") && $0.contains("agents") })
            #expect(try gate.echoes(tunnel))
            #expect(try gate.echoes(gate.tunnel(to: "other.test", port)))
            let status = try gate.status()
            #expect(status.lastReload == report)
            #expect(status.configuration.revision == 1)
            let record = try #require(try gate.records("kind=reload").first)
            #expect(record.text("verdict") == "deny")
            #expect(record.text("source") == "uid:\(getuid())")
            #expect(try gate.ask("GET", "metrics").text.contains("yett_last_reload_accepted 0"))

            try gate.rewrite(Sample.tunnels(to: port))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
        }
    }

    @Test("refuses to serve without the file, and serves on when it disappears")
    func missing() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            try FileManager.default.removeItem(atPath: gate.configuration)
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!report.isAccepted)
            #expect(report.diagnostics.first?.contains("No such file") == true)
            #expect(try gate.status().configuration.revision == 1)
        }
    }

    @Test("reloads by itself when the file was replaced")
    func fileChange() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        try await RunningGate.run(Sample.tunnels(to: port), watchesFiles: true) { gate throws in
            let web = try gate.tunnel(to: "web.test", port)
            try gate.rewrite(Sample.tunnels(to: port, grants: "[]"))
            #expect(web.readToEnd().ending != .stillOpen)
            #expect(try gate.status().configuration.revision == 2)
            // The report comes last: connections were cut before.
            #expect(comesTrue { (try? gate.status().lastReload?.trigger) == "file" })
        }
    }

    @Test("cuts a live tunnel when its grant expires")
    func expiry() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let clock = ManualClock()
        let end = Date(timeIntervalSince1970: Double(clock.clock.wall() / 1_000_000 + 600))
        let expires = ISO8601DateFormatter().string(from: end)
        let grants = "[{name: web, hosts: [web.test], ports: [\(port)], tls: any, expires: \(expires)}]"
        try await RunningGate.run(Sample.tunnels(to: port, grants: grants), clock: clock.clock) { gate throws in
            let web = try gate.tunnel(to: "web.test", port)
            #expect(try gate.echoes(web))
            clock.advance(seconds: 300)
            #expect(try gate.echoes(web))
            clock.advance(seconds: 301)
            #expect(web.readToEnd().ending != .stillOpen)
            let end = try #require(try gate.record("kind=connection_end"))
            #expect(end.text("cause") == "grant_expired")
        }
    }

    @Test("cuts the connections of an agent whose attestation was withdrawn")
    func attestation() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let text = Sample.tunnels(to: upstream.port)
        try await RunningGate.run(text) { gate throws in
            let web = try gate.tunnel(to: "web.test", upstream.port)
            try gate.rewrite(text.replacing("source: [127.0.0.1]", with: "source: [127.0.0.2]"))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).cut == 1)
            #expect(web.readToEnd().ending != .stillOpen)
        }
    }

    @Test("says which settings wait for a restart")
    func restart() async throws {
        let text = Sample.tunnels(to: 1)
        try await RunningGate.run(text) { gate throws in
            try gate.rewrite(
                text.replacing("identify: [source]", with: "identify: [token, source]") + "\nlimits: {workers: 2}\n")
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted, "\(report.diagnostics)")
            #expect(report.needsRestart == ["egress.listeners", "limits.workers", "limits.shutdown_grace"])
        }
    }

    @Test("survives many reloads at the same time as many connections")
    func storm() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let one = "[{name: web, hosts: [web.test], ports: [\(port)], tls: any}]"
        try await RunningGate.run(Sample.tunnels(to: port, grants: one)) { gate throws in
            let clients = DispatchGroup()
            for _ in 0..<4 {
                Thread.detachNewThread {
                    clients.enter()
                    for _ in 0..<20 { _ = try? gate.echoes(gate.tunnel(to: "web.test", port)) }
                    clients.leave()
                }
            }
            for round in 0..<20 {
                try gate.rewrite(Sample.tunnels(to: port, grants: round.isMultiple(of: 2) ? "[]" : one))
                #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            }
            clients.wait()
            try gate.rewrite(Sample.tunnels(to: port, grants: "[]"))
            _ = try gate.ask("POST", "reload")
            #expect(comesTrue { (try? gate.connections().isEmpty) == true })
        }
    }
}
