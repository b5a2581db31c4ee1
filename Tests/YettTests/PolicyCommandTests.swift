// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

@Suite struct PolicyCommandTests {
    private static let files = [
        "ok/a.rego": "package a\n\nallow if input.x == 1\n",
        "ok/a_test.rego": "package a_test\n\ntest_a if data.a.allow with input as {\"x\": 1}\n",
        "fail/a_test.rego": "package a_test\n\ntest_a if false\n",
        "skip/a_test.rego": "package a_test\n\ntodo_test_a if false\n",
        "gate/p.rego": "package yett.authz\n\ndeny contains \"x\" if input.destination.port == 1\n",
        "gate/p_test.rego":
            "package p_test\n\ntest_a if data.yett.authz.verdict.allow with yett.granted as true with input as {}\n",
        "bad.rego": "package bad\n\np if x == 1\n",
        "ugly.rego": "package   ugly\n",
        "input.json": #"{"x": 1}"#,
    ]

    @Test(
        "ends as opa does",
        arguments: [
            (["eval", "-f", "pretty", "1 == 2"], 0, "false\n"),
            (["eval", "data.nope"], 0, "{}\n"),
            (["eval", "--fail", "data.nope"], 1, "{}\n"),
            (["eval", "--fail-defined", "-f", "raw", "1"], 1, "1\n"),
            (["eval", "-f", "pretty", "x"], 2, ""),
            (["eval", "-f", "pretty", "-d", "none", "1"], 2, ""),
            (["eval", "-f", "pretty", "--strict-builtin-errors", "1 / 0"], 2, ""),
            (["eval", "-f", "raw", "-d", "ok", "-i", "input.json", "data.a.allow"], 0, "true\n"),
            (["check", "ok"], 0, ""),
            (["check", "bad.rego"], 1, ""),
            (["test", "ok"], 0, "PASS: 1/1\n"),
            (["test", "gate"], 0, "PASS: 1/1\n"),
            (["test", "fail", "-r", "nothing"], 0, ""),
            (["test", "-z", "skip", "-f", "gobench", "--bench"], 0, ""),
            (["fmt", "ugly.rego"], 0, "package ugly\n"),
            (["fmt", "-l", "ok", "ugly.rego"], 0, "ugly.rego\n"),
            (["fmt", "-l", "--fail", "ugly.rego"], 2, "ugly.rego\n"),
            (["fmt", "--fail", "ok"], 0, ""),
            (["inspect", "none"], 1, ""),
            (["build", "bad.rego"], 1, ""),
            (["sign", "ok", "--signing-key", "none.pem"], 1, ""),
            (["replay", "--against", "bad.rego"], 1, ""),
        ] as [([String], Int32, String)])
    func outcome(arguments: [String], status: Int32, output: String) async throws {
        try await onOwnThread {
            let directory = try Self.directory()
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let outcome = try CommandLineProgram.run(["policy"] + arguments, directory: directory)
            #expect(outcome.status == status, "\(outcome.errors)")
            #expect(outcome.output == output)
            if status != 0 && output.isEmpty { #expect(!outcome.errors.isEmpty) }
        }
    }

    @Test("ends with 2 when a test fails, or is skipped without leave", arguments: ["fail", "skip"])
    func failingTests(path: String) async throws {
        try await onOwnThread {
            let directory = try Self.directory()
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let outcome = try CommandLineProgram.run(["policy", "test", path], directory: directory)
            #expect(outcome.status == 2)
            #expect(outcome.output.hasSuffix("1/1\n"))
        }
    }

    private static func directory() throws -> String {
        let directory = FileManager.default.temporaryDirectory.appending(path: "yett-policy-\(UUID().uuidString)")
        for (name, text) in files {
            let file = directory.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return directory.path
    }
}
