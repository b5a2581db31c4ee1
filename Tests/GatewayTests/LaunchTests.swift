// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

@Suite struct LaunchTests {
    @Test("opens a socket for one launch, over which the launched agent is known")
    func opens() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await RunningGate.run(Sample.tunnels(to: upstream.port)) { gate throws in
            let launch = try Self.open(gate)
            #expect(launch.identity == "spiffe://gate.test/agent/bot")
            #expect(launch.protectedPaths.contains(gate.directory + "/audit"))
            #expect(launch.forbiddenSockets == [gate.socket])
            let attributes = try FileManager.default.attributesOfItem(atPath: launch.socketPath)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try gate.status().launches == 1)
            let record = try #require(try gate.records("kind=launch").first)
            #expect(record.text("operation") == "python3")
            #expect(record.text("source") == "uid:\(getuid())")

            #expect(try gate.ask("DELETE", "launches/\(launch.launchId)").status == 204)
            #expect(access(launch.socketPath, F_OK) != 0)
            #expect(try gate.status().launches == 0)
            #expect(try gate.records("kind=launch_end").first?.text("cause")?.contains("ended it") == true)
            #expect(try gate.ask("DELETE", "launches/\(launch.launchId)").status == 404)
        }
    }

    @Test("ends a launch when the process that asked for it is gone")
    func processEnds() async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let text = try Program(
                "curl",
                [
                    "-sS", "--unix-socket", gate.socket, "-d", #"{"agent":"bot","uid":\#(geteuid())}"#,
                    "http://gate/v1/launches",
                ]
            ).outcome().text
            let launch = try AdminJSON.decoder.decode(LaunchReport.self, from: Data(text.utf8))
            #expect(comesTrue { access(launch.socketPath, F_OK) != 0 })
            #expect(try gate.record("kind=launch_end")?.text("cause") == "the launching process ended")
            #expect(try gate.status().launches == 0)
        }
    }

    @Test("ends launches when a reload takes the attestation away")
    func withdrawn() async throws {
        let text = Sample.tunnels(to: 1)
        try await RunningGate.run(text) { gate throws in
            let launch = try Self.open(gate)
            try gate.rewrite(text.replacing("{launch: true}, ", with: ""))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(access(launch.socketPath, F_OK) != 0)
            #expect(try gate.ask("POST", "launches", body: Self.body).status == 403)
        }
    }

    @Test(
        "refuses launches of agents that may not be launched, and for other users",
        arguments: [#"{"agent":"nobody","uid":UID}"#, #"{"agent":"","uid":UID}"#, #"{"agent":"bot/../x","uid":UID}"#])
    func refused(body: String) async throws {
        try await RunningGate.run(Sample.tunnels(to: 1)) { gate throws in
            let answer = try gate.ask("POST", "launches", body: body.replacing("UID", with: "\(geteuid())"))
            #expect(answer.status == 403)
            #expect(try gate.status().launches == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: gate.directory).allSatisfy {
                    !$0.hasPrefix("launch-")
                })
        }
    }

    private static var body: String { #"{"agent":"bot","uid":\#(geteuid()),"program":"python3"}"# }

    private static func open(_ gate: RunningGate) throws -> LaunchReport {
        try gate.ask("POST", "launches", body: body, for: LaunchReport.self)
    }
}
