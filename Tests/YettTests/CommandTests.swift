// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// The commands against a running gate.
@Suite struct CommandTests {
    @Test("shows, cuts, explains and proves what agents do")
    func tour() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let tunnel = try RawSocket.connect(port: gate.port)
            try tunnel.write("CONNECT web.test:\(gate.upstream.port) HTTP/1.1\r\nHost: web.test\r\n\r\n")
            _ = try tunnel.read(through: "\r\n\r\n")
            let denied = try RawSocket.connect(port: gate.port)
            try denied.write("GET http://prod-db-01:5432/ HTTP/1.1\r\nHost: prod-db-01:5432\r\n\r\n")
            let refusal = try HTTPText.readResponse(from: denied)
            #expect(refusal.status == 403)

            let status = try gate.yett("status")
            #expect(status.status == 0)
            #expect(status.output.contains("serving"))
            #expect(status.output.contains("1 connection\n"))
            #expect(!status.output.contains("\u{1b}"))
            #expect(try gate.yett("status", "--json").output.contains(#""trust_domain":"run.test""#))

            let list = try gate.yett("ps").output.split(separator: "\n")
            #expect(list.first?.hasPrefix("CONNECTION  AGENT") == true)
            #expect(list.last?.contains("web.test:\(gate.upstream.port)") == true)

            let answer = try JSONSerialization.jsonObject(with: Data(refusal.body)) as? [String: Any]
            let decision = try #require(answer?["decision"] as? String)
            // A denial is recorded in the turn after its answer.
            #expect(comesTrue { (try? gate.yett("explain", decision).status) == 0 })
            let explanation = try gate.yett("explain", decision).output
            #expect(explanation.contains("→ deny: host_not_granted"))
            #expect(explanation.contains("This grant would allow it"))
            #expect(try gate.yett("explain", "d-ffffffffffffffff").status == 1)

            let cut = try gate.yett("cut", "--agent", "bot", "--why", "test")
            #expect(cut.output == "Cut 1 connection.\n")
            #expect(tunnel.readToEnd().ending != .stillOpen)
            #expect(try gate.yett("ps").output == "No live connections.\n")
            #expect(try gate.yett("quarantine", "bot").output.contains("is quarantined"))
            #expect(try gate.yett("release", "bot").status == 0)
            #expect(try gate.yett("release", "bot").status == 1)
        }
    }

    @Test("reads, proves, exports and verifies the audit tree with and without the gate")
    func audit() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let request = try RawSocket.connect(port: gate.port)
            try request.write("GET http://prod-db-01:5432/ HTTP/1.1\r\nHost: prod-db-01:5432\r\n\r\n")
            _ = try HTTPText.readResponse(from: request)
            let query = ["audit", "query", "--verdict", "deny"]
            // A denial is recorded in the turn after its answer.
            #expect(comesTrue { (try? gate.yett(query).output.contains("host_not_granted")) == true })
            let denials = try gate.yett(query + ["--since", "1h"]).output
            #expect(denials.contains("host_not_granted"))
            #expect(denials.contains("prod-db-01:5432"))
            #expect(try gate.yett("audit", "query", "--kind", "nonsense").status == 1)
            let index = try #require(denials.split(separator: " ").first.map(String.init))
            #expect(try gate.yett("audit", "show", index).output.contains("verdict"))
            #expect(try gate.yett("audit", "show", "9999").status == 1)
            let proof = gate.directory + "/record.tlog-proof"
            #expect(try gate.yett("audit", "prove", index, "-o", proof).status == 0)
            let key = gate.directory + "/audit/key.pub"
            #expect(try gate.yett("audit", "check-proof", proof, "--key", key).output.contains("prod-db-01"))

            gate.signal(SIGTERM)
            #expect(gate.exitStatus() == 0)
            let directory = gate.directory + "/audit"
            #expect(try gate.yett("audit", "verify", "--directory", directory).output.hasPrefix("intact"))
            #expect(try gate.yett("audit", "tail", "--directory", directory).output.contains("shutdown"))
            let exported = try gate.yett("audit", "export", "--directory", directory).output.split(separator: "\n")
            #expect(exported.count > 3)
            #expect(exported.allSatisfy { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) != nil })
            let events = try gate.yett("audit", "export", "--format", "ocsf", "--directory", directory).output
            #expect(events.contains(#""class_uid":4001"#))
            #expect(try gate.yett(query + ["--directory", directory]).output == denials)
            let agent = "spiffe://run.test/agent/bot"
            #expect(try gate.yett(query + ["--agent", agent, "--directory", directory]).output == denials)
            #expect(try gate.yett(query + ["--agent", "bot", "--directory", directory]).status == 2)
            #expect(try gate.yett("audit", "verify", "--directory", "/nonexistent").status == 1)

            // A changed byte is found, here in the bundle of the newest head.
            let bundles = try FileManager.default.contentsOfDirectory(atPath: directory + "/tile/entries/000.p")
            let newest = try #require(bundles.compactMap { Int($0) }.max())
            let tile = directory + "/tile/entries/000.p/\(newest)"
            var bytes = try #require(FileManager.default.contents(atPath: tile))
            bytes[40] ^= 1
            try bytes.write(to: URL(filePath: tile))
            let broken = try gate.yett("audit", "verify", "--directory", directory)
            #expect(broken.status == 1)
            #expect(!broken.errors.isEmpty)
        }
    }

    @Test("reloads on SIGHUP, and says in every way that it did not when the file is wrong")
    func reload() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            try gate.rewrite(grants: "[]")
            gate.signal(SIGHUP)
            #expect(
                comesTrue { (try? gate.yett("status", "--json").output.contains(#""trigger":"signal""#)) == true })
            let good = try gate.yett("reload")
            #expect(good.status == 0)
            #expect(good.output.contains("serves. Cut 0 connections."))
            try gate.rewrite(grants: "[{nmae: x}]")
            let bad = try gate.yett("reload")
            #expect(bad.status == 2)
            #expect(bad.errors.contains("yett.yaml:5:"))
            #expect(bad.errors.contains("goes on serving"))
            #expect(try gate.yett("status").output.contains("REFUSED"))
            #expect(gate.log.contains("the configuration was refused"))
            #expect(gate.isRunning)
        }
    }

    @Test("cleans up on SIGINT, and refuses a second gate on the same socket")
    func stop() async throws {
        try await onOwnThread {
            let gate = try RunningProgram()
            defer { gate.stop() }
            let second = try CommandLineProgram.run(["run", "--config", gate.configuration])
            #expect(second.status == 1)
            #expect(second.errors.contains("another process writes this audit log"))
            gate.signal(SIGINT)
            #expect(gate.exitStatus() == 0)
            #expect(access(gate.socket, F_OK) != 0)
            #expect(
                try gate.yett("audit", "tail", "--directory", gate.directory + "/audit").output.contains(
                    "asked to stop"))
            for line in gate.log.split(separator: "\n") {
                #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
            }
        }
    }
}
