// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// What grants and policies say of runs: what they see, what they demand, and that nobody gets around it.
@Suite("What grants and policies demand of sandboxes") struct SandboxTermsTests {
    @Test func `The narrowest limit of policy, grant and caller holds`() async throws {
        let policy = """
            package yett.authz
            sandbox := {"limits": {"wall_ms": 900, "processes": 7}}
            """
        try await SandboxGate.run(
            sandbox: "drivers: [namespace], ceilings: {wall_time: 1m}",
            grant: ", sandbox: {limits: {wall_time: 700ms, memory: 64MiB}}", policy: policy
        ) { gate throws in
            let arguments: JSONValue = [
                "language": "python", "source": "import time; time.sleep(30)",
                "limits": ["wall_ms": 60_000, "output_bytes": 100],
            ]
            let answer = try gate.execute(arguments)
            let content = try #require(answer["result"]?["structuredContent"], "\(answer.text)")
            #expect(content["outcome"]?.string == "timeout")
            let limits = try #require(content["receipt"]?["limits"])
            #expect(limits["wall_ms"]?.integer == 700 && limits["processes"]?.integer == 7)
            #expect(limits["memory_bytes"]?.integer == 64 << 20 && limits["output_bytes"]?.integer == 100)
            #expect(answer["result"]?["isError"]?.bool == true)
            #expect(try gate.runs().last?["limits"]?["wall_ms"]?.integer == 700)
        }
    }

    @Test func `Nothing that a client sends widens what a grant narrows`() async throws {
        try await SandboxGate.run(grant: ", sandbox: {limits: {wall_time: 600ms}, require: {jailed: true}}") {
            gate throws in
            let program: JSONValue = ["language": "python", "source": "import time; time.sleep(30)"]
            let forged =
                "Yett-Sandbox: {\"limits\":{\"wall_ms\":60000}}\r\nSandbox-Terms: []\r\nX-Yett-Sandbox-Terms: []\r\n"
            let plain = try JSONValue(parsing: try gate.post(program, fields: forged).body)
            #expect(plain["receipt"]?["limits"]?["wall_ms"]?.integer == 600, "\(plain.text)")
            let called = try gate.message(
                "tools/call",
                [
                    "name": "execute", "arguments": program,
                    "_meta": ["io.yett/sandbox": ["limits": ["wall_ms": 60_000]]],
                ], fields: forged)
            let content = try #require(called["result"]?["structuredContent"], "\(called.text)")
            #expect(content["receipt"]?["limits"]?["wall_ms"]?.integer == 600)
            // Terms are no arguments either.
            let argued = try gate.post([
                "language": "python", "source": "1", "sandbox": ["limits": ["wall_ms": 60_000]],
            ])
            #expect(argued.status == 400, "\(argued.text)")
        }
    }

    @Test func `A second, wider grant is no way around the narrower one`() async throws {
        let text = """
            agents:
              bot:
                attest: [{token: {value: "file:$DIRECTORY/token"}}]
                grants:
                  - {name: wide, service: sandbox}
                  - {name: narrow, service: sandbox, tools: {execute: {}}, sandbox: {require: {strength: vm}}}
            sandbox: {drivers: [namespace]}
            service_proxy:
              listeners: [{address: "127.0.0.1:0", identify: [token]}]
            """
        try await RunningGate.run(
            text,
            prepare: { directory in
                _ = FileManager.default.createFile(
                    atPath: directory + "/token", contents: Data(SandboxGate.token.utf8),
                    attributes: [.posixPermissions: 0o600])
            }
        ) { gate throws in
            let refused = try gate.post(["language": "python", "source": "print(1)"])
            #expect(refused.status == 403 && refused["yett-reason"] == "sandbox_unsatisfied", "\(refused.text)")
        }
    }

    @Test(arguments: [
        #"sandbox := {"require": {"strength": "strong"}}"#, #"sandbox := {"require": {"walls": true}}"#,
        #"sandbox := {"limits": {"wall_ms": 0}}"#, #"sandbox := {"limits": {"wall_ms": "5"}}"#,
        #"sandbox := {"limits": {"time": 5}}"#, #"sandbox := ["vm"]"#, #"sandbox := "vm""#,
        #"sandbox := {"other": {}}"#,
        #"sandbox := {"require": {"jailed": 1}}"#,
    ])
    func `A demand that means nothing denies`(rule: String) async throws {
        try await SandboxGate.run(policy: "package yett.authz\n\(rule)\n") { gate throws in
            let refused = try gate.post(["language": "python", "source": "print(1)"])
            #expect(refused.status == 500 && refused["yett-reason"] == "policy_invalid", "\(refused.text)")
        }
    }

    @Test(arguments: [false, true])
    func `A policy sees digests, and the text only where the operator says so`(isShown: Bool) async throws {
        let policy = """
            package yett.authz
            deny contains {"code": "seen", "message": json.marshal(input.operation.arguments)} if {
                input.operation.name == "tools/call"
            }
            deny contains {"code": "source", "message": json.marshal(input.operation.arguments.source)} if {
                input.operation.name == "tools/call"
            }
            """
        try await SandboxGate.run(
            sandbox: "drivers: [namespace], source_to_policy: \(isShown)", policy: policy
        ) { gate throws in
            let program: JSONValue = [
                "language": "shell", "source": "echo w0rd-of-the-source", "stdin": "w0rd-of-the-input",
                "args": ["w0rd-of-an-argument"], "files": [["path": "a.txt", "content": "w0rd-of-a-file"]],
                "limits": ["wall_ms": 1234], "require": ["jailed": true],
            ]
            let plain = try gate.post(program)
            #expect(plain.status == 403 && plain["yett-reason"] == "policy_denied", "\(plain.text)")
            let called = try gate.execute(program)
            let seen = try #require(called["error"]?["data"]?["detail"]?.string)
            for word in ["wall_ms\":1234", "sha256:", "\"jailed\":true", "a.txt"] {
                #expect(seen.contains(word), "\(word): \(seen)")
            }
            #expect(!seen.contains("w0rd-of-the-input") && !seen.contains("w0rd-of-a-file"), "\(seen)")
            #expect(seen.contains("w0rd-of-the-source") == isShown && !seen.contains("w0rd-of-an-argument"), "\(seen)")
            // Both ways are judged by the same facts.
            let detail = (try? JSONValue(parsing: plain.body))?["detail"]?.string
            #expect(detail == seen)
            let decisions = try gate.calls(verdict: "deny")
            #expect(decisions.count == 2)
            #expect(Set(decisions.compactMap { $0.text("argument_sha256") }).count == 1)
            #expect(Set(decisions.compactMap { $0.text("path") }).count == 1)
        }
    }

    @Test func `Constraints of a grant hold for what is to run`() async throws {
        let constraint =
            "{properties: {language: {const: shell}, limits: {properties: {wall_ms: {maximum: 1000}}}}}"
        let text = """
            agents:
              bot:
                attest: [{token: {value: "file:$DIRECTORY/token"}}]
                grants: [{name: code, service: sandbox, tools: {execute: {arguments: \(constraint)}}}]
            sandbox: {drivers: [namespace], limits: {wall_time: 2s}}
            service_proxy:
              listeners: [{address: "127.0.0.1:0", identify: [token]}]
            """
        try await RunningGate.run(
            text,
            prepare: { directory in
                _ = FileManager.default.createFile(
                    atPath: directory + "/token", contents: Data(SandboxGate.token.utf8),
                    attributes: [.posixPermissions: 0o600])
            }
        ) { gate throws in
            let fits: JSONValue = ["language": "shell", "source": "echo 1", "limits": ["wall_ms": 900]]
            #expect(try gate.post(fits).status == 200)
            for arguments: JSONValue in [
                ["language": "shell", "source": "echo 1"],
                ["language": "python", "source": "print(1)", "limits": ["wall_ms": 900]],
            ] {
                let refused = try gate.post(arguments)
                #expect(refused.status == 403 && refused["yett-reason"] == "argument_refused", "\(refused.text)")
            }
        }
    }
}
