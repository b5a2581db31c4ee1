// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Testing

/// What keeps the gate from starting, and what it says then.
@Suite struct StartTests {
    @Test(
        "refuses to start on a mistake in the configuration and names its place",
        arguments: [
            ("agents: {bot: {attest: [{tokn: 1}]}}", "yett.yaml:2:"),
            ("egress: {listeners: [{address: nonsense}]}", "yett.yaml:2:"),
            ("agents: [", "yett.yaml:"), ("agents: {bot: {attest: [{token: {value: hunter2}}]}}", "yett.yaml:2:"),
        ])
    func configuration(text: String, place: String) async throws {
        let error = try #require(try await RunningGate.failure(text))
        #expect(error.isConfiguration)
        #expect(error.lines.allSatisfy { $0.contains(place) }, "\(error.lines)")
        #expect(!error.description.contains("hunter2"))
    }

    @Test("refuses a secret that others may read, one that is missing and one that is empty")
    func secrets() async throws {
        let text = "agents: {bot: {attest: [{token: {value: \"file:$DIRECTORY/token\"}}]}}"
        let missing = try #require(try await RunningGate.failure(text))
        #expect(missing.description.contains("No such file"))
        let open = try await RunningGate.failure(text) { directory throws in
            try "sesame".write(toFile: directory + "/token", atomically: false, encoding: .utf8)
            chmod(directory + "/token", 0o640)
        }
        #expect(open?.description.contains("chmod 0600") == true)
        #expect(open?.description.contains("sesame") == false)
        let empty = try await RunningGate.failure(text) { directory throws in
            try "\n".write(toFile: directory + "/token", atomically: false, encoding: .utf8)
            chmod(directory + "/token", 0o600)
        }
        #expect(empty?.description.contains("empty") == true)
        let unset = try await RunningGate.failure("agents: {bot: {attest: [{token: {value: env:YETT_TEST_UNSET}}]}}")
        #expect(unset?.description.contains("YETT_TEST_UNSET is not set") == true)
        let credential = try await RunningGate.failure("agents: {bot: {attest: [{token: {value: credential:x}}]}}")
        #expect(credential?.description.contains("LoadCredential=x") == true)
    }

    @Test("refuses two agents with one token")
    func sharedToken() async throws {
        let token = "{token: {value: \"file:$DIRECTORY/token\"}}"
        let error = try await RunningGate.failure("agents: {a: {attest: [\(token)]}, b: {attest: [\(token)]}}") {
            directory in
            try "sesame".write(toFile: directory + "/token", atomically: false, encoding: .utf8)
            chmod(directory + "/token", 0o600)
        }
        #expect(error?.isConfiguration == true)
    }

    @Test("refuses a user that the machine does not know")
    func unknownUser() async throws {
        let error = try await RunningGate.failure("agents: {bot: {attest: [{unix: {user: no-such-user-here}}]}}")
        #expect(error?.description.contains("no-such-user-here") == true)
    }

    @Test("says what to do when an address is taken")
    func addressTaken() async throws {
        let other = UpstreamServer.echo()
        defer { other.stop() }
        let error = try await RunningGate.failure(
            "egress: {listeners: [{address: \"127.0.0.1:\(other.port)\", identify: [source]}]}")
        #expect(error?.description.contains("127.0.0.1:\(other.port)") == true)
        #expect(error?.remedy?.contains("ss -ltnp") == true)
    }

    @Test("says what to do when the audit directory is open to others")
    func auditDirectory() async throws {
        let error = try await RunningGate.failure("services: {}") { directory throws in
            try FileManager.default.createDirectory(atPath: directory + "/audit", withIntermediateDirectories: false)
            chmod(directory + "/audit", 0o755)
        }
        #expect(error?.remedy?.contains("chmod 0700") == true)
    }

    @Test("says what to do when the admin socket's directory is open to others")
    func adminDirectory() async throws {
        let error = try? await RunningGate.failure("services: {}") { chmod($0, 0o755) }
        #expect(error == nil)
    }

    @Test("checks a file without starting anything")
    func check() throws {
        let path = "/tmp/yett-check-\(getpid()).yaml"
        defer { unlink(path) }
        try "trust_domain: a.test\n".write(toFile: path, atomically: true, encoding: .utf8)
        let good = ConfigurationCheck.run(path: path)
        #expect(good.isUsable)
        #expect(good.effectiveText?.contains("trust_domain: a.test") == true)
        try "trust_domian: a.test\n".write(toFile: path, atomically: true, encoding: .utf8)
        let bad = ConfigurationCheck.run(path: path)
        #expect(!bad.isUsable)
        #expect(bad.diagnostics.first?.hasPrefix("\(path):1:1: error:") == true)
        #expect(!ConfigurationCheck.run(path: "/nonexistent/yett.yaml").isUsable)
        #expect(!ConfigurationCheck.run(path: "/dev/zero").isUsable)
        #expect(!ConfigurationCheck.run(path: "/tmp").isUsable)
    }
}
