// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import Foundation
import GateSupport
import Resolver
import Storage
import Synchronization
import Testing

@Suite("Records") struct AuditOrderTests {
    /// Whether the journal of a gate holds a text at this moment.
    private final class JournalProbe: Sendable {
        let directory = Mutex("")

        func holds(_ text: String) -> Bool {
            let folder = directory.withLock { $0 } + "/audit/journal"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.contains { name in
                let data = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
                return data.range(of: Data(text.utf8)) != nil
            }
        }
    }

    @Test(
        "the decision is in the journal before the destination sees the first byte",
        arguments: [AuditLog.Durability.process, .disk])
    func orderOfRecord(_ durability: AuditLog.Durability) async throws {
        let probe = JournalProbe()
        let upstream = UpstreamServer { connection in
            let first = try connection.readSome(within: 60)
            let isRecorded = probe.holds("recorded-first.test")
            guard first.first == UInt8(ascii: "G") else {
                try connection.write(isRecorded ? "yes" : "no!")
                return
            }
            try connection.write("HTTP/1.1 \(isRecorded ? 200 : 500) X\r\nContent-Length: 0\r\n\r\n")
        }
        var options = GateOptions(grants: [try Grant.test("recorded-first.test").openTunnel])
        options.lead(to: upstream)
        options.durability = durability
        try await withGate(options) { gate in
            probe.directory.withLock { $0 = gate.directory }
            #expect(try gate.get("http://recorded-first.test/").status == 200)
            let tunnel = try gate.openTunnel(to: "recorded-first.test:443")
            try tunnel.write("x")
            #expect(try tunnel.read(exactly: 3) == Array("yes".utf8))
        }
    }

    @Test("a log that takes no records denies everything, and nothing is asked or dialled")
    func unavailable() async throws {
        try await withGate(GateOptions(grants: [try Grant.test("allowed.test").openTunnel])) { gate in
            gate.log.close()
            let (_, tunnel) = try gate.askForTunnel(to: "allowed.test:443")
            #expect(tunnel.status == 503)
            #expect(tunnel["yett-reason"] == "audit_unavailable")
            let request = try gate.get("http://allowed.test/")
            #expect(request.status == 503)
            #expect(try gate.script.queryCount == 0)
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("a log that fails between the verdict and the record denies, and nothing is dialled")
    func failsLate() async throws {
        let resolver = ScriptedResolver(records: ["*": [["A 203.0.114.10"]]], holdsAnswers: true)
        let options = GateOptions(grants: [try Grant.test("allowed.test").openTunnel], resolver: resolver)
        try await withGate(options) { gate in
            let socket = try gate.connect()
            try socket.write("CONNECT allowed.test:443 HTTP/1.1\r\nHost: allowed.test:443\r\n\r\n")
            #expect(await eventually { resolver.queryCount == 1 })
            gate.log.close()
            resolver.releaseAnswers()
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 503)
            #expect(answer["yett-reason"] == "audit_unavailable")
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("every request has one decision with one reason, whatever becomes of it")
    func oneEach() async throws {
        let upstream = UpstreamServer.http()
        let port = upstream.port
        var options = GateOptions(
            grants: [try Grant.test("allowed.test", "broken.test", "mixed.test")],
            resolver: ScriptedResolver(records: [
                "allowed.test": [["A 203.0.114.10"]], "broken.test": [["A 203.0.114.66"]],
                "mixed.test": [["A 203.0.114.10", "A 10.0.0.1"]],
            ]))
        options.route = { "\($0.address)" == "203.0.114.66" ? nil : port }
        // The order of denials is that of one loop's journal; between loops there is none.
        options.workers = 1
        try await withGate(options) { gate in
            let urls = [
                "http://allowed.test/", "http://denied.test/", "http://broken.test/", "http://mixed.test/",
                "http://missing.test/", "http://allowed.test:81/",
            ]
            for url in urls { _ = try gate.get(url) }
            _ = try gate.askForTunnel(to: "denied.test:443")
            _ = try gate.askForTunnel(to: "bad host:443")
            let tunnel = try gate.openTunnel(hello: ClientHelloBytes(name: "denied.test").bytes)
            _ = tunnel.readToEnd()
            let decisions = try await gate.decisions()
            #expect(
                decisions.map { $0.list("reasons") } == [
                    ["granted"], ["host_not_granted"], ["granted"], ["address_forbidden"], ["host_not_granted"],
                    ["port_not_granted"], ["host_not_granted"], ["protocol_violation"], ["tls_sni_mismatch"],
                ])
            #expect(Set(decisions.compactMap { $0.text("decision") }).count == decisions.count)
        }
    }

    @Test("the query of a request is never recorded")
    func noQuery() async throws {
        let upstream = UpstreamServer.http()
        var options = GateOptions(grants: [try Grant.test("allowed.test")])
        options.lead(to: upstream)
        try await withGate(options) { gate in
            _ = try gate.get("http://allowed.test/path?token=hunter2")
            _ = try gate.get("http://denied.test/path?token=hunter2")
            for record in try await gate.records() {
                #expect(!String(decoding: record.bytes, as: UTF8.self).contains("hunter2"))
            }
        }
    }
}
