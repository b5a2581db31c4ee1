// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// `yett sandbox` against a running gate, and without one.
@Suite("The commands about sandboxes") struct SandboxCommandTests {
    private static func run(
        _ gate: RunningProgram, _ arguments: [String], _ input: String
    ) throws -> CommandLineProgram.Outcome {
        try CommandLineProgram.run(
            ["sandbox", "run"] + arguments, environment: ["YETT_SOCKET": gate.socket], input: input)
    }

    @Test("run a program as the agent that may, with its output, its errors and its exit code")
    func tour() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: code, service: sandbox, tools: {execute: {}}}]",
                further: "sandbox: {drivers: [namespace]}")
            defer { gate.stop() }
            let python = ["--agent", "bot", "--language", "python"]
            let plain = try Self.run(gate, python + ["-"], "print(6 * 7)")
            #expect(plain.output == "42\n" && plain.status == 0, "\(plain.errors)")
            let failed = try Self.run(gate, python + ["-"], "import sys; print('no', file=sys.stderr); sys.exit(7)")
            #expect(failed.errors == "no\n" && failed.status == 7, "\(failed.errors)")
            let late = try Self.run(gate, python + ["--limit", "wall_ms=300", "-"], "while True: pass")
            #expect(late.status == 124, "\(late.errors)")
            let weak = try Self.run(gate, python + ["--require", "strength=vm", "-"], "print(1)")
            #expect(weak.status == 125 && weak.errors.contains("vm is demanded"), "\(weak.errors)")
            let wrong = try Self.run(gate, python + ["--limit", "walls=3", "-"], "print(1)")
            #expect(wrong.status == 125 && wrong.output.isEmpty, "\(wrong.errors)")
            let words = try Self.run(
                gate, python + ["-", "--one", "two"], "import sys; print(sys.argv[1:])")
            #expect(words.output == "['--one', 'two']\n", "\(words.errors)")

            let script = gate.directory + "/job.sh"
            try "cat; cat data.txt".write(toFile: script, atomically: true, encoding: .utf8)
            try "two\n".write(toFile: gate.directory + "/data", atomically: true, encoding: .utf8)
            try "one\n".write(toFile: gate.directory + "/input", atomically: true, encoding: .utf8)
            let files = try Self.run(
                gate,
                [
                    "--agent", "bot", "--stdin", gate.directory + "/input", "--file",
                    "data.txt=\(gate.directory)/data", script,
                ], "")
            #expect(files.output == "one\ntwo\n" && files.status == 0, "\(files.errors)")
            let json = try Self.run(gate, python + ["--json", "-"], "print(1)")
            let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect(document?["outcome"] as? String == "exited" && document?["receipt"] != nil, "\(json.output)")

            let other = try Self.run(gate, ["--agent", "nobody", "--language", "python", "-"], "print(1)")
            #expect(other.status == 1 && other.errors.contains("nobody"), "\(other.errors)")
            let untold = try Self.run(gate, ["--agent", "bot", "-"], "print(1)")
            #expect(untold.status == 2 && untold.errors.contains("--language"), "\(untold.errors)")
        }
    }

    @Test("name the approval that a run waits for, and run once a person agreed")
    func approval() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: code, service: sandbox, tools: {execute: {}}, approval: required}]",
                further: "sandbox: {drivers: [namespace]}")
            defer { gate.stop() }
            let program = ["--agent", "bot", "--language", "python"]
            let held = try Self.run(gate, program + ["-"], "print(6 * 7)")
            #expect(held.status == 125 && held.output.isEmpty, "\(held.errors)")
            let id = try #require(held.errors.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) })
            let agreed = try CommandLineProgram.run(
                ["approvals", "approve", id], environment: ["YETT_SOCKET": gate.socket])
            #expect(agreed.status == 0, "\(agreed.errors)")
            let other = try Self.run(gate, program + ["--approval", id, "-"], "print(6 * 8)")
            #expect(other.status == 125 && other.output.isEmpty, "\(other.errors)")
            let ran = try Self.run(gate, program + ["--approval", id, "-"], "print(6 * 7)")
            #expect(ran.output == "42\n" && ran.status == 0, "\(ran.errors)")
        }
    }

    @Test("say without a gate which drivers work, and why others do not")
    func doctor() async throws {
        try await onOwnThread {
            let text = try CommandLineProgram.run(["sandbox", "doctor"])
            #expect(text.output.contains("namespace: works"), "\(text.output)\(text.errors)")
            #expect(text.status == 0)
            let json = try CommandLineProgram.run(["sandbox", "doctor", "--json"])
            let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            let drivers = try #require(document?["drivers"] as? [[String: Any]])
            #expect(drivers.contains { $0["driver"] as? String == "namespace" && $0["usable"] as? Bool == true })
        }
    }
}
