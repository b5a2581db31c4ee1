// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Storage
import Testing

/// Quarantines that end by themselves, and what the state on disk is for.
@Suite struct QuarantineTests {
    @Test func `A quarantine with a time ends by itself, which the gate records`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let body = #"{"agent":"bot","why":"look first","seconds":6}"#
            let report = try gate.ask("POST", "quarantine", body: body, for: QuarantineReport.self)
            #expect(report.isQuarantined && report.until != nil)
            let state = try #require(try gate.status().quarantines?.first)
            #expect(state.why == "look first" && state.until == report.until && state.by == "uid:\(getuid())")
            let refused = try gate.connect(try RawSocket.connect(port: gate.port), to: "web.test", upstream.port)
            #expect(refused["yett-reason"] == "quarantined")
            #expect(try comesTrue { try gate.status().quarantined.isEmpty })
            #expect(try gate.echoes(gate.tunnel(to: "web.test", upstream.port)))
            let release = try #require(try gate.records("kind=admin_action").last)
            #expect(release.text("operation") == "release" && release.text("source") == nil)
            #expect(release.text("cause") == "the time of the quarantine is over")
            #expect(try gate.ask("POST", "release", body: #"{"agent":"bot"}"#).status == 409)
        }
    }

    @Test func `Of two quarantines the later one counts, and a release ends one with a time`() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            _ = try gate.ask("POST", "quarantine", body: #"{"agent":"bot","seconds":1}"#)
            let second = try gate.ask("POST", "quarantine", body: #"{"agent":"bot"}"#, for: QuarantineReport.self)
            #expect(second.until == nil)
            let start = Deadline.now
            #expect(comesTrue { Deadline.now - start > 2.5 })
            #expect(try gate.status().quarantined.count == 1)
            _ = try gate.ask("POST", "quarantine", body: #"{"agent":"bot","seconds":600}"#)
            #expect(try gate.ask("POST", "release", body: #"{"agent":"bot"}"#).status == 200)
            #expect(try gate.status().quarantines == nil)
        }
    }

    @Test(
        "refuses times and reasons that are none",
        arguments: [
            #"{"agent":"bot","seconds":0}"#, #"{"agent":"bot","seconds":-5}"#, #"{"agent":"bot","seconds":31622401}"#,
            #"{"agent":"bot","seconds":9223372036854775807}"#, #"{"agent":"bot","why":"a\u0000b"}"#,
            #"{"agent":"bot","seconds":1.5}"#,
        ])
    func malformed(body: String) async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            #expect(try gate.ask("POST", "quarantine", body: body).status == 400)
            #expect(try gate.status().quarantined.isEmpty)
        }
    }

    private static func execute(_ statement: String, _ path: String) throws {
        let program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        let outcome = try Program("python3", ["-c", program, path, statement], keepsErrors: true).outcome()
        #expect(outcome.text.isEmpty, "\(outcome.text)")
    }

    /// Fills the state of a gate with so many revocations of tokens, named `t1` and so on.
    private static func fill(_ directory: String, _ count: Int) throws {
        try #require(mkdir(directory + "/audit", 0o700) == 0)
        let path = directory + "/audit/" + StateDatabase.fileName
        _ = try StateDatabase(path: path)
        try execute(
            "INSERT INTO cutoff WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) "
                + "SELECT 'token', 't' || i, 1, 1, '', 99999999999, NULL, 'uid:0' FROM n", path)
    }

    @Test func `Where there is no room for a revocation, whoever revokes is told, and what is known goes on`()
        async throws
    {
        try await RunningGate.run(Sample.tunnels(to: 1), prepare: { try Self.fill($0, 16_384) }) { gate throws in
            #expect(try gate.status().revocations == 16_384)
            let refused = try gate.ask("POST", "revocations", body: #"{"agent":"bot"}"#)
            #expect(refused.status == 503 && refused.text.contains("16384 revocations"), "\(refused.text)")
            #expect(refused.text.contains("yett quarantine"))
            #expect(try gate.ask("POST", "revocations", body: #"{"token":"t7","why":"again"}"#).status == 201)
            #expect(try gate.status().revocations == 16_384)
        }
        let failure = try await RunningGate.failure(Sample.tunnels(to: 1)) { try Self.fill($0, 16_385) }
        #expect(failure?.description.contains("more revocations than there may be") == true)
    }

    @Test(
        "does not start with revocations or quarantines that it cannot read",
        arguments: [
            "INSERT INTO cutoff VALUES ('planet', 'x', 1, 1, '', NULL, NULL, 'uid:0')",
            "INSERT INTO cutoff VALUES ('agent', 'no id', 1, 1, '', NULL, NULL, 'uid:0')",
            "INSERT INTO cutoff VALUES ('agent', 'spiffe://a.test/agent/b', 1, 1, 'zz', NULL, NULL, 'uid:0')",
            "INSERT INTO quarantine VALUES ('no id', 1, NULL, 'w', 'uid:0')",
            "DROP TABLE quarantine", "DROP TABLE cutoff",
        ])
    func unreadable(statement: String) async throws {
        let failure = try await RunningGate.failure(Sample.tunnels(to: 1)) { directory in
            #expect(mkdir(directory + "/audit", 0o700) == 0)
            let path = directory + "/audit/" + StateDatabase.fileName
            _ = try StateDatabase(path: path)
            try Self.execute(statement, path)
        }
        let text = try #require(failure).description
        #expect(text.contains("revocations and quarantines cannot be read"), "\(text)")
    }
}
